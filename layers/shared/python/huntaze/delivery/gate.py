"""Whether messages may be let out at all: an operator may hold everything, and so does a setting that is missing."""

from dataclasses import dataclass

from huntaze.errors import Unavailable

_RETRY_AFTER = 60  # a hold ends with a deployment


@dataclass(frozen=True, slots=True)
class Gate:
    """What everything that lets a message out asks first."""

    held: str | None = None  # why nothing may leave

    def must_be_open(self) -> None:
        """Go on only if messages may leave: what could not be sent is not even written down."""
        if self.held is not None:
            raise Unavailable(
                "Sending is on hold, and nothing was kept. Send it again later.", retry_after=_RETRY_AFTER
            )
