"""The read models: a fan's timeline, and all that is held about a fan."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze.dossiers.store import PostgresDossiers
from huntaze.ids import new_id
from huntaze.money import Money
from huntaze.runtime.postgres import Postgres
from huntaze.timeline.model import Added, Event, NoteWritten, Paid, Talked
from huntaze.timeline.store import PostgresTimeline
from tests.conftest import Database
from tests.support.workspaces import ZOE, insert, inside, seed_two_workspaces

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Connection = psycopg.Connection[dict[str, Any]]


@pytest.fixture
def fan_id(database: Database) -> UUID:
    """A fan whose workspace keeps the time of Berlin."""
    seed_two_workspaces(database.hand.connection)
    fan_id = new_id()
    with psycopg.connect(database.superuser, autocommit=True) as superuser, inside(superuser, ZOE):
        superuser.execute("UPDATE workspaces SET timezone = 'Europe/Berlin'")
        about = {"name": "Robin", "platform": "onlyfans", "created_at": NOON - timedelta(days=90)}
        insert(superuser, "fans", {"workspace_id": ZOE.id, "id": fan_id, **about})
        thread = {"workspace_id": ZOE.id, "id": new_id(), "fan_id": fan_id, "platform": "onlyfans"}
        insert(superuser, "conversations", thread)
        for minutes in (-60, 0, 9 * 60, 11 * 60):  # 22:00 and 0:00 in Berlin: two days there, one in UTC
            at = NOON + timedelta(minutes=minutes)
            heard = {"direction": "in", "status": "received", "text": "Hi", "occurred_at": at}
            ids = {"workspace_id": ZOE.id, "id": new_id(), "conversation_id": thread["id"], "fan_id": fan_id}
            insert(superuser, "messages", {**ids, **heard})
        for days in range(3):
            paid = {"platform": "onlyfans", "platform_transaction_id": f"tip of {days}", "kind": "tip"}
            when = {"amount_cents": 500 + days, "occurred_at": NOON - timedelta(days=days)}
            insert(
                superuser, "transactions", {"workspace_id": ZOE.id, "id": new_id(), "fan_id": fan_id, **paid, **when}
            )
        note = {"author_id": ZOE.of("chatter"), "text": "Kind", "created_at": NOON - timedelta(hours=30)}
        insert(superuser, "fan_notes", {"workspace_id": ZOE.id, "id": new_id(), "fan_id": fan_id, **note})
    return fan_id


@pytest.fixture
def connection(process: Postgres, fan_id: UUID) -> Iterator[Connection]:
    assert fan_id
    with process.transaction(ZOE.id) as begun:
        yield begun


def _told(event: Event) -> object:
    match event:
        case Talked():
            return (event.day, event.received, event.sent)
        case Paid():
            return (event.what, event.amount)
        case NoteWritten():
            return (event.author_name, event.text)
    return type(event)


def test_a_timeline_tells_everything_newest_first(connection: Connection, fan_id: UUID) -> None:
    events = PostgresTimeline(connection, ZOE.id).newest(fan_id, None, 50)
    assert [_told(event) for event in events] == [
        (date(2026, 5, 2), 1, 0),
        (date(2026, 5, 1), 3, 0),
        ("tip", Money(500, "USD")),
        ("tip", Money(501, "USD")),
        ("chatter@example.com", "Kind"),
        ("tip", Money(502, "USD")),
        Added,
    ]
    (day,) = [event for event in events if isinstance(event, Talked) and event.received == 3]
    assert (day.first_at, day.at) == (NOON - timedelta(hours=1), NOON + timedelta(hours=9))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_its_pages_follow_each_other_without_gap_or_repetition(connection: Connection, fan_id: UUID, size: int) -> None:
    timeline = PostgresTimeline(connection, ZOE.id)
    walked: list[Event] = []
    while page := timeline.newest(fan_id, walked[-1].position if walked else None, size):
        walked += page
    assert walked == timeline.newest(fan_id, None, 50)


def test_a_dossier_has_every_record_about_the_fan_and_none_about_others(connection: Connection, fan_id: UUID) -> None:
    dossiers = PostgresDossiers(connection, ZOE.id)
    counts = {name: len(records) for name, records in dossiers.records(fan_id).items()}
    assert {name: count for name, count in counts.items() if count} == {
        "fan": 1,
        "notes": 1,
        "conversations": 1,
        "messages": 4,
        "transactions": 3,
    }
    seeded = dossiers.records(ZOE.of("fan"))
    assert {name for name, records in seeded.items() if not records} == {"audit"}
