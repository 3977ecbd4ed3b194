"""What is deployed is what OpenAPI says: route by route, with a token and without."""

import re
from typing import Any

import pytest

from infra.routes import ROUTES
from local.local_aws import client
from tests.support.deployed import Deployed

METHODS = {"get", "post", "put", "patch", "delete"}
API_ROUTES = [route for route in ROUTES if route.path.startswith("/api/")]
NOBODY = "01900000-0000-7000-8000-00000000dead"


@pytest.fixture(scope="session")
def openapi(deployed: Deployed) -> dict[str, Any]:
    return dict(deployed.call("GET", "/api/openapi.json").json())


def _operations(openapi: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_the_deployed_routes_are_those_of_openapi(deployed: Deployed, openapi: dict[str, Any]) -> None:
    gateway = client("apigatewayv2", deployed.servers.aws_endpoint)
    api_id = deployed.description["apiId"]
    routes = {route["RouteKey"]: route for route in gateway.get_routes(ApiId=api_id, MaxResults="500")["Items"]}
    operations = _operations(openapi)
    declared = {key for key in routes if " /api/" in key}
    assert declared == set(operations)
    for key in declared:
        guarded = operations[key].get("security", openapi.get("security")) not in ([], None)
        assert (routes[key]["AuthorizationType"] == "JWT") == guarded, key


@pytest.mark.parametrize("route", API_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_operation_answers_as_documented_and_only_with_a_token(
    deployed: Deployed, openapi: dict[str, Any], owner_token: str, route: Any
) -> None:
    documented = _operations(openapi)[f"{route.method} {route.path}"]["responses"]
    path = re.sub(r"\{\w+\}", NOBODY, route.path)
    body = {} if route.method in {"POST", "PUT"} else None
    answered = deployed.call(route.method, path, token=owner_token, body=body)
    assert answered.status < 500
    assert str(answered.status) in documented
    refused = deployed.call(route.method, path, body=body)
    assert refused.status == (answered.status if route.public else 401)


def test_a_path_that_does_not_exist_is_not_found(deployed: Deployed, owner_token: str) -> None:
    assert deployed.call("GET", "/api/crm/nothing", token=owner_token).status == 404
