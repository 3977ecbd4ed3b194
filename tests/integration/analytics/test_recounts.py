"""Roll-ups say what a recount says, whatever happened."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from tests.support.creators import Creator, every
from tests.support.workspaces import NOON

Connection = psycopg.Connection[Any]

ZONES = [
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Asia/Kolkata",  # + 5:30
    "Asia/Kathmandu",  # + 5:45
    "Australia/Lord_Howe",  # its clock is put forward by half an hour
    "America/St_Johns",  # - 3:30, or - 2:30
    "Pacific/Chatham",  # + 12:45, or + 13:45
    "America/Havana",  # is put back at midnight: that hour comes twice
    "Africa/Cairo",  # is put forward at midnight: some days begin at 1
    "Asia/Beirut",
    "America/Asuncion",
]
# Whatever is put forward or back in those zones is so in these weeks.
AROUND = [
    datetime(2025, 3, 8, tzinfo=UTC),
    datetime(2025, 3, 29, tzinfo=UTC),
    datetime(2025, 4, 4, tzinfo=UTC),
    datetime(2025, 4, 24, tzinfo=UTC),
    datetime(2025, 9, 26, tzinfo=UTC),
    datetime(2025, 10, 4, tzinfo=UTC),
    datetime(2025, 10, 25, tzinfo=UTC),
    datetime(2025, 10, 30, tzinfo=UTC),
    datetime(2025, 11, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_those_of_the_workspace_also_when_clocks_change(
    superuser: Connection, parts: wiring.Wiring, zone: str
) -> None:
    creator = Creator(superuser, parts, zone)
    [fan, other] = creator.fans(2, created_at=AROUND[0], last_seen_at=AROUND[-1])
    for number, begin in enumerate(AROUND):
        moments = every(timedelta(minutes=27), begin, 120)
        creator.lives(fan if number % 3 else other, moments, range(100 + number, 220 + number))
    creator.counts()
    creator.must_be_true()


def test_another_zone_is_another_count(creator: Creator, superuser: Connection) -> None:
    [fan] = creator.fans(1, last_seen_at=NOON)
    creator.lives(fan, every(timedelta(hours=7), NOON, 60), range(900, 960))
    creator.counts()
    for zone in ("Asia/Kathmandu", "Pacific/Pago_Pago", "Pacific/Kiritimati"):
        superuser.execute("UPDATE workspaces SET timezone = %s WHERE id = %s", [zone, creator.id])
        creator.counts()
        creator.must_be_true()
