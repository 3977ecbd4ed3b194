"""How AWS is asked: with little patience, for somebody waits and the function's time is short."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.config import Config


def patience(attempts: int = 3) -> "Config":
    """A configuration for clients: a few attempts of a few seconds instead of botocore's minutes.

    Whoever tries again by a rule of their own asks for one attempt, or the two would multiply.
    """
    from botocore.config import Config  # noqa: PLC0415  (loaded with boto3, at the first call that needs AWS)

    return Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": attempts})
