"""Requests counted in Redis, where all processes see them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from huntaze.limits.model import Counted

COUNT = Path(__file__).with_name("count.lua")


class Scripts(Protocol):
    """A server that runs scripts."""

    def run(self, script: Path, keys: Sequence[str], arguments: Sequence[int]) -> Any:
        """What the script answers; Unavailable when it cannot be run."""
        ...


class RedisCounter:
    """Counts in Redis: one round trip."""

    def __init__(self, redis: Scripts) -> None:
        self._redis = redis

    def count(self, name: str, window_ms: int) -> Counted:
        """One more; Unavailable when Redis is away."""
        return Counted(*self._redis.run(COUNT, [name], [window_ms]))
