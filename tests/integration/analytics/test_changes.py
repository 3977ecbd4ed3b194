"""What is written in bulk, taken back, forgotten, or told late: the numbers follow."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.members.model import Principal
from tests.support.creators import Creator, every
from tests.support.recount import kept
from tests.support.workspaces import NOON

Connection = psycopg.Connection[Any]


@pytest.fixture
def busy(creator: Creator) -> Creator:
    """A creator of a year, counted."""
    for fan, begin in zip(creator.fans(3, last_seen_at=NOON), every(timedelta(days=100), NOON, 3), strict=True):
        creator.lives(fan, every(timedelta(hours=31), begin, 40), range(500, 540))
    creator.counts()
    return creator


def test_an_import_is_counted_and_so_is_its_undoing(busy: Creator, superuser: Connection) -> None:
    before = kept(superuser, busy.id)
    superuser.execute(
        """
        INSERT INTO fans (workspace_id, id, name, platform, value_cents, valued_at, last_seen_at, metadata)
        SELECT %s, gen_random_uuid(), 'Imported', 'onlyfans', number * 13 %% 700 * 100, now(),
            %s::timestamptz - number * interval '7 hours', '{"import": true}'
        FROM generate_series(1, 3000) AS number
        """,
        [busy.id, NOON],
    )
    [(notes,)] = superuser.execute("SELECT count(*) FROM analytics_stale WHERE workspace_id = %s", [busy.id])
    assert notes < 900, "a row for each topic and day, not for each fan"
    busy.counts()
    busy.must_be_true()
    assert kept(superuser, busy.id) != before
    superuser.execute("DELETE FROM fans WHERE workspace_id = %s AND metadata @> '{\"import\": true}'", [busy.id])
    busy.counts()
    assert kept(superuser, busy.id) == before


def test_values_that_are_overwritten_in_bulk_are_counted(busy: Creator, superuser: Connection) -> None:
    busy.fans(500)
    busy.counts()
    superuser.execute("UPDATE fans SET value_cents = 777, currency = 'EUR' WHERE workspace_id = %s", [busy.id])
    assert superuser.execute("SELECT topic, count(*) FROM analytics_stale GROUP BY topic").fetchall() == [("values", 1)]
    busy.counts()
    busy.must_be_true()


def test_who_is_erased_is_counted_no_more_but_what_they_paid_is(
    busy: Creator, superuser: Connection, parts: wiring.Wiring, owner: Principal
) -> None:
    before = kept(superuser, busy.id)
    erased = next(iter(busy.talks))
    parts.erasures.erase(owner, erased)
    busy.counts()
    busy.must_be_true()
    after = kept(superuser, busy.id)
    revenue = [
        {key: sums for key, sums in each["daily_rollups"].items() if key[0].startswith("revenue")}
        for each in (before, after)
    ]
    assert revenue[0] == revenue[1]
    assert after["analytics_cohorts"] == before["analytics_cohorts"]
    assert sum(fans for fans, *_ in after["analytics_values"].values()) == 2 * 2


def test_a_late_payment_moves_its_fan_to_an_earlier_cohort(busy: Creator, superuser: Connection) -> None:
    fan = next(iter(busy.talks))
    busy.pays(fan, 999, NOON - timedelta(days=400))
    busy.counts()
    busy.must_be_true()
    cohorts = {cohort for _, cohort, *_ in kept(superuser, busy.id)["analytics_cohorts"]}
    assert date(2025, 4, 1) in cohorts
    assert date(2026, 6, 1) not in cohorts


def test_what_is_told_late_changes_who_was_answered_how_fast(creator: Creator, superuser: Connection) -> None:
    [fan] = creator.fans(1)
    answered = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    creator.is_answered(fan, answered)
    creator.counts()
    assert kept(superuser, creator.id)["analytics_answers"] == {}
    creator.writes(fan, answered - timedelta(hours=168))
    creator.counts()
    creator.must_be_true()
    [(_, seconds)] = kept(superuser, creator.id)["analytics_answers"].values()
    assert seconds == 168 * 3600
    creator.is_answered(fan, answered - timedelta(hours=9))
    creator.writes(fan, answered - timedelta(hours=169))
    creator.counts()
    creator.must_be_true()


def test_a_purchase_is_counted_on_the_day_of_its_message(creator: Creator, superuser: Connection) -> None:
    [fan] = creator.fans(1)
    message = creator.is_answered(fan, NOON, cents=1_200)
    creator.counts()
    superuser.execute(
        "UPDATE messages SET bought_at = %s WHERE workspace_id = %s AND id = %s",
        [NOON + timedelta(days=9), creator.id, message],
    )
    creator.counts()
    creator.must_be_true()
    offers = kept(superuser, creator.id)["analytics_offers"]
    assert offers == {(NOON.date(), "onlyfans", "USD", 1_000): (1, 1, 1_200, 1_200)}


def test_rebuilding_makes_right_what_somebody_made_wrong(
    busy: Creator, superuser: Connection, parts: wiring.Wiring
) -> None:
    for change in (
        "UPDATE daily_rollups SET occurrences = occurrences + 1, day = day - 500",
        "DELETE FROM analytics_hours WHERE hour < 12",
        "UPDATE analytics_values SET fans = fans + 5",
        "UPDATE analytics_answers SET answers = 9, day = day + 400",
        "UPDATE analytics_cohorts SET payers = 9, month = month + interval '50 months'",
        "UPDATE analytics_offers SET asked_cents = 1",
        "DELETE FROM analytics_chatters",
    ):
        superuser.execute(change)
    parts.counting.rebuild(busy.id)
    busy.counts()
    busy.must_be_true()


def test_what_changes_nothing_that_is_counted_is_not_counted_again(busy: Creator, superuser: Connection) -> None:
    superuser.execute("UPDATE fans SET name = 'Other', notes = 'Kind' WHERE workspace_id = %s", [busy.id])
    superuser.execute(
        "UPDATE fans SET last_seen_at = last_seen_at + interval '1 minute' WHERE workspace_id = %s", [busy.id]
    )
    superuser.execute("UPDATE messages SET read = true WHERE workspace_id = %s", [busy.id])
    superuser.execute("UPDATE workspaces SET name = 'Other' WHERE id = %s", [busy.id])
    assert superuser.execute("SELECT topic FROM analytics_stale").fetchall() == []


def test_a_topic_rests_after_it_was_counted(creator: Creator, superuser: Connection, parts: wiring.Wiring) -> None:
    [fan] = creator.fans(1)
    creator.pays(fan, 500, NOON)
    creator.counts()
    superuser.execute("UPDATE analytics_counts SET took = '1 minute', counted_at = %s", [NOON])
    creator.pays(fan, 500, NOON)
    assert parts.counting.count(creator.id, float("inf"))
    assert ("transactions",) in superuser.execute("SELECT topic FROM analytics_stale").fetchall()
    parts.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    assert parts.counting.count(creator.id, float("inf"))
    assert ("transactions",) not in superuser.execute("SELECT topic FROM analytics_stale").fetchall()
