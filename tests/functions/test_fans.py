"""GET and POST /api/crm/fans through the handler."""

from typing import Any

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Role
from tests.functions.conftest import Stage
from tests.support.fakes import FakeStores
from tests.support.functions import call
from tests.support.people import new_fan

PATH = "/api/crm/fans"
BODY = {"name": "Robin", "platform": "onlyfans", "platformId": "robin-1"}


def _fill(stores: FakeStores, clock: Any, count: int) -> None:
    for _ in range(count):
        stores.fans.add(new_fan(), new_id(), clock.now())


def test_a_fan_that_was_added_is_listed(stage: Stage) -> None:
    stage.join()
    created = call("fans", "POST", PATH, body={**BODY, "valueCents": 1250, "tags": ["vip"]})
    assert created.status == 201
    listed = call("fans", "GET", PATH)
    assert listed.status == 200
    assert listed.json() == {"fans": [created.json()], "nextCursor": None}


def test_a_fan_is_told_whole_and_in_camel_case(stage: Stage) -> None:
    stage.join()
    fan = call("fans", "POST", PATH, body={**BODY, "lastSeenAt": "2026-01-01T10:00:00+02:00", "valueCents": 7}).json()
    assert {name: value for name, value in fan.items() if name not in {"id", "createdAt", "updatedAt"}} == {
        **BODY,
        **dict.fromkeys(["handle", "email", "phone", "avatar", "lastMessageAt"]),
        "tags": [],
        "valueCents": 7,
        "currency": "USD",
        "subscriptionStatus": "unknown",
        "lastSeenAt": "2026-01-01T10:00:00+02:00",
        "doNotContact": False,
        "notes": "",
        "metadata": {},
    }
    assert fan["createdAt"].endswith("Z")


def test_the_same_platform_id_twice_is_a_conflict(stage: Stage) -> None:
    stage.join()
    assert call("fans", "POST", PATH, body=BODY).status == 201
    again = call("fans", "POST", PATH, body={**BODY, "name": "Somebody else"})
    assert again.status == 409
    assert again.json()["code"] == "conflict"


def test_cursors_lead_through_everybody_once(stage: Stage) -> None:
    _fill(stage.stores(stage.join()), stage.parts.clock, 25)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = call("fans", "GET", PATH, query=f"limit=10&cursor={cursor}" if cursor else "limit=10").json()
        seen += [fan["id"] for fan in page["fans"]]
        cursor = page["nextCursor"]
    assert len(seen) == len(set(seen)) == 25


def test_a_page_has_fifty_unless_told(stage: Stage) -> None:
    _fill(stage.stores(stage.join()), stage.parts.clock, 101)
    assert len(call("fans", "GET", PATH).json()["fans"]) == 50
    assert len(call("fans", "GET", PATH, query="limit=100").json()["fans"]) == 100


def test_the_list_can_be_narrowed_to_a_platform(stage: Stage) -> None:
    stage.join()
    call("fans", "POST", PATH, body=BODY)
    assert call("fans", "GET", PATH, query="platform=fansly").json()["fans"] == []
    assert len(call("fans", "GET", PATH, query="platform=onlyfans").json()["fans"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1e1", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=", "limit"),
        ("platform=myspace", "platform"),
        ("cursor=nonsense", "cursor"),
        ("cursor=W10", "cursor"),
    ],
)
def test_a_bad_query_is_refused_by_the_name_of_its_field(stage: Stage, query: str, field: str) -> None:
    stage.join()
    answer = call("fans", "GET", PATH, query=query)
    assert answer.status == 400
    assert answer.failing == {field}


BAD_BODIES: list[tuple[object, set[str]]] = [
    (None, {"body"}),
    ("", {"body"}),
    ("{", {"body"}),
    ("null", {"body"}),
    ([BODY], {"body"}),
    ('{"a":' * 200_000, {"body"}),
    ({}, {"name", "platform", "platformId"}),
    ({**BODY, "name": "x" * 10_000}, {"name"}),
    ({**BODY, "name": "a\0b"}, {"name"}),
    ({**BODY, "name": "\ud800"}, {"name"}),
    ({**BODY, "valueCents": -1}, {"valueCents"}),
    ({**BODY, "valueCents": 2**63}, {"valueCents"}),
    ({**BODY, "valueCents": 10.5}, {"valueCents"}),
    ({**BODY, "metadata": {"nested": ["x" * 1_000] * 1_000}}, {"metadata"}),
    ({**BODY, "unknown": 1, "tags": ["ok", ""]}, {"unknown", "tags.1"}),
]


@pytest.mark.parametrize(("body", "fields"), BAD_BODIES, ids=lambda part: str(part)[:30])
def test_a_bad_body_is_refused_by_the_names_of_its_fields(stage: Stage, body: object, fields: set[str]) -> None:
    joined = stage.join()
    answer = call("fans", "POST", PATH, body=body)
    assert answer.status == 400
    assert answer.failing == fields
    assert not stage.stores(joined).fans.kept


def test_a_body_in_base64_is_understood(stage: Stage) -> None:
    stage.join()
    assert call("fans", "POST", PATH, body={**BODY, "name": "Zoë 🎉"}, encoded=True).json()["name"] == "Zoë 🎉"


def test_too_large_a_body_is_told_as_that(stage: Stage) -> None:
    stage.join()
    assert call("fans", "POST", PATH, body={**BODY, "notes": "x" * 3_000_000}, encoded=True).status == 413


def test_another_content_type_is_refused_by_name(stage: Stage) -> None:
    stage.join()
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = call("fans", "POST", PATH, body="name=Robin&platform=onlyfans&platformId=1", headers=form)
    assert answer.status == 400
    assert answer.failing == {"Content-Type"}


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [(Role.OWNER, 200, 201), (Role.MANAGER, 200, 201), (Role.CHATTER, 200, 403), (Role.ANALYST, 403, 403)],
)
def test_each_role_may_what_the_contract_says(stage: Stage, role: Role, read: int, write: int) -> None:
    stage.join(role)
    assert call("fans", "GET", PATH).status == read
    assert call("fans", "POST", PATH, body=BODY).status == write
