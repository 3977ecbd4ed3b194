import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from huntaze.cursors import Cursors, Position
from huntaze.errors import Invalid
from huntaze.fans.model import Filters, Listing, Platform, Selection, Sort, SubscriptionStatus
from huntaze.fans.schema import FanChangesBody, FansQuery, NewFanBody, TaggingBody
from huntaze.ids import new_id
from huntaze.money import MOST_CENTS

LEAST = {"name": "Robin", "platform": "onlyfans", "platformId": "u1"}


def _failing(**changes: Any) -> set[str]:
    with pytest.raises(ValidationError) as raised:
        NewFanBody.model_validate({**LEAST, **changes})
    return {".".join(map(str, error["loc"])) for error in raised.value.errors()}


def test_little_is_enough() -> None:
    fan = NewFanBody.model_validate(LEAST).fan()
    assert (fan.name, fan.platform, fan.platform_id) == ("Robin", Platform.ONLYFANS, "u1")
    assert (fan.value_cents, fan.currency, fan.tags, fan.notes) == (0, None, (), "")
    assert fan.subscription_status is SubscriptionStatus.UNKNOWN


@pytest.mark.parametrize("name", LEAST)
def test_what_is_needed_is_missed_by_name(name: str) -> None:
    with pytest.raises(ValidationError) as raised:
        NewFanBody.model_validate({key: value for key, value in LEAST.items() if key != name})
    assert [error["loc"] for error in raised.value.errors()] == [(name,)]


TEXTS = {"name": 200, "platformId": 200, "handle": 200, "phone": 50, "notes": 10_000}
HUNDRED_TAGS = [f"t{number}" for number in range(100)]
REFUSED: list[tuple[str, object]] = [
    *[(name, "x" * (longest + 1)) for name, longest in TEXTS.items()],
    *[(name, "a\0b") for name in [*TEXTS, "email", "avatar"]],
    *[(name, "a\ud800b") for name in [*TEXTS, "email", "avatar"]],
    *[(name, 7) for name in [*TEXTS, "email", "avatar", "platform", "currency", "lastSeenAt"]],
    *[(name, "  \t\n") for name in ["name", "platformId", "handle", "phone"]],
    *[(name, "") for name in ["name", "platformId", "handle", "phone", "email", "avatar", "platform"]],
    *[("valueCents", value) for value in [-1, MOST_CENTS + 1, 10**30, 1.5, 1.0, "1", True, None, [1]]],
    *[("currency", value) for value in ["usd", "EURO", "E", "€€€"]],
    *[("email", value) for value in ["nobody", "a@b@c", "a b@c", "@", "x" * 320 + "@y"]],
    *[("avatar", value) for value in ["javascript:alert(1)", "//x", "http:// x", "https://" + "x" * 2041]],
    *[("platform", value) for value in ["myspace", "ONLYFANS", None, ["onlyfans"]]],
    *[("subscriptionStatus", value) for value in ["maybe", None]],
    *[("lastSeenAt", value) for value in ["2026-01-01T00:00:00", "2026-01-01", "now", 1e9, "99999-01-01T00:00:00Z"]],
    *[("lastSeenAt", value) for value in ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]],
    *[("doNotContact", value) for value in ["true", 1, None]],
    *[("tags", value) for value in ["vip", None, {}, [*HUNDRED_TAGS, "one more"], ["a", "a"]]],
    *[("tags.0", [value]) for value in ["", " ", "x" * 201, "a\0", 1, None, ["nested"]]],
    *[("metadata", value) for value in ["x", None, [], {"a": "\0"}, {"\0": 1}, {"a": "\ud800"}, {"\ud800": 1}]],
    *[("metadata", {"a": value}) for value in [math.nan, math.inf, 1e16, 1e-5, 2**63, -(2**63)]],
    ("metadata", {"a": "x" * 16_384}),
    ("metadata", {"a": [[[[[[[[[[1]]]]]]]]]]}),
    ("valueCent", 5),
    ("value_cents", 5),
    ("workspaceId", "0190"),
]


@pytest.mark.parametrize(("field", "value"), REFUSED, ids=lambda part: repr(part)[:40])
def test_bad_input_is_refused_by_the_name_of_its_field(field: str, value: object) -> None:
    assert _failing(**{field.partition(".")[0]: value}) == {field}


def test_every_failing_field_is_named_at_once() -> None:
    failing = _failing(name="", platform="x", valueCents=-1, tags=["", "b"])
    assert failing == {"name", "platform", "valueCents", "tags.0"}


ACCEPTED: list[tuple[str, object]] = [
    *[(name, "x" * longest) for name, longest in TEXTS.items()],
    ("name", "<script>alert('x')</script> 🎉 \u202e"),
    ("name", " leading and trailing blanks stay "),
    ("valueCents", MOST_CENTS),
    ("currency", "EUR"),
    ("tags", HUNDRED_TAGS),
    ("lastSeenAt", "2026-01-01T00:00:00+14:00"),
    ("metadata", {"a": [1, -1, 2.5, None, True, {"b": "c"}], "empty": {}}),
    ("metadata", {"a": [[[[[[[[[1]]]]]]]]]}),
    ("avatar", "https://" + "x" * 2040),
]


