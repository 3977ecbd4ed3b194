"""A stage under its own name, and mails from its own address: told by context, and else as AWS gives them."""

import json
from dataclasses import replace

import pytest

from infra.stage import STAGING, Domain, from_context
from tests.infra.synthesized import Synthesize, Synthesized

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b"
OWN = {"stage": "staging", "domainName": "app.example.com", "certificateArn": CERTIFICATE}


@pytest.fixture(scope="module")
def named(synthesize: Synthesize) -> Synthesized:
    stage = from_context({**OWN, "hostedZoneId": "Z1", "senderAddress": "huntaze@example.com"}.get)
    return synthesize(replace(stage, name="named", prefix="named-"))


def test_the_api_answers_under_its_name_with_its_certificate(named: Synthesized) -> None:
    [domain] = named.all_of("AWS::ApiGatewayV2::DomainName")
    properties = named.only("AWS::ApiGatewayV2::DomainName")
    [configuration] = properties["DomainNameConfigurations"]
    mapping = named.only("AWS::ApiGatewayV2::ApiMapping")

    assert properties["DomainName"] == "app.example.com"
    assert (configuration["CertificateArn"], configuration["SecurityPolicy"]) == (CERTIFICATE, "TLS_1_2")
    assert (mapping["DomainName"], mapping["Stage"]) == ({"Ref": domain}, "$default")


def test_a_zone_of_ours_leads_there(named: Synthesized) -> None:
    records = named.properties_of("AWS::Route53::RecordSet")

    assert {each["Type"] for each in records} == {"A", "AAAA"}
    assert {(each["HostedZoneId"], each["Name"]) for each in records} == {("Z1", "app.example.com.")}


def test_people_bridges_and_uploads_are_told_that_name(named: Synthesized) -> None:
    outputs = named.stacks["app"]["Outputs"]
    assert outputs["Url"]["Value"] == "https://app.example.com"
    assert any("CNAME of" in each.get("Description", "") for each in outputs.values())
    assert named.function("named-huntaze-connections")["Environment"]["Variables"]["PUBLIC_URL"] == (
        "https://app.example.com"
    )
    assert "https://app.example.com" in json.dumps(named.only("AWS::S3::Bucket")["CorsConfiguration"])
    assert "https://app.example.com" in json.dumps(named.only("AWS::Cognito::UserPool")["AdminCreateUserConfig"])


def test_mails_come_from_the_stages_own_address(named: Synthesized) -> None:
    mail = named.only("AWS::Cognito::UserPool")["EmailConfiguration"]

    assert mail["EmailSendingAccount"] == "DEVELOPER"
    assert mail["From"] == "Huntaze <huntaze@example.com>"
    assert "identity/example.com" in json.dumps(mail["SourceArn"])


def test_without_context_nothing_of_that_is_there(staging: Synthesized) -> None:
    assert not staging.all_of("AWS::ApiGatewayV2::DomainName")
    assert "EmailConfiguration" not in staging.only("AWS::Cognito::UserPool")
    assert from_context({"stage": "staging"}.get) == STAGING


def test_a_domain_takes_its_certificate_and_the_other_way_round() -> None:
    assert from_context(OWN.get).domain == Domain("app.example.com", CERTIFICATE)
    for missing in ("domainName", "certificateArn"):
        with pytest.raises(ValueError, match="takes both"):
            from_context({name: value for name, value in OWN.items() if name != missing}.get)
