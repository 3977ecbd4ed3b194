"""Two who meet in the database: the second waits for the first, and nobody guesses for how long."""

import time
from concurrent.futures import Future

from tests.support.databases import Database

WAITING = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"


def until_it_waits(database: Database, acting: Future[object]) -> None:
    """Until what is being done elsewhere waits for a lock; it must not get through without."""
    while database.run(WAITING) == [(False,)]:
        assert not acting.done(), "it waited for nobody"
        time.sleep(0.01)
