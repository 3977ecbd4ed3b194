"""What the code declares, what the gateway is told and what the description says are the same routes."""

import json
import typing

import pytest

from huntaze.edge.api import Caller, Claimed, Declared, HttpApi, Person
from infra.routes import ROUTES, Route
from tests.support.functions import FUNCTIONS, load, names


def _apis() -> dict[str, HttpApi]:
    loaded = {name: getattr(load(name), "app", None) for name in names()}
    return {name: app for name, app in loaded.items() if isinstance(app, HttpApi)}


def _is_api(route: Route) -> bool:
    return route.path.startswith("/api/")


DECLARED = [(name, api, route) for name, api in _apis().items() for route in api.declared]


def test_the_gateways_routes_are_those_of_the_code() -> None:
    in_code = {(route.method, route.path, name, api.public) for name, api, route in DECLARED}
    assert in_code == {(route.method, route.path, route.function, route.public) for route in ROUTES if _is_api(route)}


def test_the_gateways_pages_are_those_of_the_code_and_what_is_not_there() -> None:
    in_code = {(route.method, route.path) for route in load("web").app.routes}
    besides = {("GET", "/static/{version}/{file}"), ("GET", "/{proxy+}"), ("HEAD", "/{proxy+}"), ("HEAD", "/")}
    pages = [route for route in ROUTES if not _is_api(route)]
    assert in_code | besides == {(route.method, route.path) for route in pages}
    assert {(route.function, route.public) for route in pages} == {("web", True)}


def test_the_published_description_has_every_route_and_no_other() -> None:
    published = json.loads((FUNCTIONS / "public" / "openapi.json").read_text())
    described = {(method.upper(), path) for path, methods in published["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in ROUTES if _is_api(route)}


@pytest.mark.parametrize(("name", "api", "route"), DECLARED, ids=lambda part: getattr(part, "path", ""))
def test_every_guarded_route_asks_who_calls(name: str, api: HttpApi, route: Declared) -> None:
    asked = list(typing.get_type_hints(route.function, include_extras=True).values())
    assert any(one in asked for one in (Caller, Person, Claimed)) != api.public, name
