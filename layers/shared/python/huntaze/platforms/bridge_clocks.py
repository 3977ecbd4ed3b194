"""How late it is at each bridge, without asking anybody to set a clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

_KEPT_SECONDS = 600.0
_MOST_BRIDGES = 1_000
_MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class _Stamp:
    milliseconds: int
    received_at: float


class BridgeClocks:
    """What bridges last said the time was. Threads share it.

    A stamp was made before it was received, so a bridge's clock shows at least stamp + what has passed since. Deadlines
    are counted from this earliest reading: they can come out early, by as long as that answer travelled, never late.
    The newest stamp counts alone, because a clock that was set back must not be remembered as it was.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._stamps: dict[str, _Stamp] = {}
        self._alone = Lock()

    def learn(self, bridge: str, milliseconds: int, received_at: float) -> None:
        """A bridge said so in an answer that had arrived at this moment of `time.monotonic`."""
        with self._alone:
            known = self._stamps.pop(bridge, None)
            newer = known is None or known.received_at <= received_at
            self._stamps[bridge] = _Stamp(milliseconds, received_at) if newer or known is None else known
            if len(self._stamps) > _MOST_BRIDGES:
                del self._stamps[next(iter(self._stamps))]

    def forget(self, bridge: str) -> None:
        """What was learnt has turned out wrong."""
        with self._alone:
            self._stamps.pop(bridge, None)

    def reading(self, bridge: str, moment: float) -> int | None:
        """What the bridge's clock shows at a moment of `time.monotonic`, at the earliest; None when nobody knows."""
        with self._alone:
            stamp = self._stamps.get(bridge)
        if stamp is None or self._now() - stamp.received_at > _KEPT_SECONDS:
            return None
        return stamp.milliseconds + int((moment - stamp.received_at) * _MILLISECONDS)
