"""The API under a name of the stage's own."""

from aws_cdk import CfnOutput
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from infra.stage import Domain


class OwnDomain(Construct):
    """TLS from 1.2 on; the address that AWS gives goes on working, for links that were sent before."""

    def __init__(
        self, scope: Construct, construct_id: str, domain: Domain, api: gateway.HttpApi, stage: gateway.CfnStage
    ) -> None:
        super().__init__(scope, construct_id)
        named = gateway.DomainName(
            self,
            "Name",
            domain_name=domain.name,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", domain.certificate_arn),
            security_policy=gateway.SecurityPolicy.TLS_1_2,
        )
        mapping = gateway.CfnApiMapping(
            self, "Mapping", api_id=api.api_id, domain_name=named.name, stage=stage.stage_name
        )
        mapping.add_dependency(stage)
        leads_to = targets.ApiGatewayv2DomainProperties(named.regional_domain_name, named.regional_hosted_zone_id)
        if domain.zone_id is not None:
            zone = route53.HostedZone.from_hosted_zone_attributes(
                self, "Zone", hosted_zone_id=domain.zone_id, zone_name=domain.name
            )
            for kind in (route53.ARecord, route53.AaaaRecord):
                kind(self, kind.__name__, zone=zone, target=route53.RecordTarget.from_alias(leads_to))
        CfnOutput(self, "LeadsTo", value=named.regional_domain_name, description=f"What {domain.name} is a CNAME of")
