"""Limiters of others as their manuals say to use them, asked by a bench: one order per line, one answer per line."""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import limits
import pyrate_limiter
import redis
import throttled
from limits import storage, strategies

url = sys.argv[1]
client = redis.Redis.from_url(url)


Ask = Callable[[], bool]


def limits_moving(key: str, messages: int, seconds: int) -> Ask:
    limiter = strategies.MovingWindowRateLimiter(storage.storage_from_string(url))
    item = limits.RateLimitItemPerSecond(messages, seconds)
    return lambda: limiter.hit(item, key)


def pyrate(key: str, messages: int, seconds: int) -> Ask:
    bucket = pyrate_limiter.RedisBucket.init([pyrate_limiter.Rate(messages, seconds * 1000)], client, key)
    limiter = pyrate_limiter.Limiter(pyrate_limiter.SingleBucketFactory(bucket, schedule_leak=False))
    return lambda: bool(limiter.try_acquire(key, blocking=False))


def throttled_by(algorithm: str) -> Callable[[str, int, int], Ask]:
    def made(key: str, messages: int, seconds: int) -> Ask:
        quota = throttled.rate_limiter.per_duration(timedelta(seconds=seconds), messages, burst=messages)
        store = throttled.RedisStore(server=url)
        limiter = throttled.Throttled(key=key, using=algorithm, quota=quota, store=store)
        return lambda: not limiter.limit().limited

    return made


LIMITERS = {
    "limits": limits_moving,
    "pyrate-limiter": pyrate,
    "throttled-py": throttled_by(throttled.RateLimiterType.GCRA.value),
    "throttled-py, token bucket": throttled_by(throttled.RateLimiterType.TOKEN_BUCKET.value),
}


def decide(who: str, keys: list[str], times: int) -> dict[str, Any]:
    """How long so many decisions take, each about the next key."""
    asks = [LIMITERS[who](key, 10, 60) for key in keys]
    for ask in asks:
        ask()
    before = time.perf_counter()
    granted = sum(asks[number % len(asks)]() for number in range(times))
    return {"seconds": time.perf_counter() - before, "granted": granted}


def send(who: str, keys: list[str], messages: int, seconds: int, windows: float, *, flush: bool) -> dict[str, Any]:
    """When messages left of somebody who asks all the time; the server may lose all after a burst."""
    ask, began, sent = LIMITERS[who](keys[0], messages, seconds), time.monotonic(), []
    while time.monotonic() < began + windows * seconds:
        if ask():
            sent.append(time.monotonic() - began)
            if flush and len(sent) == messages:
                client.flushall()
                ask = LIMITERS[who](keys[0], messages, seconds)
        else:
            time.sleep(0.005)
    return {"sent": sent}


for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps({"decide": decide, "send": send}[order.pop("do")](**order)), flush=True)
