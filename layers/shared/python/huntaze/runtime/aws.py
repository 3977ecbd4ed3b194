"""How AWS is asked: with little patience, for somebody waits and the function's time is short."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.config import Config


def patience(*, connect: int = 2, read: int = 5, attempts: int = 3) -> "Config":
    """A configuration for clients: a few attempts of a few seconds instead of botocore's minutes."""
    from botocore.config import Config  # noqa: PLC0415  (loaded with boto3, at the first call that needs AWS)

    return Config(
        connect_timeout=connect, read_timeout=read, retries={"mode": "standard", "total_max_attempts": attempts}
    )
