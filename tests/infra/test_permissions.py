"""Least privilege, read from the templates: every wildcard is listed here with its reason."""

import json
from typing import Any

import pytest

from tests.infra.synthesized import Resource, Synthesized

# What may be done to any resource, because AWS lets these actions name none.
WITHOUT_RESOURCE = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
    "cloudwatch:DescribeAlarms",
}

# What may be done to every file below one folder of a bucket: which files there will be nobody knows beforehand.
WITH_FILES = {"s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject"}

SECRETS = {
    "huntaze-audit": {"AppLogin", "CacheToken"},
    "huntaze-analytics": {"AppLogin"},
    "huntaze-insights": {"AppLogin", "CacheToken"},
    "huntaze-campaigns": {"AppLogin", "CacheToken", "ErasureKey"},
    "huntaze-connections": {"AppLogin", "CacheToken"},
    "huntaze-conversations": {"AppLogin", "CacheToken"},
    "huntaze-desk": {"AppLogin", "CacheToken"},
    "huntaze-exports": {"AppLogin"},
    "huntaze-founding": {"AppLogin"},
    "huntaze-fans": {"AppLogin", "CacheToken", "ErasureKey"},
    "huntaze-importing": {"AppLogin", "CacheToken", "ErasureKey"},
    "huntaze-imports": {"AppLogin", "ErasureKey"},
    "huntaze-flow": {"AppLogin", "CacheToken"},
    "huntaze-migrate": {"AppLogin", "AdminLogin"},
    "huntaze-monitoring": {"AppLogin", "CacheToken"},
    "huntaze-onlyfans": {"AppLogin", "CacheToken"},
    "huntaze-privacy": {"AppLogin", "CacheToken", "ErasureKey"},
    "huntaze-public": set(),
    "huntaze-relay": {"AppLogin", "CacheToken"},
    "huntaze-team": {"AppLogin", "CacheToken"},
    "huntaze-upkeep": {"AppLogin"},
    "huntaze-waitlist": {"AppLogin", "CacheToken"},
    "huntaze-web": {"AppLogin", "CacheToken", "ErasureKey"},
    "huntaze-webhooks": {"AppLogin", "CacheToken", "ErasureKey"},
    "huntaze-webhooks-in": {"AppLogin"},
    "huntaze-rate-limiter": {"AppLogin", "CacheToken"},
}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(policy: Resource) -> list[Resource]:
    return policy["PolicyDocument"]["Statement"]


@pytest.fixture
def allowed(any_stage: Synthesized) -> list[Resource]:
    policies = any_stage.properties_of("AWS::IAM::Policy")
    return [statement for policy in policies for statement in statements(policy) if statement["Effect"] == "Allow"]


def test_no_action_is_a_wildcard(allowed: list[Resource]) -> None:
    assert not [action for statement in allowed for action in as_list(statement["Action"]) if "*" in action]


def test_only_actions_that_name_no_resource_are_allowed_on_all(allowed: list[Resource]) -> None:
    for statement in allowed:
        wildcards = [resource for resource in as_list(statement["Resource"]) if "*" in json.dumps(resource)]
        if wildcards:
            in_a_folder = all(is_folder_of_a_bucket(resource) for resource in wildcards)
            assert set(as_list(statement["Action"])) <= (WITH_FILES if in_a_folder else WITHOUT_RESOURCE)


def is_folder_of_a_bucket(resource: Any) -> bool:
    """`{"Fn::Join": ["", [<the bucket's own ARN>, "/folder/*"]]}`."""
    if resource == "*":
        return False
    bucket, folder = resource["Fn::Join"][1]
    return "Fn::GetAtt" in bucket and folder in {"/exports/*", "/imports/*"}


def test_every_function_has_a_role_of_its_own_without_ready_made_policies(any_stage: Synthesized) -> None:
    roles = [json.dumps(function["Role"]) for function in any_stage.properties_of("AWS::Lambda::Function")]

    assert len(set(roles)) == len(roles)
    assert not [role for role in any_stage.properties_of("AWS::IAM::Role") if role.get("ManagedPolicyArns")]


def test_network_interfaces_are_for_lambda_and_not_for_the_functions_own_code(in_aws: Synthesized) -> None:
    for policy in in_aws.properties_of("AWS::IAM::Policy"):
        kinds = {
            statement["Effect"]: set(as_list(statement["Action"]))
            for statement in statements(policy)
            if "ec2:CreateNetworkInterface" in statement["Action"]
        }
        if kinds:
            assert kinds["Deny"] == kinds["Allow"] & kinds["Deny"] == {a for a in WITHOUT_RESOURCE if a[:3] == "ec2"}


def test_roles_are_taken_by_aws_services_alone(any_stage: Synthesized) -> None:
    for role in any_stage.properties_of("AWS::IAM::Role"):
        [trusted] = role["AssumeRolePolicyDocument"]["Statement"]
        assert set(trusted["Principal"]) == {"Service"}


def test_functions_are_started_by_our_gateway_and_our_schedules_alone(any_stage: Synthesized) -> None:
    for permission in any_stage.properties_of("AWS::Lambda::Permission"):
        assert permission["Principal"] in {"apigateway.amazonaws.com", "events.amazonaws.com"}
        assert permission["SourceArn"]


def test_no_function_has_an_address_past_the_gateway(any_stage: Synthesized) -> None:
    assert not any_stage.all_of("AWS::Lambda::Url")


