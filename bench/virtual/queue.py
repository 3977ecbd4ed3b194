"""A standard queue of SQS as its documentation has it, spoken to like its client."""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

from bench.virtual.time import VirtualTime
from huntaze.edge.batch import Message

AT_ONCE = 10
LONGEST_DELAY = 900
VISIBILITY_SECONDS = 180.0
MOST_RECEIVES = 10
MOST_IN_FLIGHT = 120_000
CALL_SECONDS = 0.01
JITTER_SECONDS = 0.2  # between the moment a message is due and the one at which somebody finds it
TWICE = 0.0001  # a standard queue delivers at least once
# A group is noisy that has so many of the messages in flight while others have none: then these are served first.
NOISY_IN_FLIGHT = 20
LOOKED_AT = 200


@dataclass(slots=True)
class Held:
    """A message in the queue."""

    number: int
    body: str
    attributes: Mapping[str, str]
    group: str
    receives: int = 0
    is_gone: bool = False


@dataclass(slots=True, order=True)
class Due:
    """A message that can be received, since when."""

    at: int
    number: int
    held: Held = field(compare=False)


class VirtualQueue:
    """One queue, its client, and what both counted."""

    def __init__(self, time: VirtualTime, dice: Random) -> None:
        self._time = time
        self._dice = dice
        self._made = self._generation = 0
        self._due: list[Due] = []
        self._waiting: list[greenlet] = []
        self._in_flight: dict[int, Held] = {}
        self._of_group: Counter[str] = Counter()
        self.dead: list[Held] = []
        self.counts: Counter[str] = Counter()
        self.most_in_flight = self.most_due = 0

    # As boto3's client is asked.

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: ARG002, N803
        """Take messages; each can be received when its delay is over."""
        if not 0 < len(Entries) <= AT_ONCE:
            raise ValueError(Entries)
        self._time.sleep(CALL_SECONDS)
        self.counts["sends"] += 1
        for entry in Entries:
            if not 0 <= entry["DelaySeconds"] <= LONGEST_DELAY:
                raise ValueError(entry)
            attributes = {name: each["StringValue"] for name, each in entry["MessageAttributes"].items()}
            self._put(entry["MessageBody"], attributes, entry["MessageGroupId"], entry["DelaySeconds"])
        return {}

    # As the event source of a function asks.

    def receive(self) -> list[Message]:
        """Up to ten messages, as soon as there is one."""
        while not self._due:
            self._waiting.append(getcurrent())
            self._time.wait()
        self._time.sleep(CALL_SECONDS)
        taken = self._taken()
        if not taken:
            return []
        self.counts["receives"] += 1
        self.counts["received"] += len(taken)
        return [Message(str(held.number), held.body, held.attributes, "queue") for held in taken]

    def delete(self, ids: Sequence[str]) -> None:
        """These are done."""
        if not ids:
            return
        self._time.sleep(CALL_SECONDS)
        self.counts["deletes"] += 1
        for held in [self._in_flight.pop(int(each)) for each in ids if int(each) in self._in_flight]:
            held.is_gone = True
            self._of_group[held.group] -= 1

    @property
    def due(self) -> int:
        """How many could be received now."""
        return len(self._due)

    def _put(self, body: str, attributes: Mapping[str, str], group: str, delay: float) -> None:
        for _ in range(2 if self._dice.random() < TWICE else 1):
            self._made += 1
            self._is_due_in(delay + self._dice.random() * JITTER_SECONDS, Held(self._made, body, attributes, group))

    def lose(self) -> None:
        """All that is not with somebody is gone, due or not: a purge, which SQS offers, by mistake."""
        self._due.clear()
        self._generation += 1

    def _is_due_in(self, seconds: float, held: Held) -> None:
        generation = self._generation
        self._time.after(seconds, lambda: self._show(held) if generation == self._generation else None)

    def _show(self, held: Held) -> None:
        heapq.heappush(self._due, Due(self._time.microseconds, held.number, held))
        self.most_due = max(self.most_due, len(self._due))
        if self._waiting:
            waiting = self._waiting.pop(self._dice.randrange(len(self._waiting)))
            self._time.after(0, waiting.switch)

    def _taken(self) -> list[Held]:
        room = min(AT_ONCE, MOST_IN_FLIGHT - len(self._in_flight))
        taken: list[Due] = []
        passed_by: list[Due] = []
        while self._due and len(taken) < room and len(passed_by) < LOOKED_AT:
            one = heapq.heappop(self._due)
            (passed_by if self._of_group[one.held.group] >= NOISY_IN_FLIGHT else taken).append(one)
        rest = room - len(taken)
        for one in passed_by[rest:]:
            heapq.heappush(self._due, one)
        return [self._flies(one.held) for one in [*taken, *passed_by[:rest]]]

    def _flies(self, held: Held) -> Held:
        held.receives += 1
        self._in_flight[held.number] = held
        self._of_group[held.group] += 1
        self.most_in_flight = max(self.most_in_flight, len(self._in_flight))
        receives = held.receives
        self._time.after(VISIBILITY_SECONDS, lambda: self._comes_again(held, receives))
        return held

    def _comes_again(self, held: Held, receives: int) -> None:
        if held.is_gone or held.receives != receives:
            return
        del self._in_flight[held.number]
        self._of_group[held.group] -= 1
        if held.receives >= MOST_RECEIVES:
            self.dead.append(held)
        else:
            self._show(held)
