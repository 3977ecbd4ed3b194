"""Asking Redis whether it works, in the way in which it is needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

PROBE = Path(__file__).with_name("probe.lua")
KEY = "monitoring"
_KEPT_MS = 60_000


class Scripts(Protocol):
    """A server that runs scripts."""

    def run(self, script: Path, keys: Sequence[str], arguments: Sequence[int]) -> Any:
        """What the script answers; Unavailable when it cannot be run."""
        ...


class RedisProbe:
    """Has a word kept for a minute."""

    def __init__(self, redis: Scripts) -> None:
        self._redis = redis

    def probe(self) -> None:
        """Have it keep something; Unavailable when it does not."""
        self._redis.run(PROBE, [KEY], [_KEPT_MS])
