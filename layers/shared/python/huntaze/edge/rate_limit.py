"""What a person may still ask, as the headers of draft-ietf-httpapi-ratelimit-headers-10."""

from huntaze.errors import TooMany
from huntaze.limits.model import WINDOW_SECONDS, Allowance

POLICY = "RateLimit-Policy"
LEFT = "RateLimit"


def headers(allowance: Allowance) -> dict[str, str]:
    """The policy, and what is left of it for how long."""
    return {
        POLICY: f'"person";q={allowance.limit};w={WINDOW_SECONDS}',
        LEFT: f'"person";r={allowance.left};t={allowance.seconds}',
    }


def must_be_left(allowance: Allowance) -> None:
    """Go on only if this request was not one too many."""
    if allowance.is_exceeded:
        raise TooMany(retry_after=allowance.seconds)