def policy_of(stage: Synthesized, name: str) -> list[Resource]:
    role = stage.function(stage.stage.physical(name))["Role"]["Fn::GetAtt"][0]
    [policy] = [each for each in stage.properties_of("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    return statements(policy)


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_function_reads_the_secrets_it_uses_and_no_other(any_stage: Synthesized, name: str) -> None:
    reading = [each for each in policy_of(any_stage, name) if each["Action"] == "secretsmanager:GetSecretValue"]
    resources = json.dumps([each["Resource"] for each in reading])

    assert {
        secret for secret in ("AppLogin", "AdminLogin", "CacheToken", "ErasureKey") if secret in resources
    } == SECRETS[name]


@pytest.mark.parametrize("name", sorted(name for name, secrets in SECRETS.items() if secrets))
def test_the_key_opens_by_way_of_secrets_manager_alone(any_stage: Synthesized, name: str) -> None:
    [opening] = [
        each
        for each in policy_of(any_stage, name)
        if each["Action"] == "kms:Decrypt" and CONNECTION_KEY not in json.dumps(each["Resource"])
    ]

    assert opening["Condition"] == {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}


# Who locks up and who opens what creators' accounts are opened with.
CONNECTION_KEY = "ConnectionKey"
USING_THE_KEY = {
    "huntaze-connections": {"kms:Encrypt", "kms:Decrypt"},
    "huntaze-monitoring": {"kms:Decrypt"},  # a live look at the bridges
    "huntaze-rate-limiter": {"kms:Decrypt"},
    "huntaze-relay": {"kms:Decrypt"},
    "huntaze-web": {"kms:Encrypt", "kms:Decrypt"},
    "huntaze-webhooks-in": {"kms:Decrypt"},  # what bridges sign with
}


def test_credentials_are_locked_and_opened_by_whom_it_takes_and_for_a_row_alone(any_stage: Synthesized) -> None:
    using: dict[str, set[str]] = {}
    for function in any_stage.properties_of("AWS::Lambda::Function"):
        name = function["FunctionName"].removeprefix(any_stage.stage.prefix)
        if not name.startswith("huntaze-"):
            continue
        for statement in policy_of(any_stage, name):
            if CONNECTION_KEY in json.dumps(statement["Resource"]):
                using[name] = using.get(name, set()) | set(as_list(statement["Action"]))
                named = {f"kms:EncryptionContext:{word}": "false" for word in ("workspaceId", "connectionId")}
                assert statement["Condition"] == {
                    "Null": named,
                    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["workspaceId", "connectionId"]},
                }

    assert using == USING_THE_KEY


# Whoever lets messages out or wakes an account queues permits, and the figures of the queue are gauged.
PERMIT_USERS = {
    *("huntaze-connections", "huntaze-conversations", "huntaze-onlyfans", "huntaze-rate-limiter", "huntaze-relay"),
    *("huntaze-campaigns", "huntaze-flow", "huntaze-monitoring", "huntaze-upkeep", "huntaze-web"),
}


@pytest.mark.parametrize(
    ("queue", "users"),
    [
        ("Permits", PERMIT_USERS),
        ("Exports", {"huntaze-exports", "huntaze-upkeep", "huntaze-web"}),
        ("Imports", {"huntaze-importing", "huntaze-imports", "huntaze-upkeep", "huntaze-web"}),
        ("Events", {"huntaze-webhooks", "huntaze-webhooks-in", "huntaze-upkeep"}),
        ("Counts", {"huntaze-analytics"}),
    ],
)
def test_only_who_has_to_do_with_a_queue_may_use_it(any_stage: Synthesized, queue: str, users: set[str]) -> None:
    assert users == {
        name
        for name in SECRETS
        for statement in policy_of(any_stage, name)
        if "sqs:" in json.dumps(statement["Action"]) and f'"{queue}' in json.dumps(statement["Resource"])
    }


@pytest.mark.parametrize("name", ["huntaze-monitoring", "huntaze-upkeep"])
def test_who_measures_queues_reads_their_figures_alone(any_stage: Synthesized, name: str) -> None:
    on_permits = [
        statement
        for statement in policy_of(any_stage, name)
        if "sqs:" in json.dumps(statement["Action"]) and '"Permits' in json.dumps(statement["Resource"])
    ]
    assert {action for statement in on_permits for action in as_list(statement["Action"])} == {"sqs:GetQueueAttributes"}


def test_dead_letters_are_taken_by_who_puts_them_back_alone(any_stage: Synthesized) -> None:
    takers = {
        name
        for name in SECRETS
        for statement in policy_of(any_stage, name)
        if "sqs:ReceiveMessage" in statement["Action"] and "PermitsDeadLetters" in json.dumps(statement["Resource"])
    }
    assert takers == {"huntaze-onlyfans", "huntaze-web"}


ENDING_TOKENS = {"cognito-idp:AdminUserGlobalSignOut"}
INVITING = {"cognito-idp:AdminCreateUser", "cognito-idp:AdminGetUser"}


def test_who_deals_with_people_may_do_to_the_pool_what_they_need(any_stage: Synthesized) -> None:
    [pool] = any_stage.all_of("AWS::Cognito::UserPool")
    allowed: dict[str, set[str]] = {}
    for name in sorted(SECRETS):
        for statement in policy_of(any_stage, name):
            actions = {action for action in as_list(statement["Action"]) if action.startswith("cognito")}
            if actions:
                assert statement["Resource"] == {"Fn::GetAtt": [pool, "Arn"]}
                allowed[name] = allowed.get(name, set()) | actions

    assert allowed == {"huntaze-web": ENDING_TOKENS | INVITING, "huntaze-team": INVITING, "huntaze-founding": INVITING}
