from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import pytest
from aws_lambda_powertools.event_handler.openapi.params import Query

from huntaze.edge import forms
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.openapi import document
from huntaze.edge.problem import also_told
from huntaze.money import MOST_CENTS
from huntaze.schema import Cents, Incoming, Outgoing, Partial


class Asked(Incoming):
    most: Cents | None = None


class Thing(Outgoing):
    value_cents: int


class NewThing(Incoming):
    value_cents: Cents


class ThingChanges(Partial):
    value_cents: Cents = 0


class Size(StrEnum):
    LARGE = "large"


class BesideAFile(Incoming):
    size: Size = Size.LARGE
    most: Cents | None = None


GOES_ON: dict[int, Any] = {200: {"description": "Done."}, 202: {"description": "It goes on."}}


class Versioned(Outgoing):
    value_cents: int

    @property
    def etag(self) -> str:
        return '"1"'


def _nothing() -> NoReturn:
    raise AssertionError("describing an API needs no parts")


def _api(*, public: bool = False) -> HttpApi:
    return HttpApi(_nothing, public=public)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    guarded, public = _api(), _api(public=True)

    @guarded.get("/api/things/<thing_id>")
    def one_thing(who: Caller, thing_id: str) -> Thing: ...

    @guarded.get("/api/things")
    def list_things(who: Caller, query: Annotated[Asked, Query()]) -> Thing: ...

    @guarded.post("/api/things", status_code=201, openapi_extensions=also_told({409: "Taken."}))
    def add_thing(who: Caller, new: NewThing) -> Thing: ...

    @guarded.post("/api/things/file", responses=GOES_ON, openapi_extensions=forms.described_by(BesideAFile))
    def add_things(who: Caller, sent: forms.Sent) -> Thing: ...

    @guarded.put("/api/things/<thing_id>")
    def change_thing(who: Caller, thing_id: str, changes: ThingChanges) -> Versioned: ...

    @guarded.delete("/api/things/<thing_id>", status_code=204)
    def drop_thing(who: Caller, thing_id: str) -> None: ...

    @public.get("/api/about")
    def about() -> Thing: ...

    return document([guarded, public], "9.9.9")


def _operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for path in described["paths"].values() for operation in path.values()}


def test_every_route_of_every_function_is_there(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["info"]["version"] == "9.9.9"
    assert set(described["paths"]) == {"/api/things/{thing_id}", "/api/things", "/api/things/file", "/api/about"}
    named = {"oneThing", "listThings", "addThing", "addThings", "changeThing", "dropThing", "about"}
    assert set(_operations(described)) == named


def test_guarded_routes_take_a_token_and_public_ones_do_not(described: dict[str, Any]) -> None:
    security = {name: operation["security"] for name, operation in _operations(described).items()}
    assert security.pop("about") == []
    assert set(map(str, security.values())) == {"[{'accessToken': []}]"}
    assert described["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"


def test_each_route_tells_what_it_may_answer(described: dict[str, Any]) -> None:
    answers = {name: " ".join(operation["responses"]) for name, operation in _operations(described).items()}
    assert answers == {
        "oneThing": "200 400 401 403 404 429 500 503",
        "listThings": "200 400 401 403 404 429 500 503",
        "addThing": "201 400 401 403 404 409 413 422 429 500 503",
        "addThings": "200 202 400 401 403 404 409 413 422 429 500 503",
        "changeThing": "200 400 401 403 404 409 413 422 429 500 503",
        "dropThing": "204 400 401 403 404 409 422 429 500 503",
        "about": "200 400 500",
    }


def test_parameters_keep_their_rules(described: dict[str, Any]) -> None:
    parameters = {parameter["name"]: parameter for parameter in _operations(described)["listThings"]["parameters"]}
    assert set(parameters) == {"most", "X-Workspace"}
    assert parameters["most"]["schema"] == {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}


def test_bodies_keep_their_rules_to_the_last_digit(described: dict[str, Any]) -> None:
    rules = described["components"]["schemas"]["NewThing"]["properties"]["valueCents"]
    assert rules == {"type": "integer", "minimum": 0, "maximum": 9_223_372_036_854_775_807}


def test_what_is_left_out_of_a_change_has_no_default(described: dict[str, Any]) -> None:
    rules = described["components"]["schemas"]["ThingChanges"]["properties"]["valueCents"]
    assert rules == {"type": "integer", "minimum": 0, "maximum": 9_223_372_036_854_775_807}


def test_only_what_changes_something_takes_an_idempotency_key(described: dict[str, Any]) -> None:
    keyed = {
        name
        for name, operation in _operations(described).items()
        if "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]
    }
    assert keyed == {"addThing", "addThings", "changeThing", "dropThing"}


def test_a_body_that_knows_its_version_is_told_with_its_etag(described: dict[str, Any]) -> None:
    headers = {
        name: set(answer.get("headers", {}))
        for name, operation in _operations(described).items()
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    }
    assert headers.pop("about") == set()
    assert headers.pop("changeThing") == {"ETag", "RateLimit", "RateLimit-Policy"}
    assert set(map(frozenset, headers.values())) == {frozenset({"RateLimit", "RateLimit-Policy"})}


def test_an_answer_without_content_has_none(described: dict[str, Any]) -> None:
    assert "content" not in _operations(described)["dropThing"]["responses"]["204"]


def test_nothing_refers_to_what_is_not_there(described: dict[str, Any]) -> None:
    assert _dangling(described, described) == []


def _dangling(node: object, root: dict[str, Any]) -> list[str]:
    if isinstance(node, dict):
        found = [] if "$ref" not in node or _resolves(node["$ref"], root) else [node["$ref"]]
        return found + [ref for inner in node.values() for ref in _dangling(inner, root)]
    return [ref for inner in node for ref in _dangling(inner, root)] if isinstance(node, list) else []


def _resolves(ref: str, root: dict[str, Any]) -> bool:
    place: Any = root
    for step in ref.removeprefix("#/").split("/"):
        place = place.get(step, {})
    return bool(place)


def _with_a_thing_of_its_own() -> HttpApi:
    def other() -> Callable[[], Any]:
        class Thing(Outgoing):
            name: str

        def get_other() -> Thing: ...

        return get_other

    api = _api(public=True)
    api.get("/api/other")(other())
    return api


def test_two_schemas_of_one_name_are_an_error_unless_they_are_the_same() -> None:
    one, same = _api(public=True), _api(public=True)

    @one.get("/api/one")
    def one_thing() -> Thing: ...

    @same.get("/api/same")
    def same_thing() -> Thing: ...

    document([one, same], "1")
    with pytest.raises(ValueError, match="Thing is described twice"):
        document([one, _with_a_thing_of_its_own()], "1")


def test_a_form_has_its_file_beside_fields_that_know_no_null(described: dict[str, Any]) -> None:
    told = described["paths"]["/api/things/file"]["post"]
    schema = told["requestBody"]["content"]["multipart/form-data"]["schema"]

    assert (schema["required"], schema["additionalProperties"]) == (["file"], False)
    assert schema["properties"] == {
        "file": {"type": "string", "format": "binary"},
        "size": {"$ref": "#/components/schemas/Size", "default": "large"},
        "most": {"type": "integer", "minimum": 0, "maximum": MOST_CENTS},
    }
    assert described["components"]["schemas"]["Size"]["enum"] == ["large"]
    assert told["responses"]["202"]["content"]["application/json"]["schema"]["$ref"].endswith("/Thing")
    assert "413" in told["responses"]
