"""Fans who are one person: what is told of one counts for who is shown, and undoing the merge takes it back exactly."""

from uuid import UUID

from tests.integration.webhooks.conftest import House
from tests.integration.webhooks.test_events import NOON, SUBSCRIBED, TIPPED, WROTE
from tests.support.people import new_fan


def _fan(house: House, platform_id: str, value_cents: int = 0) -> UUID:
    fan = house.parts.fans.create(
        house.owner, new_fan(name=platform_id, platform_id=platform_id, value_cents=value_cents)
    )
    house.run("UPDATE fans SET valued_at = '2026-01-01' WHERE id = %s", fan.id)
    return fan.id


def _values(house: House) -> dict[str, int]:
    return dict(house.rows("platform_id, value_cents", "fans"))


def _tip(house: House, platform_id: str, cents: int) -> None:
    tip = {"tipId": f"{platform_id}-{cents}", "fan": {"id": platform_id}, "amountCents": cents}
    assert house.tell("tip.received", {**TIPPED, **tip}) == "done"


def test_a_merged_fans_message_stays_in_their_thread_and_shows_in_the_inbox(house: House) -> None:
    kept, merged = _fan(house, "1"), _fan(house, "2")
    house.parts.merges.merge(house.owner, kept, merged)
    house.tell("message.received", {**WROTE, "fan": {"id": "2"}})
    assert house.rows("fan_id, unread_count", "conversations") == [(merged, 1)]
    assert house.parts.conversations.unread(house.owner).messages == 1
    assert house.rows("DISTINCT last_message_at, last_seen_at", "fans") == [(NOON, NOON)]


def test_what_a_merged_fan_pays_counts_for_both_until_they_are_parted(house: House) -> None:
    kept, merged = _fan(house, "1", 1_000), _fan(house, "2", 300)
    merge = house.parts.merges.merge(house.owner, kept, merged)
    _tip(house, "2", 50)
    _tip(house, "1", 7)
    assert _values(house) == {"1": 1_357, "2": 350}
    assert house.parts.fans.get(house.owner, kept).value.cents == 1_357
    house.parts.merges.undo(house.owner, merge.merge.id)
    assert _values(house) == {"1": 1_007, "2": 350}


def test_a_chain_of_merges_comes_apart_as_exactly(house: House) -> None:
    top, middle, below = _fan(house, "1", 1_000), _fan(house, "2", 200), _fan(house, "3", 30)
    first = house.parts.merges.merge(house.owner, middle, below)
    second = house.parts.merges.merge(house.owner, top, middle)
    _tip(house, "3", 4)
    _tip(house, "2", 50)
    assert _values(house) == {"1": 1_284, "2": 284, "3": 34}
    house.parts.merges.undo(house.owner, second.merge.id)
    assert _values(house) == {"1": 1_000, "2": 284, "3": 34}
    _tip(house, "3", 5)
    house.parts.merges.undo(house.owner, first.merge.id)
    assert _values(house) == {"1": 1_000, "2": 250, "3": 39}


def test_a_merge_that_was_undone_counts_no_longer(house: House) -> None:
    kept, merged = _fan(house, "1"), _fan(house, "2")
    house.parts.merges.undo(house.owner, house.parts.merges.merge(house.owner, kept, merged).merge.id)
    _tip(house, "2", 50)
    assert _values(house) == {"1": 0, "2": 50}


def test_who_is_subscribed_under_one_name_is_subscribed(house: House) -> None:
    kept, merged = _fan(house, "1"), _fan(house, "2")
    house.parts.merges.merge(house.owner, kept, merged)
    house.tell("subscription.started", {**SUBSCRIBED, "fan": {"id": "2"}})
    assert house.rows("DISTINCT subscription_status", "fans") == [("active",)]
