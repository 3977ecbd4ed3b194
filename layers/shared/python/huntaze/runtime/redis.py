"""Redis, through one connection that is made when first needed, gives up quickly and repeats nothing by itself."""

from collections.abc import Callable, Sequence
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


class Redis:
    """Runs scripts. A script that timed out may have run: whoever must not do it twice sees to that inside it."""

    def __init__(self, setting: Callable[[], Cache | None], secrets: Secrets) -> None:
        self._setting = setting
        self._secrets = secrets
        self._client: redis.Redis | None = None

    def run(self, script: Path, keys: Sequence[str], arguments: Sequence[int]) -> Any:
        """What the script answers; Unavailable when it cannot be run."""
        import redis  # noqa: PLC0415  (a tenth of a second that only a first request should pay)

        try:
            return self._run(_source(script), keys, arguments)
        except redis.exceptions.AuthenticationError as error:
            self._secrets.forget(self._cache().token)  # it may just have been rotated
            self.close()
            raise _away() from error
        except redis.exceptions.RedisError as error:
            raise _away() from error

    def close(self) -> None:
        """Give the connection back."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _cache(self) -> Cache:
        cache_ = self._setting()
        if cache_ is None:
            raise Misconfigured("The setting REDIS_ENDPOINT is missing.")
        return cache_

    def _run(self, source: tuple[str, str], keys: Sequence[str], arguments: Sequence[int]) -> Any:
        import redis  # noqa: PLC0415  (see run)

        if self._client is None:
            self._client = _connected(self._cache(), self._secrets)
        text, sha = source
        try:
            return self._client.evalsha(sha, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:  # it certainly did not run
            return self._client.eval(text, len(keys), *keys, *arguments)


def _connected(cache_: Cache, secrets: Secrets) -> "redis.Redis":
    import redis  # noqa: PLC0415  (see Redis.run)
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
