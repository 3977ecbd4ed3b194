import json

import pytest

from infra.functions import FUNCTIONS
from infra.routes import ROUTES
from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def deployed(any_stage: Synthesized) -> dict[str, Resource]:
    return {route["RouteKey"]: route for route in any_stage.properties_of("AWS::ApiGatewayV2::Route")}


def test_the_declared_routes_are_deployed_and_no_other(deployed: dict[str, Resource]) -> None:
    assert sorted(deployed) == sorted(f"{route.method} {route.path}" for route in ROUTES)


def test_every_route_is_declared_once_and_points_at_a_function_that_exists() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert {route.function for route in ROUTES} <= {spec.folder for spec in FUNCTIONS}


def test_every_route_points_at_its_own_function(any_stage: Synthesized, deployed: dict[str, Resource]) -> None:
    integrations = any_stage.all_of("AWS::ApiGatewayV2::Integration")
    functions = any_stage.all_of("AWS::Lambda::Function")
    specs = {spec.folder: spec for spec in FUNCTIONS}
    for route in ROUTES:
        integration = deployed[f"{route.method} {route.path}"]["Target"]["Fn::Join"][1][1]["Ref"]
        function = any_stage.started_by(integrations[integration]["Properties"]["IntegrationUri"])
        expected = any_stage.stage.physical(specs[route.function].name)
        assert functions[function]["Properties"]["FunctionName"] == expected


def test_only_a_public_route_opens_without_a_token(deployed: dict[str, Resource]) -> None:
    for route in ROUTES:
        kind = deployed[f"{route.method} {route.path}"]["AuthorizationType"]
        assert kind == ("NONE" if route.public else "JWT"), route


def test_the_gateway_accepts_tokens_of_our_pool_for_our_client(any_stage: Synthesized) -> None:
    authorizer = any_stage.only("AWS::ApiGatewayV2::Authorizer")
    [pool] = any_stage.all_of("AWS::Cognito::UserPool")
    [client] = any_stage.all_of("AWS::Cognito::UserPoolClient")

    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["JwtConfiguration"] == {
        "Audience": [{"Ref": client}],
        "Issuer": {"Fn::Join": ["", ["https://cognito-idp.us-east-1.amazonaws.com/", {"Ref": pool}]]},
    }


def test_a_function_lets_the_gateway_in_by_one_permission_however_many_routes_it_has(any_stage: Synthesized) -> None:
    gateways = [
        each
        for each in any_stage.properties_of("AWS::Lambda::Permission")
        if each["Principal"] == "apigateway.amazonaws.com"
    ]
    invoked = [json.dumps(each["FunctionName"]) for each in gateways]

    assert len(invoked) == len(set(invoked)) == len({route.function for route in ROUTES})


def test_the_gateway_is_throttled_and_logs_no_address_and_no_query(any_stage: Synthesized) -> None:
    stage = any_stage.only("AWS::ApiGatewayV2::Stage")
    logged = stage["AccessLogSettings"]["Format"]

    assert stage["DefaultRouteSettings"] == {"ThrottlingRateLimit": 200, "ThrottlingBurstLimit": 400}
    assert "$context.requestId" in logged
    assert not [word for word in ("sourceIp", "userAgent", "queryString", "$context.path") if word in logged]


def test_no_page_of_anybody_else_may_read_the_api(any_stage: Synthesized) -> None:
    assert "CorsConfiguration" not in any_stage.only("AWS::ApiGatewayV2::Api")
