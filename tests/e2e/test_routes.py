"""What is deployed is what OpenAPI says: route by route, with a token and without."""

from typing import Any

import pytest

from infra.routes import ROUTES
from local.local_aws import client
from tests.support.deployed import Deployed

METHODS = {"get", "post", "put", "patch", "delete"}
EXPECTED_WITHOUT_INPUT = {"GET": 200, "POST": 400}


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
    assert set(routes) == set(operations)
    for key, route in routes.items():
        guarded = operations[key].get("security", openapi.get("security")) not in ([], None)
        assert (route["AuthorizationType"] == "JWT") == guarded, key


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_operation_answers_as_documented(
    deployed: Deployed, openapi: dict[str, Any], owner_token: str, route: Any
) -> None:
    documented = _operations(openapi)[f"{route.method} {route.path}"]["responses"]
    body = None if route.method == "GET" else {}
    allowed = deployed.call(route.method, route.path, token=owner_token, body=body)
    assert allowed.status == EXPECTED_WITHOUT_INPUT[route.method]
    assert str(allowed.status) in documented
    refused = deployed.call(route.method, route.path, body=body)
    assert refused.status == (allowed.status if route.public else 401)


def test_a_path_that_does_not_exist_is_not_found(deployed: Deployed, owner_token: str) -> None:
    assert deployed.call("GET", "/api/crm/nothing", token=owner_token).status == 404
