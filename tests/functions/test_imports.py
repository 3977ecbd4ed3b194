"""The API of imports: bodies in, words and numbers out; the use cases behind it are a fake's."""

import json
from typing import Any

import pytest

from huntaze.errors import Conflict
from huntaze.ids import new_id
from huntaze.imports.model import LARGEST, Action, Choices, Field, Policy, Status
from huntaze.imports.rejected import Rejections
from huntaze.members.model import Role
from tests.functions.conftest import Stage
from tests.support.fake_imports import HASH, REJECTED, FakeImports, an_import
from tests.support.functions import CLAIMS, Context, http_event, load
from tests.support.import_api import CSV, FILE, IMPORTS, call, post_form
from tests.support.workspaces import NOON


def test_a_large_file_is_begun_and_told_where_to_go(imports: FakeImports) -> None:
    imports.known = an_import(Status.UPLOADING, layout=None, plan_hash=None)
    answer = call("POST", IMPORTS, body={"fileName": "fans.csv", "fileBytes": LARGEST, "locale": "de-DE"})
    told = answer.json()
    assert (answer.status, told["import"]["status"]) == (201, "uploading")
    assert told["upload"] == {"url": "https://bucket.example", "fields": {"key": "imports/a/b/file.csv"}}
    assert imports.asked == [("begin", "fans.csv", LARGEST, Choices(locale="de-DE"))]


@pytest.mark.parametrize(
    ("wrong", "failing"),
    [
        ({"fileBytes": LARGEST + 1}, "fileBytes"),
        ({"fileBytes": 0}, "fileBytes"),
        ({"fileBytes": "7"}, "fileBytes"),
        ({"fileName": ""}, "fileName"),
        ({"fileName": "x" * 201}, "fileName"),
        ({"locale": "tlh"}, "locale"),
        ({"key": "imports/another"}, "key"),
        ({"mapping": {"username": ""}}, "mapping.username"),
    ],
)
def test_what_cannot_be_begun_is_refused_by_name(imports: FakeImports, wrong: dict[str, Any], failing: str) -> None:
    answer = call("POST", IMPORTS, body={"fileName": "fans.csv", "fileBytes": 7, **wrong})
    assert (answer.status, answer.failing) == (400, {failing})
    assert imports.asked == []


def test_an_import_is_shown_in_words_and_numbers(imports: FakeImports) -> None:
    shown = call("GET", f"{IMPORTS}/{imports.known.id}").json()
    assert (shown["status"], shown["planHash"], shown["plan"]) == ("planned", HASH.hex(), 1)
    assert shown["layout"]["mapping"] == {"username": "Username", "spent": "Total Spent"}
    assert shown["layout"]["sample"] == [["robin", "$1.00"]]
    assert shown["planned"]["reasons"] == [
        {"reason": "known", "message": "This fan is known already.", "count": 2},
        {"reason": "bad_amount", "message": "This is no amount of money.", "count": 1},
        {"reason": "erased", "message": "This person was erased at their request.", "count": 1},
    ]
    assert (shown["error"], shown["undoableUntil"]) == (None, None)
    assert call("GET", IMPORTS).json()["imports"] == [shown]


def test_a_failure_and_the_time_to_undo_are_shown(imports: FakeImports) -> None:
    imports.known = an_import(Status.FAILED, error="line_too_long", error_row=70_000)
    failed = call("GET", f"{IMPORTS}/{imports.known.id}").json()["error"]
    assert failed == {
        "code": "line_too_long",
        "message": "This line is too long for a sheet of fans.",
        "row": 70_000,
        "column": None,
    }
    imports.known = an_import(Status.COMMITTED, committed_at=NOON)
    assert call("GET", f"{IMPORTS}/{imports.known.id}").json()["undoableUntil"] == "2026-07-01T12:00:00Z"


def test_another_dry_run_changes_what_is_said_and_nothing_else(imports: FakeImports) -> None:
    chosen = Choices(locale="fr-FR", policy=Policy.FILL, mapping={Field.USERNAME: "Pseudo"})
    imports.known = an_import(choices=chosen)
    path = f"{IMPORTS}/{imports.known.id}/plan"
    assert call("POST", path, body={"policy": "overwrite"}).status == 202
    assert call("POST", path, body={"mapping": None}).status == 202
    planned = [asked[1] for asked in imports.asked if asked[0] == "plan"]
    assert planned == [
        Choices(locale="fr-FR", policy=Policy.OVERWRITE, mapping={Field.USERNAME: "Pseudo"}),
        Choices(locale="fr-FR", policy=Policy.FILL, mapping=None),
    ]


def test_a_plan_is_committed_by_its_hash_and_undone(imports: FakeImports) -> None:
    path = f"{IMPORTS}/{imports.known.id}"
    assert call("POST", f"{path}/commit", body={"planHash": HASH.hex()}).status == 202
    assert call("POST", f"{path}/undo").status == 202
    assert imports.asked == [("commit", HASH), ("undo",)]


