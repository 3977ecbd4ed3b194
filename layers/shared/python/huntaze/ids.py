"""Ids are UUIDv7 (RFC 9562) made in the application: sortable by time, and known before the row is written."""

import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

_TAIL_BITS = 74  # what follows the 48 bits of time, without the six bits of version and variant
_RANDOM_B_BITS = 62
_VERSION = 7 << 76
_VARIANT = 0b10 << _RANDOM_B_BITS
# Half of the tail stays free above a fresh start, so counting up within one millisecond practically never runs out.
_FRESH_TAIL_BITS = _TAIL_BITS - 1
_LARGEST_STEP_BITS = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IdMaker:
    """Makes ids that only ever grow, also within one millisecond and when the clock steps back."""

    def __init__(
        self,
        nanoseconds: Callable[[], int] = time.time_ns,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._nanoseconds = nanoseconds
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._milliseconds = -1
        self._tail = 0

    def __call__(self) -> UUID:
        with self._lock:
            self._advance(self._nanoseconds() // 1_000_000)
            return _uuid7(self._milliseconds, self._tail)

    def _advance(self, milliseconds: int) -> None:
        if milliseconds <= self._milliseconds:
            # A random step rather than one: the next id must not be guessable from the last.
            self._tail += 1 + self._random_bits(_LARGEST_STEP_BITS)
            if not self._tail >> _TAIL_BITS:
                return
            milliseconds = self._milliseconds + 1
        self._milliseconds = milliseconds
        self._tail = self._random_bits(_FRESH_TAIL_BITS)


def _uuid7(milliseconds: int, tail: int) -> UUID:
    random_a = tail >> _RANDOM_B_BITS
    random_b = tail & ((1 << _RANDOM_B_BITS) - 1)
    return UUID(int=(milliseconds << 80) | _VERSION | (random_a << 64) | _VARIANT | random_b)


def id_at(moment: datetime, seed: bytes) -> UUID:
    """The one id that belongs to a moment and a hash: whoever asks again, whenever and wherever, gets the same."""
    tail = int.from_bytes(seed, "big") & ((1 << _TAIL_BITS) - 1)
    return _uuid7((moment - _EPOCH) // timedelta(milliseconds=1), tail)


new_id = IdMaker()
