"""One fan, its notes and its tags, through the handler."""

from collections.abc import Callable
from typing import Any

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Role
from tests.functions.conftest import Stage
from tests.support.functions import Answer, call
from tests.support.people import new_fan

PATH = "/api/crm/fans"
BODY = {"name": "Robin", "platform": "onlyfans", "platformId": "robin-1"}
NEVER = "01900000-0000-7000-8000-00000000ffff"


def _ask(method: str, path: str = "", body: object = None, **more: Any) -> Answer:
    return call("fans", method, PATH + path, body=body, **more)


@pytest.fixture
def fan(stage: Stage) -> dict[str, Any]:
    stage.join()
    return dict(_ask("POST", body={**BODY, "tags": ["vip"], "valueCents": 5}).json())


def test_a_fan_is_read_with_its_version(fan: dict[str, Any]) -> None:
    answer = _ask("GET", f"/{fan['id']}")
    assert (answer.status, answer.json()) == (200, fan)
    assert answer.headers["ETag"].strip('"')


def test_a_change_tells_the_next_version_and_refuses_who_names_the_last(fan: dict[str, Any]) -> None:
    first = _ask("GET", f"/{fan['id']}").headers["ETag"]
    named = {"if-match": first}
    changed = _ask("PUT", f"/{fan['id']}", {"name": "<script>alert(1)</script>", "email": "a@b.c"}, headers=named)
    assert changed.status == 200
    assert changed.json() == {**fan, "name": "<script>alert(1)</script>", "email": "a@b.c"} | {
        "updatedAt": changed.json()["updatedAt"]
    }
    assert changed.headers["ETag"] == _ask("GET", f"/{fan['id']}").headers["ETag"] != first
    stale = _ask("PUT", f"/{fan['id']}", {"name": "Sam"}, headers=named)
    assert (stale.status, stale.json()["code"]) == (412, "stale")
    assert "ETag" not in stale.headers


def test_a_deleted_fan_is_gone_until_it_is_restored(fan: dict[str, Any]) -> None:
    gone = _ask("DELETE", f"/{fan['id']}")
    assert (gone.status, gone.body) == (204, "")
    assert "Content-Type" not in gone.headers
    for answer in (_ask("GET", f"/{fan['id']}"), _ask("DELETE", f"/{fan['id']}")):
        assert answer.status == 404
    assert _ask("POST", f"/{fan['id']}/restore").json()["id"] == fan["id"]
    assert _ask("GET", f"/{fan['id']}").status == 200


def test_the_most_valuable_fans_are_told(fan: dict[str, Any]) -> None:
    best = _ask("POST", body={**BODY, "platformId": "2", "valueCents": 900}).json()
    assert _ask("GET", "/top", query="limit=1").json() == {"fans": [best]}
    assert [each["id"] for each in _ask("GET", "/top").json()["fans"]] == [best["id"], fan["id"]]


def test_all_that_is_held_about_a_fan_is_told(fan: dict[str, Any]) -> None:
    told = _ask("GET", f"/{fan['id']}/export").json()
    assert told.pop("fan") == {"id": fan["id"]}
    kinds = {
        *("merged", "merges", "notes", "conversations", "messages", "drafts", "transactions", "campaigns"),
        *("composing", "events", "platformEvents", "imported", "audit"),
    }
    assert told == {kind: [] for kind in kinds}


def test_notes_are_written_read_changed_and_deleted(fan: dict[str, Any]) -> None:
    notes = f"/{fan['id']}/notes"
    written = _ask("POST", notes, {"text": "Likes <b>dogs</b>"})
    assert (written.status, written.json()["text"], written.json()["fanId"]) == (201, "Likes <b>dogs</b>", fan["id"])
    assert _ask("GET", notes).json() == {"notes": [written.json()], "nextCursor": None}
    note = f"{notes}/{written.json()['id']}"
    assert _ask("PUT", note, {"text": "Likes cats"}).json()["text"] == "Likes cats"
    assert _ask("DELETE", note).status == 204
    assert _ask("GET", notes).json()["notes"] == []
    assert _ask("DELETE", note).status == 404


