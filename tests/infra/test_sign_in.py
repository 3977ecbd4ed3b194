import json

from huntaze.team.model import INVITATION_LASTS
from tests.infra.synthesized import Synthesized


def test_people_are_invited_by_email_and_never_sign_up_by_themselves(any_stage: Synthesized) -> None:
    pool = any_stage.only("AWS::Cognito::UserPool")

    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "verified_email", "Priority": 1}]


def test_passwords_are_strong_and_a_second_factor_is_offered(any_stage: Synthesized) -> None:
    pool = any_stage.only("AWS::Cognito::UserPool")
    policy = pool["Policies"]["PasswordPolicy"]

    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])


def test_tokens_are_short_lived_and_can_be_revoked(any_stage: Synthesized) -> None:
    client = any_stage.only("AWS::Cognito::UserPoolClient")

    assert client["AccessTokenValidity"] == 30
    assert client["RefreshTokenValidity"] == 30 * 24 * 60
    assert set(client["TokenValidityUnits"].values()) == {"minutes"}
    assert client["EnableTokenRevocation"] is True


def test_the_client_tells_nobody_who_exists_and_knows_one_way_in(any_stage: Synthesized) -> None:
    client = any_stage.only("AWS::Cognito::UserPoolClient")

    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert sorted(client["ExplicitAuthFlows"]) == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"]
    assert "GenerateSecret" not in client


def test_the_people_of_production_cannot_be_deleted_by_a_slip(staging: Synthesized, prod: Synthesized) -> None:
    assert prod.only("AWS::Cognito::UserPool")["DeletionProtection"] == "ACTIVE"
    assert staging.only("AWS::Cognito::UserPool")["DeletionProtection"] == "INACTIVE"


def test_an_invitation_says_what_it_is_and_where_to_go(any_stage: Synthesized) -> None:
    pool = any_stage.only("AWS::Cognito::UserPool")
    template = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]
    text = json.dumps(template["EmailMessage"], ensure_ascii=False)
    [api] = any_stage.all_of("AWS::ApiGatewayV2::Api")

    assert "Huntaze" in template["EmailSubject"]
    assert len(template["EmailSubject"]) <= 140
    assert "{username}" in text
    assert "{####}" in text
    assert json.dumps({"Fn::GetAtt": [api, "ApiEndpoint"]}) in text
    assert "{address}" not in text


def test_the_password_of_an_invitation_lasts_as_long_as_the_invitation(any_stage: Synthesized) -> None:
    policy = any_stage.only("AWS::Cognito::UserPool")["Policies"]["PasswordPolicy"]

    assert policy["TemporaryPasswordValidityDays"] == INVITATION_LASTS.days
