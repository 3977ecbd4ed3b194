"""When something of ours is away or broken: nothing is lost, nothing blocks, and nobody's words are kept for ever."""

from datetime import timedelta
from typing import Any

import pytest

from huntaze.errors import Unavailable
from huntaze.webhooks import reminding
from tests.integration.webhooks.conftest import House
from tests.integration.webhooks.test_events import TIPPED, WROTE

AGE = "UPDATE webhook_events SET received_at = now() - %s WHERE workspace_id = %s"


def _ours(house: House) -> list[Any]:
    return [ticket for ticket in house.queue.tickets if ticket.workspace_id == house.owner.workspace_id]


def _age(house: House, by: timedelta) -> None:
    house.run(AGE, by, house.owner.workspace_id)


def test_what_the_queue_never_heard_of_is_told_again_and_done(house: House) -> None:
    house.queue.away = True
    house.hear("message.received", WROTE)
    house.parts.event_reminding.round()
    assert _ours(house) == []
    _age(house, timedelta(seconds=61))
    house.parts.event_reminding.round()
    house.queue.away = False
    house.parts.event_reminding.round()
    (told,) = _ours(house)
    house.parts.event_worker.receive(told.body())
    house.queue.tickets.clear()
    house.parts.event_reminding.round()
    assert _ours(house) == []
    assert house.rows("unread_count", "conversations") == [(1,)]


def test_a_minute_is_given_to_whoever_is_at_it(house: House) -> None:
    house.hear("message.received", WROTE)
    house.queue.tickets.clear()
    house.parts.event_reminding.round()
    assert _ours(house) == []


@pytest.fixture
def broken(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """One in which every act fails after it has written."""
    act = type(house.parts.event_worker._acting).act  # noqa: SLF001

    def fail(self: Any, scene: Any, said: Any) -> bool:
        act(self, scene, said)
        raise RuntimeError("a mistake of ours about xqcanaryx")

    house.parts.event_worker  # noqa: B018  (made before its class is changed)
    monkeypatch.setattr("huntaze.webhooks.acting.Acting.act", fail)
    return house


def test_a_mistake_of_ours_takes_everything_back_counts_and_leaves_the_event(
    broken: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.hear("message.received", WROTE)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            broken.parts.event_worker.receive(broken.queue.tickets[0].body())
    assert broken.rows("tries, last_error, processed_at", "webhook_events") == [(2, "RuntimeError", None)]
    assert broken.rows("id", "fans") == []
    monkeypatch.undo()
    broken.parts.event_worker.receive(broken.queue.tickets[0].body())
    assert broken.rows("outcome, last_error", "webhook_events") == [("done", None)]
    assert broken.rows("unread_count", "conversations") == [(1,)]


def test_what_fails_ten_times_waits_for_somebody_and_is_told_no_more(house: House) -> None:
    house.hear("tip.received", TIPPED)
    _age(house, timedelta(hours=1))
    house.run("UPDATE webhook_events SET tries = %s WHERE workspace_id = %s", 10, house.owner.workspace_id)
    house.queue.tickets.clear()
    house.parts.event_reminding.round()
    assert _ours(house) == []


def test_a_database_that_is_away_is_nobodys_fault(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.hear("tip.received", TIPPED)

    def away(*_: Any) -> None:
        raise Unavailable("The database cannot answer right now.", retry_after=5)

    with monkeypatch.context() as patched:
        patched.setattr("huntaze.webhooks.acting.Acting.act", away)
        with pytest.raises(Unavailable):
            house.parts.event_worker.receive(house.queue.tickets[0].body())
    assert house.rows("tries, last_error, processed_at", "webhook_events") == [(0, None, None)]


@pytest.mark.parametrize(
    ("kind", "outcome"), [("story.published", "unknown_type"), ("message.received", "malformed"), (None, "failed")]
)
def test_after_thirty_days_no_word_is_kept_of_what_could_not_be_done(
    house: House, kind: str | None, outcome: str
) -> None:
    if kind:
        house.tell(kind, {"text": "Private"})
    else:
        house.hear("message.received", WROTE)
        house.run("UPDATE webhook_events SET tries = 10 WHERE workspace_id = %s", house.owner.workspace_id)
    _age(house, timedelta(days=29, hours=23))
    house.parts.event_reminding.round()
    assert house.rows("emptied_at", "webhook_events") == [(None,)]
    _age(house, timedelta(days=30, hours=1))
    house.parts.event_reminding.round()
    assert house.rows("payload, outcome, emptied_at IS NULL", "webhook_events") == [({}, outcome, False)]


def test_a_round_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        house.hear("tip.received", {**TIPPED, "tipId": f"t{number}"})
    _age(house, timedelta(days=20))
    house.queue.tickets.clear()
    monkeypatch.setattr(reminding, "AT_MOST", 3)
    assert house.parts.event_reminding.round() == 3