@pytest.mark.parametrize("wrong", [{}, {"planHash": "00"}, {"planHash": "Z" * 64}, {"planHash": None}])
def test_a_hash_that_is_none_is_refused(imports: FakeImports, wrong: dict[str, Any]) -> None:
    answer = call("POST", f"{IMPORTS}/{imports.known.id}/commit", body=wrong)
    assert (answer.status, answer.failing) == (400, {"planHash"})


def test_rows_go_on_where_a_cursor_says(imports: FakeImports) -> None:
    imports.found = [REJECTED, *(an_example(number) for number in range(8, 13))]
    path = f"{IMPORTS}/{imports.known.id}/rows"
    first = call("GET", path, query="limit=4").json()
    rest = call("GET", path, query=f"limit=4&cursor={first['nextCursor']}").json()
    assert [row["row"] for row in first["rows"]] == [7, 8, 9, 10]
    assert ([row["row"] for row in rest["rows"]], rest["nextCursor"]) == ([11, 12], None)
    assert first["rows"][0]["message"] == "This amount can be read in two ways. Choose the locale of the file."
    assert first["rows"][1]["message"] is None
    other = call("GET", path, query=f"action=reject&cursor={first['nextCursor']}")
    assert (other.status, other.failing) == (400, {"cursor"})
    assert call("GET", path, query="outcome=since_edited&action=update").status == 200
    assert imports.asked[-1] == ("rows", Action.UPDATE, 0, 51, "since_edited")
    assert call("GET", path, query="outcome=since_monday").failing == {"outcome"}


def an_example(number: int) -> Any:
    return type(REJECTED)(number=number, action=Action.CREATE, column=None, reason=None, name="Robin", fan_id=None)


def test_rejected_rows_are_a_file(imports: FakeImports) -> None:
    imports.rejections = Rejections("rejected.csv", texts=iter(["\ufeffRow,", "Username\r\n"]))
    answer = call("GET", f"{IMPORTS}/{imports.known.id}/rejected.csv")
    assert (answer.status, answer.body) == (200, "\ufeffRow,Username\r\n")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rejected.csv"'
    assert "Link" not in answer.headers


def test_many_rejected_rows_lie_somewhere_else(imports: FakeImports) -> None:
    imports.rejections = Rejections("rejected.csv", link="https://bucket.example/rejected?signed")
    answer = call("GET", f"{IMPORTS}/{imports.known.id}/rejected.csv")
    assert (answer.status, answer.body) == (303, "")
    assert answer.headers["Location"] == "https://bucket.example/rejected?signed"


REQUESTS = [
    ("GET", IMPORTS, None),
    ("POST", IMPORTS, {"fileName": "a", "fileBytes": 1}),
    ("GET", f"{IMPORTS}/{{id}}", None),
    ("POST", f"{IMPORTS}/{{id}}/plan", {}),
    ("POST", f"{IMPORTS}/{{id}}/commit", {"planHash": "00" * 32}),
    ("POST", f"{IMPORTS}/{{id}}/undo", None),
    ("GET", f"{IMPORTS}/{{id}}/rows", None),
    ("GET", f"{IMPORTS}/{{id}}/rejected.csv", None),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_who_may_not_import_may_do_none_of_it(stage: Stage, method: str, path: str, body: Any) -> None:
    stage.join(Role.CHATTER)
    stage.parts.imports = FakeImports()  # type: ignore[assignment]  # as much of it as the API asks
    assert call(method, path.format(id=new_id()), body=body).status == 403
    assert post_form(FILE).status == 403


@pytest.mark.parametrize(("method", "path", "body"), [request for request in REQUESTS if "{id}" in request[1]])
def test_what_is_not_there_is_not_found(imports: FakeImports, method: str, path: str, body: Any) -> None:
    imports.rejections = Rejections("rejected.csv")
    assert call(method, path.format(id=new_id()), body=body).status == 404


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_a_closed_door_is_told_before_anything_is_looked_at(
    imports: FakeImports, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any
) -> None:
    monkeypatch.setenv("ONLYFANS_CRM_ENABLED", "false")
    assert call(method, path.format(id=imports.known.id), body=body).status == 503
    assert post_form(FILE).status == 503
    assert imports.asked == []


def test_a_conflict_is_told(imports: FakeImports, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise Conflict("This is not the plan that you have seen.")

    monkeypatch.setattr(imports, "commit", refuse)
    answer = call("POST", f"{IMPORTS}/{imports.known.id}/commit", body={"planHash": "00" * 32})
    assert (answer.status, answer.json()["detail"]) == (409, "This is not the plan that you have seen.")


def test_without_a_token_a_form_is_not_even_looked_at(imports: FakeImports) -> None:
    event = http_event("POST", CSV, body="x", headers={"content-type": "multipart/form-data"}, claims=None)
    assert load("importing").handler(json.loads(json.dumps(event)), Context())["statusCode"] == 401
    assert call("POST", CSV, claims={**CLAIMS, "token_use": "id"}).status == 401
    assert imports.asked == []
