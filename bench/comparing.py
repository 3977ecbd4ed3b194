"""Two ways to the same answer, timed in turn."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bench.large_data import LargeDatabase

MOST_ROUNDS, FEWEST_ROUNDS, ENOUGH_SECONDS, WARM_UP = 200, 20, 15, 3

Milliseconds = list[float]


@contextmanager
def plain_connection(database: LargeDatabase) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Policies do not hold for a superuser; all else is as in huntaze.runtime.postgres."""
    with psycopg.connect(database.superuser, autocommit=True, row_factory=dict_row, options="-c timezone=UTC") as plain:
        yield plain


def in_turn(*ways: Callable[[int], object]) -> list[Milliseconds]:
    """Go each way after the other, again and again: all meet the same moods of the machine."""
    times: list[Milliseconds] = [[] for _ in ways]
    began = time.perf_counter()
    for number in range(-WARM_UP, MOST_ROUNDS):
        if number >= FEWEST_ROUNDS and time.perf_counter() - began > ENOUGH_SECONDS:
            break
        for way, taken in zip(ways, times, strict=True):
            before = time.perf_counter()
            way(number)
            if number >= 0:
                taken.append((time.perf_counter() - before) * 1000)
    return times


def p95(times: Milliseconds) -> float:
    """The 95th percentile."""
    return sorted(times)[math.ceil(len(times) * 0.95) - 1]