def test_cursors_lead_through_the_notes_of_their_fan_only(fan: dict[str, Any]) -> None:
    other = _ask("POST", body={**BODY, "platformId": "2"}).json()
    for number in range(3):
        _ask("POST", f"/{fan['id']}/notes", {"text": str(number)})
    first = _ask("GET", f"/{fan['id']}/notes", query="limit=2").json()
    second = _ask("GET", f"/{fan['id']}/notes", query=f"limit=2&cursor={first['nextCursor']}").json()
    assert [note["text"] for note in first["notes"] + second["notes"]] == ["2", "1", "0"]
    elsewhere = _ask("GET", f"/{other['id']}/notes", query=f"cursor={first['nextCursor']}")
    assert (elsewhere.status, elsewhere.failing) == (400, {"cursor"})


def test_tags_of_one_fan_and_of_all(fan: dict[str, Any]) -> None:
    tags = f"/{fan['id']}/tags"
    assert _ask("POST", tags, {"tag": "a, b/c"}).status == 204
    assert _ask("GET", tags).json() == {"tags": [{"tag": "vip", "count": 1}, {"tag": "a, b/c", "count": 1}]}
    assert _ask("DELETE", tags, query="tag=a, b/c").status == 204
    assert _ask("PUT", "/tags", {"tag": "VIP"}, query="tag=vip").json() == {"changed": 1}
    assert _ask("GET", "/tags").json() == {"tags": [{"tag": "VIP", "count": 1}]}
    assert _ask("DELETE", "/tags", query="tag=VIP").json() == {"changed": 1}
    assert _ask("GET", f"/{fan['id']}").json()["tags"] == []


def test_many_are_tagged_by_id_or_by_filter(fan: dict[str, Any]) -> None:
    assert _ask("POST", "/tags", {"ids": [fan["id"]], "add": ["x"]}).json() == {"changed": 1}
    assert _ask("POST", "/tags", {"filters": {"tag": "x"}, "remove": ["x", "vip"]}).json() == {"changed": 1}
    assert _ask("GET", f"/{fan['id']}").json()["tags"] == []
    missing = _ask("POST", "/tags", {"ids": [fan["id"], NEVER], "add": ["x"]})
    assert missing.status == 404
    assert _ask("GET", f"/{fan['id']}").json()["tags"] == []


ROUTES: list[tuple[str, str, object]] = [
    ("GET", "/{id}", None),
    ("PUT", "/{id}", {"name": "x"}),
    ("DELETE", "/{id}", None),
    ("POST", "/{id}/restore", None),
    ("GET", "/{id}/export", None),
    ("GET", "/{id}/notes", None),
    ("POST", "/{id}/notes", {"text": "x"}),
    ("PUT", "/{id}/notes/" + NEVER, {"text": "x"}),
    ("DELETE", "/{id}/notes/" + NEVER, None),
    ("GET", "/{id}/tags", None),
    ("POST", "/{id}/tags", {"tag": "x"}),
    ("DELETE", "/{id}/tags?tag=x", None),
]


def _ask_route(method: str, path: str, body: object) -> Answer:
    path, _, query = path.partition("?")
    return _ask(method, path, body, query=query)


@pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=str)
def test_what_is_theirs_is_as_absent_as_what_never_was(stage: Stage, method: str, path: str, body: object) -> None:
    stage.join()
    theirs = stage.join(subject="somebody else")
    other = stage.stores(theirs).fans
    fan = other.add(new_fan(), new_id(), stage.parts.clock.now())
    answers = [_ask_route(method, path.format(id=chosen), body) for chosen in (fan.id, NEVER)]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body
    assert other.get(fan.id) == fan


@pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=str)
def test_an_id_that_is_none_is_refused_by_name(stage: Stage, method: str, path: str, body: object) -> None:
    stage.join()
    answer = _ask_route(method, path.format(id="robin"), body)
    assert (answer.status, answer.failing) == (400, {"id"})


READING = {"GET /{id}", "GET /{id}/notes", "GET /{id}/tags"}
WRITING_NOTES = {f"{method} {path}" for method, path, _ in ROUTES if "/notes" in path and method != "GET"}


