"""What every platform is asked, whatever stands behind it."""

from typing import Protocol
from uuid import UUID

from huntaze.platforms.model import AccountFacts, Answer, Door, Found, Letter


class Platform(Protocol):
    """One kind of platform. Whoever asks hands the door of the account; nothing is kept between two questions."""

    def account(self, door: Door) -> AccountFacts:
        """Who the token belongs to, what can be done there and how fast; Unavailable or Refused access otherwise."""
        ...

    def send(self, door: Door, letter: Letter, give_up_at: float) -> Answer:
        """Hand over a message. Past this moment of `time.monotonic` no first byte leaves and no answer is awaited,
        and the platform is told to refuse it as well.
        """
        ...

    def find(self, door: Door, reference: UUID) -> Found | None:
        """The message that was accepted under a reference, if any; Unavailable when nobody can say."""
        ...
