"""Whatever is repeated, reordered or replayed under another id: the same events end in the same rows."""

import itertools
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huntaze import wiring
from tests.conftest import Database
from tests.integration.webhooks.conftest import House, move_in
from tests.support.people import new_fan

Stage = tuple[Database, psycopg.Connection[Any], wiring.Wiring]

ROBIN, KIM = {"id": "1001", "username": "robin", "name": "Robin"}, {"id": "1002", "username": "kim", "name": "Kim"}


def _at(minute: int) -> str:
    return f"2026-06-01T12:{minute:02}:00Z"


def _wrote(number: int, fan: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    return "message.received", {"messageId": f"m{number}", "fan": fan, "text": f"Hi {number}"}, _at(number)


EVENTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    _wrote(1, ROBIN),
    _wrote(2, KIM),
    _wrote(9, ROBIN),
    ("message.sent", {"messageId": "m5", "fan": ROBIN, "text": "Look", "priceCents": 900, "currency": "USD"}, _at(5)),
    ("message.sent", {"messageId": "m6", "fan": KIM, "text": "You too", "clientReference": None}, _at(6)),
    (
        "message.purchased",
        {"purchaseId": "1", "messageId": "m5", "fan": ROBIN, "amountCents": 900, "currency": "USD"},
        _at(7),
    ),
    ("tip.received", {"tipId": "1", "fan": ROBIN, "amountCents": 500, "currency": "USD"}, _at(8)),
    ("tip.received", {"tipId": "2", "fan": KIM, "amountCents": 700, "currency": "USD"}, _at(3)),
    (
        "subscription.started",
        {"subscriptionId": "1", "fan": ROBIN, "amountCents": 999, "currency": "USD"},
        _at(1),
    ),
    ("subscription.ended", {"subscriptionId": "1", "fan": ROBIN}, _at(4)),
    ("subscription.started", {"subscriptionId": "2", "fan": ROBIN, "amountCents": 999, "currency": "USD"}, _at(10)),
    ("subscription.ended", {"subscriptionId": "3", "fan": KIM}, _at(11)),
    ("account.login_expired", {}, _at(12)),
    ("story.published", {"text": "Later"}, _at(12)),
    ("tip.received", {"tipId": "3", "fan": KIM}, _at(13)),  # without an amount
)

STATE = (
    """
    SELECT platform_id, handle, name, value_cents, currency, subscription_status, subscription_at, last_seen_at,
        last_message_at, deleted_at
    FROM fans WHERE workspace_id = %s ORDER BY 1
    """,
    """
    SELECT platform_id, unread_count, archived, conversations.last_message_at
    FROM conversations JOIN fans USING (workspace_id)
    WHERE workspace_id = %s AND fans.id = fan_id ORDER BY 1
    """,
    """
    SELECT platform_message_id, platform_id, direction, status, sent_elsewhere, text, price_cents, occurred_at, sent_at,
        bought_at
    FROM messages JOIN fans USING (workspace_id) WHERE workspace_id = %s AND fans.id = fan_id ORDER BY 1
    """,
    """
    SELECT kind, platform_transaction_id, platform_id, amount_cents, transactions.occurred_at,
        messages.platform_message_id
    FROM transactions JOIN fans USING (workspace_id)
    LEFT JOIN messages ON messages.workspace_id = transactions.workspace_id AND messages.id = message_id
    WHERE transactions.workspace_id = %s AND fans.id = transactions.fan_id ORDER BY 1, 2
    """,
    "SELECT status, token_expires_at FROM platform_connections WHERE workspace_id = %s",
    """
    SELECT DISTINCT kind, outcome IN ('done', 'known'), payload, last_error, emptied_at IS NULL
    FROM webhook_events WHERE workspace_id = %s ORDER BY 1, 2, 3, 4
    """,
)

NUMBERS = range(len(EVENTS))
ANY_ORDER = st.tuples(
    st.permutations(NUMBERS), st.lists(st.tuples(st.sampled_from(NUMBERS), st.booleans()), max_size=20), st.randoms()
)


def _state(house: House) -> list[list[tuple[Any, ...]]]:
    return [house.run(statement, house.owner.workspace_id) for statement in STATE]


def _told(stage: Stage, order: list[tuple[int, str]]) -> tuple[object, int]:
    """What is there after these events, each by its number and the id that it comes under."""
    house = move_in(*stage)
    # One of them was known by username before, with what they had paid until some moment.
    house.parts.fans.create(house.owner, new_fan(name="Robin", platform_id="robin", handle="robin", value_cents=100))
    house.run("UPDATE fans SET valued_at = '2026-06-01T12:07:30Z' WHERE workspace_id = %s", house.owner.workspace_id)
    for number, event_id in order:
        house.hear(*EVENTS[number], event_id=event_id)
    tickets = house.queue.tickets
    for ticket in tickets + tickets[::-1] + tickets:
        house.parts.event_worker.receive(ticket.body())
    return _state(house), len(house.spent)


IN_ORDER = [(number, f"e{number}") for number in NUMBERS]


@pytest.fixture(scope="module")
def stage(database: Database, superuser: psycopg.Connection[Any], parts: wiring.Wiring) -> Stage:
    return database, superuser, parts


@pytest.fixture(scope="module")
def in_order(stage: Stage) -> tuple[object, int]:
    return _told(stage, IN_ORDER)


def test_once_in_order_they_say_what_is_expected(in_order: tuple[Any, int]) -> None:
    (fans, conversations, messages, payments, connections, events), spent = in_order
    assert [(name, value, status) for _, _, name, value, _, status, *_ in fans] == [
        ("Robin", 100 + 500 + 999, "active"),  # the first subscription and the purchase are in the baseline
        ("Kim", 700, "expired"),
    ]
    assert [unread for _, unread, *_ in conversations] == [2, 1]
    assert [message_id for message_id, *_ in messages] == ["m1", "m2", "m5", "m6", "m9"]
    assert [row[-1] for row in payments] == ["m5", None, None, None, None]
    assert connections[0][0] == "expired"
    assert {(kind, fine) for kind, fine, *_ in events if not fine} == {
        ("story.published", False),
        ("tip.received", False),
    }
    assert spent == 2


@settings(max_examples=max(settings().max_examples // 8, 1))  # each is a hundred transactions
@given(ANY_ORDER)
def test_in_any_order_with_any_repetition_they_end_in_the_same_rows(
    stage: Stage, in_order: tuple[object, int], order: Any
) -> None:
    permutation, again, chance = order
    told = [(number, f"e{number}") for number in permutation]
    # Some are told again under their own id, and some as if they were news.
    for place, (number, renamed) in enumerate(again):
        told.append((number, f"e{number}-{place}" if renamed else f"e{number}"))
    chance.shuffle(told)
    assert _told(stage, told) == in_order


def test_a_message_its_sale_and_a_subscription_in_all_orders(stage: Stage) -> None:
    chosen = [(number, f"e{number}") for number in (3, 5, 8, 9)]
    ends = [_told(stage, list(order)) for order in itertools.permutations(chosen)]
    assert all(end == ends[0] for end in ends)
