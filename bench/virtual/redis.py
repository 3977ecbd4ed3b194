"""The server of the pace: its scripts as they are, run by a Lua of the same version, on keys that age by our clock.

A suite holds its answers, its keys and the times these are kept for to those of a real server.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from lupa import lua51

from bench.virtual.time import SECOND, START_MICROSECONDS, VirtualTime
from huntaze.errors import Unavailable
from huntaze.runtime.redis import Call

MILLISECOND = 1_000
ROUND_TRIP_SECONDS = 0.001
GIVEN_UP_SECONDS = 0.15  # as runtime/redis.py

COMMANDS = (
    *("TIME", "GET", "SET", "EXISTS", "DEL", "PEXPIRE", "PEXPIREAT", "PTTL", "HGET", "HSET"),
    *("ZADD", "ZREM", "ZCARD", "ZSCORE", "ZCOUNT", "ZREMRANGEBYSCORE", "ZRANGE", "ZREVRANGE"),
)

SortedSet = dict[str, float]


class VirtualRedis:
    """Keys and commands, as far as scripts of ours use them."""

    def __init__(self, time: VirtualTime, pay: Callable[[float], None] = lambda _: None) -> None:
        self._clock = time
        self._pay = pay  # what a round trip takes
        self._keys: dict[str, Any] = {}
        self._ends: dict[str, int] = {}  # milliseconds
        self._scripts: dict[Path, Any] = {}
        self._commands = {name: getattr(self, f"_{name.lower()}") for name in COMMANDS}
        self.counts: Counter[str] = Counter()
        self.is_away = False

    def run_all(self, calls: Sequence[Call]) -> list[Any]:
        """What each of these scripts answers, in one round trip."""
        if self.is_away:
            self._pay(GIVEN_UP_SECONDS)
            raise Unavailable("Redis is away.", retry_after=5)
        self._pay(ROUND_TRIP_SECONDS)
        self.counts["round trips"] += 1
        self.counts["scripts"] += len(calls)
        return [self._run(call) for call in calls]

    def flush(self) -> None:
        """Lose everything."""
        self._keys.clear()
        self._ends.clear()

    def kept(self, key: str) -> Any:
        """What lies under a key; None where nothing does."""
        end = self._ends.get(key)
        if end is not None and end <= self._now // MILLISECOND:
            del self._keys[key], self._ends[key]
        return self._keys.get(key)

    def ends_at(self, key: str) -> int | None:
        """When a key ends, in milliseconds; None where it does not, or is not there."""
        return self._ends.get(key) if self.kept(key) is not None else None

    @property
    def _now(self) -> int:
        return START_MICROSECONDS + self._clock.microseconds

    @cached_property
    def _lua(self) -> Any:
        return lua51.LuaRuntime(unpack_returned_tuples=True, encoding="latin-1")

    @cached_property
    def _for_scripts(self) -> Any:
        return self._lua.table(call=self._called)

    def _run(self, call: Call) -> Any:
        script = self._scripts.get(call.script)
        if script is None:
            text = call.script.read_text(encoding="utf-8")
            script = self._lua.execute(f"return function(redis, KEYS, ARGV)\n{text}\nend")
            self._scripts[call.script] = script
        table = self._lua.table_from
        return _answer(script(self._for_scripts, table(call.keys), table([str(each) for each in call.arguments])))

    def _called(self, command: str, *words: Any) -> Any:
        """One command of a script. Numbers become words as the server makes them, without losing digits."""
        answer = self._commands[command](*[word if isinstance(word, str) else f"{word:.17g}" for word in words])
        if answer is None:
            return False
        return self._lua.table_from(answer) if isinstance(answer, list) else answer

    def _put(self, key: str, value: Any) -> None:
        self._keys[key] = value

    def _time(self) -> list[str]:
        return [str(self._now // SECOND), str(self._now % SECOND)]

    def _get(self, key: str) -> str | None:
        found: str | None = self.kept(key)
        return found

    def _set(self, key: str, value: str, px: str, milliseconds: str) -> str:
        if px != "PX":
            raise NotImplementedError(px)
        self._put(key, value)
        self._pexpire(key, milliseconds)
        return "OK"

    def _exists(self, key: str) -> int:
        return int(self.kept(key) is not None)

    def _del(self, key: str) -> int:
        was = self._exists(key)
        self._keys.pop(key, None)
        self._ends.pop(key, None)
        return was

    def _pexpire(self, key: str, milliseconds: str) -> int:
        return self._pexpireat(key, str(self._now // MILLISECOND + int(milliseconds)))

    def _pexpireat(self, key: str, milliseconds: str) -> int:
        if self.kept(key) is None:
            return 0
        self._ends[key] = int(milliseconds)
        return 1

    def _pttl(self, key: str) -> int:
        if self.kept(key) is None:
            return -2
        return self._ends[key] - self._now // MILLISECOND if key in self._ends else -1

    def _hget(self, key: str, field: str) -> str | None:
        found: str | None = (self.kept(key) or {}).get(field)
        return found

    def _hset(self, key: str, field: str, value: str) -> int:
        fields = self.kept(key)
        if fields is None:
            self._put(key, fields := {})
        is_new = field not in fields
        fields[field] = value
        return int(is_new)

    def _zadd(self, key: str, score: str, member: str) -> int:
        scores = self.kept(key)
        if scores is None:
            self._put(key, scores := {})
        is_new = member not in scores
        scores[member] = float(score)
        return int(is_new)

    def _zrem(self, key: str, member: str) -> int:
        scores = self._scores(key)
        was = scores.pop(member, None) is not None
        self._tidied(key)
        return int(was)

    def _zcard(self, key: str) -> int:
        return len(self._scores(key))

    def _zscore(self, key: str, member: str) -> str | None:
        score = self._scores(key).get(member)
        return None if score is None else _written(score)

    def _zcount(self, key: str, least: str, most: str) -> int:
        between = _between(least, most)
        return sum(between(score) for score in self._scores(key).values())

    def _zremrangebyscore(self, key: str, least: str, most: str) -> int:
        scores = self._scores(key)
        between = _between(least, most)
        gone = [member for member, score in scores.items() if between(score)]
        for member in gone:
            del scores[member]
        self._tidied(key)
        return len(gone)

    def _zrange(self, key: str, first: str, last: str, with_scores: str) -> list[str]:
        return self._ranked(key, int(first), int(last), with_scores, reverse=False)

    def _zrevrange(self, key: str, first: str, last: str, with_scores: str) -> list[str]:
        return self._ranked(key, int(first), int(last), with_scores, reverse=True)

    def _ranked(self, key: str, first: int, last: int, with_scores: str, *, reverse: bool) -> list[str]:
        if with_scores != "WITHSCORES" or min(first, last) < 0:
            raise NotImplementedError
        ranked = sorted(((score, member) for member, score in self._scores(key).items()), reverse=reverse)
        return [word for score, member in ranked[first : last + 1] for word in (member, _written(score))]

    def _scores(self, key: str) -> SortedSet:
        return self.kept(key) or {}

    def _tidied(self, key: str) -> None:
        """What holds nothing is not there."""
        if not self._scores(key):
            self._del(key)


def _written(score: float) -> str:
    return f"{score:.17g}"


def _between(least: str, most: str) -> Callable[[float], bool]:
    """Whether a score lies in a range; a bracket before an end leaves that itself out."""
    low, high = float(least.lstrip("(")), float(most.lstrip("("))
    above = low.__lt__ if least.startswith("(") else low.__le__
    below = high.__gt__ if most.startswith("(") else high.__ge__
    return lambda score: above(score) and below(score)


def _answer(told: Any) -> Any:
    """As a client has it: numbers without what is behind the point, tables up to their first gap."""
    if isinstance(told, float):
        return int(told)
    if isinstance(told, int | str) and not isinstance(told, bool):
        return told
    if told is None or told is False:
        return None
    return [_answer(told[place]) for place in range(1, len(told) + 1)]