@pytest.mark.parametrize(("role", "may"), [(Role.CHATTER, READING | WRITING_NOTES), (Role.ANALYST, set())])
def test_each_role_may_what_the_contract_says(stage: Stage, role: Role, may: set[str]) -> None:
    stage.join(role)
    refused = {
        f"{method} {path}"
        for method, path, body in ROUTES
        if _ask_route(method, path.format(id=NEVER), body).status == 403
    }
    assert refused == {f"{method} {path}" for method, path, _ in ROUTES} - may


BAD: list[tuple[str, str, object, set[str]]] = [
    ("PUT", "/{id}", {"name": "x" * 10_000, "valueCents": -1, "email": "a\0@b"}, {"name", "valueCents", "email"}),
    ("PUT", "/{id}", {"valueCents": 2**63, "lastSeenAt": "now"}, {"valueCents", "lastSeenAt"}),
    ("PUT", "/{id}", {"valueCents": 0.5, "name": "\ud800"}, {"valueCents", "name"}),
    ("PUT", "/{id}", {"platform": "fansly", "id": NEVER}, {"platform", "id"}),
    ("PUT", "/{id}", '{"a":' * 200_000, {"body"}),
    ("PUT", "/{id}", None, {"body"}),
    ("POST", "/{id}/notes", {"text": "x" * 5_001}, {"text"}),
    ("POST", "/{id}/notes", {"text": "a\0b"}, {"text"}),
    ("POST", "/{id}/notes", {"text": " "}, {"text"}),
    ("POST", "/{id}/notes", {"text": "a", "authorId": NEVER}, {"authorId"}),
    ("POST", "/{id}/tags", {"tag": "x" * 201}, {"tag"}),
    ("DELETE", "/{id}/tags", None, {"tag"}),
    ("DELETE", "/tags", None, {"tag"}),
    ("PUT", "/tags?tag=a", {"tag": ""}, {"tag"}),
    ("POST", "/tags", {}, {"ids", "filters"}),
    ("POST", "/tags", {"ids": ["x"], "add": ["a", "a"]}, {"ids.0", "add"}),
    ("POST", "/tags", {"filters": {"minValueCents": -1, "who": 1}}, {"filters.minValueCents", "filters.who"}),
    ("POST", "/tags", {"filters": {}, "add": ["a"], "remove": ["a"]}, {"remove"}),
    ("GET", "/top?limit=101", None, {"limit"}),
    ("GET", "/{id}/notes?cursor=x", None, {"cursor"}),
    ("GET", "?minValueCents=1.5&seenAfter=now&sort=id&tag=", None, {"minValueCents", "seenAfter", "sort", "tag"}),
    ("GET", "?minValueCents=9223372036854775808", None, {"minValueCents"}),
]


@pytest.mark.parametrize(("method", "path", "body", "fields"), BAD, ids=lambda part: str(part)[:30])
def test_bad_input_is_refused_by_the_names_of_its_fields(
    fan: dict[str, Any], method: str, path: str, body: object, fields: set[str]
) -> None:
    answer = _ask_route(method, path.format(id=fan["id"]), body)
    assert (answer.status, answer.failing) == (400, fields)
    assert _ask("GET", f"/{fan['id']}").json() == fan


def _pages(**query: str) -> Callable[[], Answer]:
    return lambda: _ask("GET", query="&".join(f"{name}={value}" for name, value in query.items()))


def test_a_cursor_goes_with_its_filters_and_its_order(fan: dict[str, Any]) -> None:
    assert fan
    for number in range(3):
        _ask("POST", body={**BODY, "platformId": str(number), "tags": ["vip"]})
    cursor = _pages(limit="2", tag="vip", sort="name")().json()["nextCursor"]
    assert len(_pages(limit="1", tag="vip", sort="name", cursor=cursor)().json()["fans"]) == 1
    for other in ({"tag": "vip"}, {"sort": "name"}, {"tag": "vip", "sort": "valueCents"}, {}):
        answer = _pages(limit="2", cursor=cursor, **other)()
        assert (answer.status, answer.failing) == (400, {"cursor"})
