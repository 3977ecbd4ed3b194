"""What every platform is asked, whatever stands behind it."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.platforms.model import (
    AccountFacts,
    Answer,
    Door,
    Found,
    Letter,
    Passage,
    PlatformContent,
    PlatformFan,
    PlatformMessage,
    Statistics,
)


class Platform(Protocol):
    """One kind of platform. Whoever asks hands the door of the account; nothing is kept between two questions.

    All but `send` raise Unavailable when there is no answer, as AccessRefused when the account must be let in again
    and as NotOffered when its bridge cannot do such a thing.
    """

    def account(self, door: Door) -> AccountFacts:
        """Who the token belongs to, what can be done there and how fast."""
        ...

    def send(self, door: Door, letter: Letter, give_up_at: float) -> Answer:
        """Hand over a message, and know what became of it.

        Past this moment of `time.monotonic` no first byte leaves and no answer is awaited, and the platform is told
        to refuse it as well. It never raises for what a platform or a network does.
        """
        ...

    def find(self, door: Door, reference: UUID) -> Found | None:
        """The message that was accepted under a reference. None is proof once the letter's deadline has passed."""
        ...

    def messages(self, door: Door, recipient: str, cursor: str | None = None) -> Passage[PlatformMessage]:
        """What was said between the creator and a fan, the newest first."""
        ...

    def fans(self, door: Door, cursor: str | None = None) -> Passage[PlatformFan]:
        """The account's fans."""
        ...

    def content(self, door: Door, cursor: str | None = None) -> Passage[PlatformContent]:
        """What the creator published or keeps to sell, the newest first."""
        ...

    def statistics(self, door: Door, begins_at: datetime, ends_at: datetime) -> Statistics:
        """What the account earned and who came and went between two moments."""
        ...

    def set_webhook(self, door: Door, url: str) -> None:
        """Have events told to this address from now on, signed with the door's secret."""
        ...

    def clear_webhook(self, door: Door) -> None:
        """Have events told nowhere any more."""
        ...
