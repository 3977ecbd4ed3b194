from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from huntaze.delivery.permits import Permit, parse
from huntaze.errors import Invalid
from tests.support.permits import ATTRIBUTES, IDS, body


def _parsed(attributes: dict[str, str] | None = None, **changes: Any) -> Permit:
    return parse(body(**changes), ATTRIBUTES if attributes is None else attributes)


def test_a_permit_says_which_account_may_send_when() -> None:
    assert _parsed() == Permit(
        workspace_id=UUID(IDS[0]),
        account_id=UUID(IDS[1]),
        message_id=UUID(IDS[2]),
        slot_at=datetime(2026, 5, 1, 12, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=2))),
        user_id="member-1",
        message_type="onlyfans",
        priority=5,
        timestamp="2026-05-01T10:00:00Z",
    )


def test_a_permit_written_and_read_again_is_the_same() -> None:
    permit = _parsed(slotAt="2026-05-01T12:00:00Z")
    assert parse(permit.body(), ATTRIBUTES) == permit
    assert permit.slot_at == datetime(2026, 5, 1, 12, tzinfo=UTC)


NO_IDS = ["", "x", 1, None, [], IDS[0] + "A", "{" + IDS[0] + "}", IDS[0].replace("-", "")]
POISON: list[tuple[str, dict[str, Any]]] = [
    *[("v", {"v": value}) for value in [0, 2, "1", True, 1.0, None]],
    *[(name, {name: value}) for name in ["workspaceId", "accountId", "messageId"] for value in NO_IDS],
    *[("slotAt", {"slotAt": value}) for value in ["", "now", "2026-05-01T12:00:00", "2026-05-01", 1e9, None]],
    ("body", {"text": "hello"}),
]


@pytest.mark.parametrize(("field", "changes"), POISON)
def test_anything_unexpected_is_poison_told_by_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as raised:
        _parsed(**changes)
    assert [failing.field for failing in raised.value.fields] == [field]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "1", "{}", "[" * 100_000, '{"v": 1}'], ids=lambda text: text[:9]
)
def test_a_body_that_is_no_permit_is_poison(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse(text, ATTRIBUTES)
    assert [failing.field for failing in raised.value.fields] == ["body"]


@pytest.mark.parametrize("name", ATTRIBUTES)
@pytest.mark.parametrize("value", [None, "", "x" * 257])
def test_each_attribute_is_needed(name: str, value: str | None) -> None:
    attributes = {key: text for key, text in {**ATTRIBUTES, name: value}.items() if text is not None}
    with pytest.raises(Invalid) as raised:
        _parsed(attributes)
    assert [failing.field for failing in raised.value.fields] == [name]


@pytest.mark.parametrize("priority", ["0", "11", "-1", "5.0", "five", "\u0665", "9" * 5000])
def test_priority_is_a_number_from_1_to_10(priority: str) -> None:
    with pytest.raises(Invalid):
        _parsed({**ATTRIBUTES, "priority": priority})
