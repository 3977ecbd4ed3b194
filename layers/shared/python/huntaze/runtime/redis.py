"""Redis, through one connection that is made when first needed, gives up quickly and repeats nothing by itself."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huntaze.errors import Misconfigured, Unavailable
from huntaze.runtime.secrets import Secrets
from huntaze.runtime.settings import Cache

if TYPE_CHECKING:
    import redis

_CONNECT_SECONDS = 0.5
_ANSWER_SECONDS = 0.15  # the verdict on a warm connection
_RETRY_AFTER = 5


@dataclass(frozen=True, slots=True)
class Call:
    """A script to run, and what it is given."""

    script: Path
    keys: Sequence[str]
    arguments: Sequence[int | str]


class Redis:
    """Runs scripts. A script that timed out may have run: whoever must not do it twice sees to that inside it."""

    def __init__(self, setting: Callable[[], Cache | None], secrets: Secrets) -> None:
        self._setting = setting
        self._secrets = secrets
        self._client: redis.Redis | None = None

    def run(self, script: Path, keys: Sequence[str], arguments: Sequence[int]) -> Any:
        """What the script answers; Unavailable when it cannot be run."""
        with self._unavailable_when_away():
            return self._run(_source(script), keys, arguments)

    def run_all(self, calls: "Sequence[Call]") -> list[Any]:
        """What each of these scripts answers, in one round trip; Unavailable when one cannot be run."""
        with self._unavailable_when_away():
            return self._run_all(calls)

    def prepare(self) -> None:
        """Load what asking needs, so that the time for an answer is spent on the answer."""
        import redis  # noqa: F401, PLC0415  (see _unavailable_when_away)

    def close(self) -> None:
        """Give the connection back."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @contextmanager
    def _unavailable_when_away(self) -> Iterator[None]:
        import redis  # noqa: PLC0415  (a tenth of a second that only a first request should pay)

        try:
            yield
        except redis.exceptions.AuthenticationError as error:
            self._secrets.forget(self._cache().token)  # it may just have been rotated
            self.close()
            raise _away() from error
        except redis.exceptions.RedisError as error:
            raise _away() from error

    def _cache(self) -> Cache:
        cache_ = self._setting()
        if cache_ is None:
            raise Misconfigured("The setting REDIS_ENDPOINT is missing.")
        return cache_

    def _run_all(self, calls: "Sequence[Call]") -> list[Any]:
        import redis  # noqa: PLC0415  (see _unavailable_when_away)

        answers = self._asked("EVALSHA", [(_source(call.script)[1], call) for call in calls])
        unknown = [place for place, answer in enumerate(answers) if isinstance(answer, redis.exceptions.NoScriptError)]
        # These certainly did not run.
        again = self._asked("EVAL", [(_source(calls[place].script)[0], calls[place]) for place in unknown])
        for place, answer in zip(unknown, again, strict=True):
            answers[place] = answer
        for answer in answers:
            if isinstance(answer, redis.exceptions.RedisError):
                raise answer
        return answers

    def _asked(self, command: str, calls: "Sequence[tuple[str, Call]]") -> list[Any]:
        if not calls:
            return []
        pipeline: Any = self._connection().pipeline(transaction=False)
        for script, call in calls:
            pipeline.execute_command(command, script, len(call.keys), *call.keys, *call.arguments)
        answers: list[Any] = pipeline.execute(raise_on_error=False)
        return answers

    def _connection(self) -> "redis.Redis":
        if self._client is None:
            self._client = _connected(self._cache(), self._secrets)
        return self._client

    def _run(self, source: tuple[str, str], keys: Sequence[str], arguments: Sequence[int]) -> Any:
        import redis  # noqa: PLC0415  (see _unavailable_when_away)

        client, (text, sha) = self._connection(), source
        try:
            return client.evalsha(sha, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:  # it certainly did not run
            return client.eval(text, len(keys), *keys, *arguments)


def _connected(cache_: Cache, secrets: Secrets) -> "redis.Redis":
    import redis  # noqa: PLC0415  (see Redis._unavailable_when_away)
    from redis.backoff import NoBackoff  # noqa: PLC0415  (the same)
    from redis.retry import Retry  # noqa: PLC0415  (the same)

    return redis.Redis(
        host=cache_.host,
        port=cache_.port,
        ssl=cache_.encrypted,
        password=secrets.value(cache_.token) or None,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


@cache
def _source(script: Path) -> tuple[str, str]:
    import hashlib  # noqa: PLC0415  (loaded with the first script)

    text = script.read_text()
    return text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _away() -> Unavailable:
    return Unavailable("Redis cannot answer right now.", retry_after=_RETRY_AFTER)
