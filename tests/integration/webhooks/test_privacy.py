"""People who asked to be forgotten, and what is kept of anybody's words meanwhile."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from huntaze.erasures.model import Erasure
from huntaze.errors import Conflict
from tests.integration.webhooks.conftest import ROBIN, House, process
from tests.integration.webhooks.test_events import BOUGHT, SENT_WITH, SUBSCRIBED, TIPPED, WROTE
from tests.support.people import new_fan

CANARY = "xqcanaryx"
ADA = {"id": "77", "username": CANARY, "name": f"Ada {CANARY}"}
EVERYTHING: list[tuple[str, dict[str, Any]]] = [
    ("message.received", {**WROTE, "fan": ADA, "text": f"I am {CANARY}"}),
    ("message.sent", {**SENT_WITH, "fan": ADA, "text": f"Dear {CANARY}"}),
    ("message.purchased", {**BOUGHT, "fan": ADA}),
    ("tip.received", {**TIPPED, "fan": ADA}),
    ("subscription.started", {**SUBSCRIBED, "fan": ADA}),
    ("subscription.ended", {"subscriptionId": "s9", "fan": ADA}),
]
TABLES = ("fans", "conversations", "messages", "transactions", "webhook_events")


def _erase(house: House) -> Erasure:
    ((fan_id,),) = house.rows("id", "fans")
    return house.parts.erasures.erase(house.owner, fan_id)


def _traces(house: House) -> list[str]:
    rows = (row for table in TABLES for row in house.rows(f"{table}::text", table))
    return [text for (text,) in rows if CANARY in text]


@pytest.mark.parametrize(("kind", "data"), EVERYTHING, ids=[kind for kind, _ in EVERYTHING])
def test_who_was_erased_is_not_brought_back(house: House, kind: str, data: dict[str, Any]) -> None:
    house.parts.fans.create(house.owner, new_fan(platform_id="77", handle=CANARY))
    _erase(house)
    assert house.tell(kind, data) == "dropped"
    assert house.rows("payload, emptied_at = processed_at", "webhook_events") == [({}, True)]
    assert house.rows("name", "fans") == [("Erased",)]
    assert (house.rows("id", "messages"), house.rows("id", "transactions")) == ([], [])
    assert _traces(house) == []


def test_who_was_erased_is_known_by_username_too_and_nobody_else_is_dropped(house: House) -> None:
    house.parts.fans.create(house.owner, new_fan(platform_id=CANARY))
    _erase(house)
    assert house.tell("message.received", EVERYTHING[0][1]) == "dropped"
    assert house.tell("message.received", WROTE) == "done"


def test_all_that_events_made_goes_with_the_person(house: House) -> None:
    for kind, data in EVERYTHING:
        house.tell(kind, data)
    house.tell("tip.received", {**TIPPED, "fan": ADA, "tipId": f"t-{CANARY}"})
    assert len(_traces(house)) > 3
    _erase(house)
    assert _traces(house) == []
    assert house.rows("subscription_at, valued_at", "fans") == [(None, None)]
    assert set(house.rows("platform_message_id, message_id", "transactions")) == {(None, None)}


def test_what_waits_is_erased_with_the_person_and_its_ticket_does_nothing(house: House) -> None:
    house.tell(*EVERYTHING[0])
    for kind, data in EVERYTHING:
        house.hear(kind, {**data, "messageId": "m2"})
    _erase(house)
    assert _traces(house) == []
    for ticket in house.queue.tickets:
        house.parts.event_worker.receive(ticket.body())
    assert house.rows("name", "fans") == [("Erased",)]
    assert house.rows("id", "messages") == []


@pytest.mark.parametrize("turn", range(6))
def test_events_and_an_erasure_at_the_same_moment_leave_nobody(house: House, turn: int) -> None:
    house.tell(*EVERYTHING[turn])
    for number in range(4):
        for kind, data in EVERYTHING:
            ids = {"messageId": f"m{number}", "purchaseId": f"p{number}", "tipId": f"t{number}"}
            house.hear(kind, {**data, **{name: value for name, value in ids.items() if name in data}})
    bodies, together = [one.body() for one in house.queue.tickets], threading.Barrier(3)

    def work(mine: list[str]) -> None:
        parts = process(house.database)
        try:
            together.wait(60)
            for body in mine:
                parts.event_worker.receive(body)
        finally:
            parts.postgres.close()

    def erase() -> Erasure:
        together.wait(60)
        return _erase(house)

    with ThreadPoolExecutor(3) as everybody:
        acts = [everybody.submit(work, bodies[::2]), everybody.submit(work, bodies[1::2]), everybody.submit(erase)]
        for act in acts:
            act.result()
    for body in bodies:
        house.parts.event_worker.receive(body)
    assert _traces(house) == []
    assert house.rows("DISTINCT name", "fans") == [("Erased",)]
    assert (house.rows("id", "messages"), house.rows("id", "conversations")) == ([], [])


def test_what_is_kept_of_a_person_is_told_with_all_else_that_is_held(house: House) -> None:
    house.tell("message.received", WROTE)
    house.tell("tip.received", {"tipId": "t1", "fan": ROBIN})
    house.hear("message.received", {**WROTE, "messageId": "m2", "text": "Still waiting"})
    house.tell("story.published", {"by": "somebody else"})
    ((fan_id,),) = house.rows("id", "fans")
    records = house.parts.dossiers.of(house.owner, fan_id)
    told = [record["payload"].get("data") for record in records["platform_events"]]
    assert told == [{"tipId": "t1", "fan": ROBIN}]


def test_no_word_of_an_event_is_logged_whatever_becomes_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "huntaze")
    for kind, data in EVERYTHING:
        house.tell(kind, data, event_id=f"{CANARY}-{kind}")
    house.tell(f"{CANARY}.published", {"text": CANARY})
    house.tell("tip.received", {"tipId": CANARY, "fan": ADA})
    monkeypatch.setattr(house.parts.event_worker, "_acting", None)
    with pytest.raises(AttributeError):
        house.tell("message.received", {**WROTE, "fan": ADA})
    house.queue.tickets.clear()
    assert caplog.records
    assert CANARY not in "\n".join(str(vars(record)) for record in caplog.records)
    assert CANARY not in str(house.rows("last_error", "webhook_events"))


def test_a_merge_under_way_is_waited_for(house: House) -> None:
    """What is held by nobody else any more is looked at again, and the event done."""
    first, calls = house.parts.event_worker, []
    hold = "huntaze.followers.store.PostgresFollowers.hold"
    with pytest.MonkeyPatch.context() as patched:
        from huntaze.followers.store import PostgresFollowers  # noqa: PLC0415  (the one that is patched)

        really = PostgresFollowers.hold

        def busy(self: PostgresFollowers, fan_id: Any) -> Any:
            calls.append(fan_id)
            if len(calls) < 3:
                raise Conflict("busy")
            return really(self, fan_id)

        patched.setattr(hold, busy)
        assert house.tell("message.received", WROTE) == "done"
    assert len(calls) == 3
    assert first is house.parts.event_worker
    assert house.rows("unread_count", "conversations") == [(1,)]
