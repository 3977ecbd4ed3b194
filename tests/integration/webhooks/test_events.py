"""What each type of event leaves in the rows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huntaze.fans.model import SubscriptionStatus
from tests.integration.webhooks.conftest import ROBIN, House
from tests.support.people import new_fan

WROTE = {"messageId": "m1", "fan": ROBIN, "text": "Hi 🎉", "media": [], "priceCents": 0}
BOUGHT = {"purchaseId": "p1", "messageId": "m9", "fan": ROBIN, "amountCents": 1_500, "currency": "USD"}
TIPPED = {"tipId": "t1", "fan": ROBIN, "amountCents": 500, "currency": "USD", "messageId": None}
SUBSCRIBED = {"subscriptionId": "s1", "fan": ROBIN, "amountCents": 999, "currency": "USD"}
SENT = {"messageId": "m9", "clientReference": None, "fan": ROBIN, "text": "Look", "priceCents": 1_500}
SENT_WITH = {**SENT, "currency": "USD", "media": [{"url": "https://example.com/a.jpg", "kind": "photo"}]}
FAN = "platform_id, handle, name, value_cents, subscription_status, last_seen_at, last_message_at"
NOON, ONE = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 6, 1, 13, tzinfo=UTC)


def test_a_message_of_somebody_new_makes_a_fan_a_conversation_and_an_unread_message(house: House) -> None:
    assert house.tell("message.received", WROTE) == "done"
    assert house.rows(FAN, "fans") == [("1001", "robin", "Robin", 0, "unknown", NOON, NOON)]
    assert house.rows("platform, unread_count, last_message_at, archived", "conversations") == [
        ("onlyfans", 1, NOON, False)
    ]
    assert house.rows("direction, status, text, platform_message_id, occurred_at, account_id, read", "messages") == [
        ("in", "received", "Hi 🎉", "m1", NOON, house.bridge.connection_id, False)
    ]


def test_it_is_one_message_however_many_events_tell_of_it(house: House) -> None:
    house.tell("message.received", WROTE)
    for number in range(3):
        assert house.tell("message.received", WROTE, event_id=f"again-{number}") == "known"
    assert house.rows("unread_count", "conversations") == [(1,)]
    assert len(house.rows("id", "messages")) == 1


def test_a_fan_who_was_known_by_username_alone_is_the_same_fan(house: House) -> None:
    for about in ({"platform_id": "robin"}, {"platform_id": None, "handle": "kim"}):
        house.parts.fans.create(house.owner, new_fan(name="From a file", **about))
    house.tell("message.received", WROTE)
    house.tell("tip.received", {**TIPPED, "fan": {"id": 1002, "username": "@Kim", "name": "Kim"}})
    assert sorted(house.rows("platform_id, handle, name", "fans")) == [
        ("1001", "robin", "From a file"),
        ("1002", "kim", "From a file"),
    ]
    house.tell("message.received", {**WROTE, "messageId": "m2", "fan": {"id": "1001", "username": "renamed"}})
    assert len(house.rows("id", "fans")) == 2
    assert len(house.rows("id", "conversations")) == 1


def test_a_username_that_somebody_else_has_now_is_somebody_else(house: House) -> None:
    house.tell("message.received", WROTE)
    house.tell("message.received", {**WROTE, "messageId": "m2", "fan": {**ROBIN, "id": "2002"}})
    assert sorted(house.rows("platform_id", "fans")) == [("1001",), ("2002",)]


def test_what_a_deleted_fan_writes_is_kept_and_shown_when_they_are_restored(house: House) -> None:
    fan = house.parts.fans.create(house.owner, new_fan(platform_id="1001"))
    house.parts.fans.delete(house.owner, fan.id)
    assert house.tell("message.received", WROTE) == "done"
    assert house.parts.conversations.unread(house.owner).messages == 0
    house.parts.fans.restore(house.owner, fan.id)
    assert house.parts.conversations.unread(house.owner).messages == 1


def test_what_was_typed_elsewhere_is_kept_and_spends_a_token(house: House) -> None:
    assert house.tell("message.sent", SENT_WITH) == "done"
    assert house.tell("message.sent", SENT_WITH, event_id="again") == "known"
    ((message_id, *told),) = house.rows(
        "id, direction, status, sent_elsewhere, text, price_cents, attachments, sent_at", "messages"
    )
    media = [{"url": "https://example.com/a.jpg"}]
    assert told == ["out", "sent", True, "Look", 1_500, media, NOON]
    assert house.spent == [(house.bridge.connection_id, message_id)]
    assert house.rows("unread_count, last_message_at", "conversations") == [(0, NOON)]


@pytest.mark.parametrize("reference", ["not ours", "01900000-0000-7000-8000-0000000000a1"])
def test_a_reference_that_is_not_ours_is_somebody_elses(house: House, reference: str) -> None:
    assert house.tell("message.sent", {**SENT_WITH, "clientReference": reference}) == "done"
    assert house.rows("sent_elsewhere", "messages") == [(True,)]
    assert len(house.spent) == 1


def test_a_message_from_the_fan_brings_an_archived_conversation_back(house: House) -> None:
    house.tell("message.received", WROTE)
    ((place,),) = house.rows("id", "conversations")
    house.parts.conversations.change(house.owner, place, {"archived": True, "read": True})
    house.tell("message.sent", SENT_WITH)
    assert house.rows("archived, unread_count", "conversations") == [(True, 0)]
    house.tell("message.received", {**WROTE, "messageId": "m2"})
    assert house.rows("archived, unread_count", "conversations") == [(False, 1)]


PAYMENTS = "kind, platform_transaction_id, amount_cents, currency, occurred_at"


def test_a_purchase_is_booked_once_marks_the_message_and_raises_the_fans_value(house: House) -> None:
    house.tell("message.sent", SENT_WITH)
    assert house.tell("message.purchased", BOUGHT, "2026-06-01T13:00:00Z") == "done"
    assert house.tell("message.purchased", BOUGHT, "2026-06-01T13:00:00Z", event_id="again") == "known"
    assert house.rows(PAYMENTS, "transactions") == [("ppv", "p1", 1_500, "USD", ONE)]
    assert house.rows("message_id", "transactions") == house.rows("id", "messages")
    assert house.rows("bought_at", "messages") == [(ONE,)]
    assert house.rows("value_cents, last_seen_at", "fans") == [(1_500, ONE)]


def test_a_purchase_that_is_told_before_its_message_is_joined_to_it_afterwards(house: House) -> None:
    house.tell("message.purchased", BOUGHT, "2026-06-01T13:00:00Z")
    assert house.rows("message_id", "transactions") == [(None,)]
    house.tell("message.sent", SENT_WITH)
    assert house.rows("message_id", "transactions") == house.rows("id", "messages")
    assert house.rows("bought_at", "messages") == [(ONE,)]


def test_a_purchase_of_another_fan_marks_nothing_here(house: House) -> None:
    house.tell("message.sent", SENT_WITH)
    house.tell("message.purchased", {**BOUGHT, "fan": {"id": "2002"}})
    assert house.rows("bought_at", "messages") == [(None,)]


def test_tips_and_subscriptions_are_booked_beside_purchases_of_the_same_number(house: House) -> None:
    for kind, data in (
        ("tip.received", {**TIPPED, "tipId": "1"}),
        ("message.purchased", {**BOUGHT, "purchaseId": "1"}),
        ("subscription.started", {**SUBSCRIBED, "subscriptionId": "1"}),
    ):
        assert house.tell(kind, data) == "done"
        assert house.tell(kind, data, event_id=f"{kind}-again") == "known"
    assert sorted(house.rows("kind, platform_transaction_id, amount_cents", "transactions")) == [
        ("ppv", "1", 1_500),
        ("subscription", "1", 999),
        ("tip", "1", 500),
    ]
    assert house.rows("value_cents, subscription_status", "fans") == [(2_999, "active")]


def test_the_newest_word_on_a_subscription_counts(house: House) -> None:
    for minute, kind, status in (
        (5, "started", "active"),
        (9, "ended", "expired"),
        (7, "started", "expired"),
        (9, "started", "expired"),
        (10, "started", "active"),
        (9, "ended", "active"),
    ):
        data = {**SUBSCRIBED, "subscriptionId": f"{minute}{kind}"}
        house.tell(f"subscription.{kind}", data, f"2026-06-01T12:{minute:02}:00Z")
        assert house.rows("subscription_status", "fans") == [(status,)], (minute, kind)


def test_what_a_person_wrote_down_is_newer_than_what_was_before(house: House) -> None:
    house.tell("subscription.started", SUBSCRIBED)
    ((fan_id,),) = house.rows("id", "fans")
    house.parts.fans.update(house.owner, fan_id, {"subscription_status": SubscriptionStatus.NONE})
    assert house.tell("subscription.ended", SUBSCRIBED) == "known"
    assert house.rows("subscription_status", "fans") == [("none",)]


def test_a_baseline_holds_what_was_paid_before_it_and_grows_by_what_is_paid_after(house: House) -> None:
    house.parts.fans.create(house.owner, new_fan(platform_id="1001", value_cents=10_000))
    soon = datetime.now(UTC) + timedelta(seconds=1)
    house.tell("tip.received", TIPPED)
    assert house.rows("value_cents", "fans") == [(10_000,)]
    assert house.rows("amount_cents", "transactions") == [(500,)], "it is booked all the same"
    house.run("UPDATE fans SET valued_at = now() - interval '1 hour' WHERE platform_id = '1001'")
    house.tell("tip.received", {**TIPPED, "tipId": "t2"}, soon.isoformat())
    assert house.rows("value_cents", "fans") == [(10_500,)]


def test_a_value_that_a_person_wrote_down_is_a_baseline_too(house: House) -> None:
    house.tell("tip.received", TIPPED)
    ((fan_id,),) = house.rows("id", "fans")
    house.parts.fans.update(house.owner, fan_id, {"value_cents": 7_000})
    house.tell("tip.received", {**TIPPED, "tipId": "t2"}, "2026-06-02T12:00:00Z")
    assert house.rows("value_cents", "fans") == [(7_000,)]


def test_amounts_in_another_currency_are_booked_and_not_added_up(house: House) -> None:
    house.tell("tip.received", TIPPED)
    house.tell("tip.received", {**TIPPED, "tipId": "t2", "currency": "EUR"})
    assert house.rows("value_cents, currency", "fans") == [(500, "USD")]
    assert len(house.rows("id", "transactions")) == 2


def test_a_fan_who_has_paid_nothing_has_the_currency_of_the_first_payment(house: House) -> None:
    house.run("UPDATE workspaces SET currency = 'EUR' WHERE id = %s", house.owner.workspace_id)
    house.tell("message.received", WROTE)
    house.tell("tip.received", TIPPED)
    assert house.rows("value_cents, currency", "fans") == [(500, "USD")]


def test_a_login_that_ended_shows_on_the_connection(house: House) -> None:
    assert house.tell("account.login_expired", {}) == "done"
    assert house.rows("status, token_expires_at", "platform_connections") == [("expired", NOON)]
    assert house.tell("account.login_expired", {}, event_id="again") == "known"


def test_news_of_an_earlier_login_ends_no_later_one(house: House) -> None:
    house.tell("account.login_expired", {})
    house.run("UPDATE platform_connections SET status = 'active' WHERE workspace_id = %s", house.owner.workspace_id)
    assert house.tell("account.login_expired", {}, "2026-06-01T12:00:01Z") == "known"
    assert house.rows("status", "platform_connections") == [("active",)]


def test_a_type_that_is_not_known_is_kept_for_a_while_with_a_note(house: House) -> None:
    assert house.tell("story.published", {"text": "Later"}) == "unknown_type"
    ((payload, note, emptied_at),) = house.rows("payload, last_error, emptied_at", "webhook_events")
    assert (payload["data"], emptied_at) == ({"text": "Later"}, None)
    assert "not known" in note


MALFORMED = [
    ("message.received", {**WROTE, "fan": {"username": "robin"}}, "data.fan.id"),
    ("message.received", {**WROTE, "text": 5}, "data.text"),
    ("message.received", {**WROTE, "text": "", "media": [{"url": "http://10.0.0.1/"}]}, "data"),
    ("message.received", {**WROTE, "messageId": "x" * 201}, "data.messageId"),
    ("message.sent", {**SENT_WITH, "media": "a picture"}, "data.media"),
    ("message.purchased", {**BOUGHT, "amountCents": 15.5}, "data.amountCents"),
    ("message.purchased", {**BOUGHT, "amountCents": -1}, "data.amountCents"),
    ("tip.received", {**TIPPED, "currency": "dollars"}, "data.currency"),
    ("subscription.started", {}, "data.fan"),
    ("subscription.ended", {"fan": None}, "data.fan"),
]


@pytest.mark.parametrize(("kind", "data", "field"), MALFORMED)
def test_what_does_not_say_what_its_type_must_say_ends_with_the_field_named(
    house: House, kind: str, data: dict[str, Any], field: str
) -> None:
    assert house.tell(kind, data) == "malformed"
    ((payload, reason, tries),) = house.rows("payload, last_error, tries", "webhook_events")
    assert f"{field}: " in reason
    assert (payload["data"], tries) == (json.loads(json.dumps(data)), 0)
    assert house.rows("id", "fans") == []


@pytest.mark.parametrize("at", ["yesterday", "2026-06-01T12:00:00", 1_780_000_000, None])
def test_a_time_is_told_with_its_offset(house: House, at: Any) -> None:
    assert house.tell("tip.received", TIPPED, at) == "malformed"
    assert house.rows("last_error", "webhook_events")[0][0].startswith("at: ")


def test_nothing_happens_after_it_was_told(house: House) -> None:
    house.tell("message.received", WROTE, "2999-01-01T00:00:00Z")
    ((at,),) = house.rows("occurred_at", "messages")
    assert at < datetime.now(UTC)


def test_what_is_too_long_is_kept_as_far_as_it_fits(house: House) -> None:
    house.tell("message.received", {**WROTE, "text": "é" * 25_000, "fan": {"id": "1", "name": "n" * 500}})
    ((text,),) = house.rows("text", "messages")
    assert (len(text), text[-2:]) == (20_000, "é…")
    ((name,),) = house.rows("name", "fans")
    assert len(name) == 200


def test_media_that_cannot_be_referred_to_do_not_take_the_words_along(house: House) -> None:
    media = [{"url": "http://127.0.0.1/x"}, {"kind": "photo"}, {"url": "https://example.com/b.mp4", "type": "video"}]
    house.tell("message.received", {**WROTE, "media": media})
    assert house.rows("text, attachments", "messages") == [
        ("Hi 🎉", [{"url": "https://example.com/b.mp4", "type": "video"}])
    ]


def test_what_an_event_said_is_forgotten_once_it_is_written_down(house: House) -> None:
    house.tell("message.received", WROTE, event_id="event-1")
    assert house.rows("event_id, kind, payload, last_error", "webhook_events") == [
        ("event-1", "message.received", {}, None)
    ]
    ((processed_at, emptied_at),) = house.rows("processed_at, emptied_at", "webhook_events")
    assert processed_at == emptied_at
