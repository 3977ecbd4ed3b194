"""The queue of permits and its dead letters, for those who look after them."""

from collections.abc import Sequence

from huntaze.delivery.model import QueueDepth, QueueFigures
from huntaze.delivery.redriving import DeadLetter
from huntaze.errors import Unavailable
from huntaze.runtime.queue_care import QueueCare, Taken

_RETRY_AFTER = 60


class SqsPermitQueue:
    """The queue that permits wait in, and the one where they lie that failed ten times."""

    def __init__(self, care: QueueCare, queue_url: str | None, dead_letters_url: str | None) -> None:
        self._care = care
        self._queue_url = queue_url
        self._dead_letters_url = dead_letters_url

    def figures(self) -> QueueFigures:
        """What both say of themselves; Unavailable when they cannot be asked."""
        permits = self.depth()
        return QueueFigures(
            waiting=permits.due + permits.delayed, in_flight=permits.in_flight, dead_letters=self.dead_letters()
        )

    def depth(self) -> QueueDepth:
        """What the queue of permits alone says of itself."""
        permits = self._care.figures(_there(self._queue_url))
        return QueueDepth(permits.due, permits.delayed, permits.in_flight)

    def dead_letters(self) -> int:
        """How many dead letters there are, those that somebody is just looking at included."""
        dead = self._care.figures(_there(self._dead_letters_url))
        return dead.due + dead.delayed + dead.in_flight

    def take(self) -> list[DeadLetter]:
        """Up to ten dead letters, which nobody else is given for a minute."""
        return [_letter(taken) for taken in self._care.take(_there(self._dead_letters_url))]

    def put_back(self, letters: Sequence[DeadLetter]) -> int:
        """Put these into the queue, then take them from the dead letters; how many arrived there."""
        chosen = [letter.receipt for letter in letters]
        return self._care.move(chosen, _there(self._dead_letters_url), _there(self._queue_url))


def _letter(taken: Taken) -> DeadLetter:
    attributes = {name: value["StringValue"] for name, value in taken.attributes.items() if "StringValue" in value}
    return DeadLetter(taken.body, attributes, taken)


def _there(url: str | None) -> str:
    if url is None:
        raise Unavailable("There is no queue of permits here.", retry_after=_RETRY_AFTER)
    return url
