"""Whoever counts as a process of its own, to be killed at any moment."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from huntaze import wiring
from huntaze.errors import Unavailable

LONGEST_LIFE = 120.0  # seconds: nobody is left behind by a test that was cut off itself

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.support.counting_process", "psycopg", "huntaze.analytics.recounts"])


@contextmanager
def counting_process(conninfo: str, workspace_id: UUID) -> Iterator[None]:
    """Somebody counts again and again until the end of the block, where they are killed in the midst of it."""
    process = _nursery.Process(target=_count_for_ever, args=(conninfo, workspace_id), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def a_while(dice: random.Random) -> None:
    """Long enough to begin something, too short to be done with everything."""
    time.sleep(dice.uniform(0.05, 0.6))


def _count_for_ever(conninfo: str, workspace_id: UUID) -> None:
    parts = wiring.Wiring({"DATABASE_URL": conninfo})
    ends = time.monotonic() + LONGEST_LIFE
    while time.monotonic() < ends:
        with suppress(Unavailable):
            parts.counting.count(workspace_id, ends, rest=False)
