"""What an operator can close at a deployment."""

from huntaze.errors import Unavailable
from huntaze.runtime.settings import Settings

_RETRY_AFTER = 300


def onlyfans(settings: Settings) -> None:
    """Go on only while ONLYFANS_CRM_ENABLED does not say otherwise."""
    if not settings.onlyfans_enabled:
        raise Unavailable("The OnlyFans routes are closed for the moment.", retry_after=_RETRY_AFTER)
