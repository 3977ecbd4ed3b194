"""The HTTP API: the declared routes, each a gateway route of its own."""

import json
from collections.abc import Iterable, Mapping

from aws_cdk import NestedStack, Tags
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.log_group import log_group
from infra.constructs.own_domain import OwnDomain
from infra.constructs.python_function import PythonFunction
from infra.constructs.sign_in import SignIn
from infra.routes import Route
from infra.stage import Stage

# Against a flood; what one person may do in a minute is counted by the code.
THROTTLE = gateway.CfnStage.RouteSettingsProperty(throttling_rate_limit=200, throttling_burst_limit=400)

# Ids alone: neither the address nor the query of a caller.
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "functionMs": "$context.integrationLatency",
    "functionStatus": "$context.integrationStatus",
    "error": "$context.error.messageString",
    "authorizerError": "$context.authorizer.error",
    "subject": "$context.authorizer.claims.sub",
}


class HttpRoutes(Construct):
    """The gateway checks every access token before a function is started; only a public route is without."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, sign_in: SignIn) -> None:
        super().__init__(scope, construct_id)
        self.api = gateway.HttpApi(
            self,
            "Api",
            api_name=stage.physical("huntaze"),
            create_default_stage=False,
            default_authorizer=authorizers.HttpJwtAuthorizer(
                "AccessToken",
                sign_in.issuer,
                jwt_audience=[sign_in.client.user_pool_client_id],
            ),
        )
        if stage.pinned_api_id is not None:
            Tags.of(self.api).add("ms-custom-id", stage.pinned_api_id)
        deployed = self._deploy(stage)
        if stage.domain is not None:
            OwnDomain(self, "Domain", stage.domain, self.api, deployed)

    def add(self, routes: Iterable[Route], functions: Mapping[str, PythonFunction]) -> None:
        """Point every route at its function.

        They are a nested stack: a stack holds 500 resources at most, and the routes alone are most of that.
        """
        nested = NestedStack(self, "Routes", description="Huntaze: every route of the API")
        to = {name: _integration(function) for name, function in functions.items()}
        for route in routes:
            declared = gateway.HttpRoute(
                nested,
                f"{route.method} {route.path}",
                http_api=self.api,
                route_key=gateway.HttpRouteKey.with_(route.path, gateway.HttpMethod(route.method)),
                integration=to[route.function],
                authorizer=gateway.HttpNoneAuthorizer() if route.public else None,
            )
            if route.public:
                acknowledge(declared, {"AwsSolutions-APIG4": "Public on purpose: infra/routes.py says so."})

    def _deploy(self, stage: Stage) -> gateway.CfnStage:
        logs_to = log_group(self, "AccessLog", f"/aws/vendedlogs/{stage.physical('huntaze')}-api", stage)
        return gateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=THROTTLE,
            access_log_settings=gateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=logs_to.log_group_arn,
                format=json.dumps(ACCESS_LOG),
            ),
        )


def _integration(function: PythonFunction) -> integrations.HttpLambdaIntegration:
    """One permission for all routes of a function: one for each would outgrow its policy's 20 KB."""
    return integrations.HttpLambdaIntegration(
        function.spec.construct_id,
        function.target,
        scope_permission_to_route=False,
    )