@pytest.mark.parametrize(("field", "value"), ACCEPTED, ids=lambda part: repr(part)[:40])
def test_what_is_within_the_rules_is_taken_unchanged(field: str, value: object) -> None:
    body = NewFanBody.model_validate({**LEAST, field: value})
    assert json.loads(body.model_dump_json(by_alias=True))[field] == value


_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters())
_json = st.recursive(_leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(st.dictionaries(st.text(), _json))
def test_whatever_object_comes_it_is_taken_or_refused_by_name(value: dict[str, Any]) -> None:
    try:
        taken = NewFanBody.model_validate({**LEAST, "metadata": value}).metadata
    except ValidationError:
        assert _failing(metadata=value) == {"metadata"}
    else:
        assert taken == value
        json.dumps(taken, allow_nan=False, ensure_ascii=False).encode()


BOOKMARKS = Cursors(lambda: b"a key").of(new_id(), "fans")


def _asked(**query: str) -> Listing:
    return FansQuery.model_validate(query).wanted(BOOKMARKS)


def test_a_query_says_what_is_wanted() -> None:
    place = Position("x", new_id())
    wanted = _asked(
        q="Rob",
        platform="patreon",
        tag="vip",
        minValueCents="500",
        seenAfter="2026-01-01T00:00:00+02:00",
        sort="name",
        limit="7",
        cursor=BOOKMARKS.cursor(place) or "",
    )
    seen_after = datetime(2025, 12, 31, 22, tzinfo=UTC)
    assert wanted == Listing(7, Filters("Rob", Platform.PATREON, "vip", 500, seen_after), Sort.NAME, place)
    assert _asked() == Listing(50, Filters(), Sort.CREATED, None)
    assert _asked(q="") == _asked()


QUERIES = [
    *[("q", value) for value in ["x" * 201, "a\0", "a\ud800"]],
    *[("tag", value) for value in ["", " ", "x" * 201, "\0"]],
    *[("minValueCents", value) for value in ["-1", "1.0", "1.5", "1e3", "1_000", " 1", "", str(2**63), "9" * 5000]],
    *[("seenAfter", value) for value in ["2026-01-01", "yesterday", "1e9", "0001-01-01T00:00:00+14:00"]],
    *[("sort", value) for value in ["id", "-name", "lastseenat", "name; DROP TABLE fans", ""]],
    *[("platform", value) for value in ["myspace", ""]],
]


@pytest.mark.parametrize(("name", "value"), QUERIES, ids=lambda part: repr(part)[:30])
def test_a_bad_query_is_refused_by_the_name_of_its_field(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as raised:
        _asked(**{name: value})
    assert [error["loc"] for error in raised.value.errors()] == [(name,)]


def test_a_change_has_only_what_was_given() -> None:
    body = {"valueCents": 0, "email": None, "tags": [], "notes": ""}
    assert FanChangesBody.model_validate(body).changes() == {"value_cents": 0, "email": None, "tags": (), "notes": ""}
    assert FanChangesBody.model_validate({}).changes() == {}


UNCHANGEABLE = [
    *[(name, None) for name in ["name", "tags", "valueCents", "currency", "doNotContact", "notes", "metadata"]],
    *[(name, "onlyfans") for name in ["platform", "platformId", "id", "createdAt", "workspaceId"]],
    ("name", ""),
    ("currency", ""),
    ("valueCents", -1),
]


@pytest.mark.parametrize(("name", "value"), UNCHANGEABLE)
def test_what_cannot_be_changed_or_emptied_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as raised:
        FanChangesBody.model_validate({name: value})
    assert [error["loc"] for error in raised.value.errors()] == [(name,)]


def test_a_selection_is_either_ids_or_filters() -> None:
    fan_id = new_id()
    assert TaggingBody.model_validate({"ids": [str(fan_id)]}).selection() == Selection(ids=(fan_id,))
    assert TaggingBody.model_validate({"filters": {}}).selection() == Selection(filters=Filters())
    for body in ({}, {"ids": [str(fan_id)], "filters": {}}):
        with pytest.raises(Invalid) as raised:
            TaggingBody.model_validate(body).selection()
        assert [field.field for field in raised.value.fields] == ["ids", "filters"]


@pytest.mark.parametrize(
    "ids", [[], ["x"], [7], ["urn:uuid:01900000-0000-7000-8000-0000000000a1"], [str(new_id())] * 1_001]
)
def test_ids_are_written_as_we_write_them(ids: list[object]) -> None:
    with pytest.raises(ValidationError):
        TaggingBody.model_validate({"ids": ids})
