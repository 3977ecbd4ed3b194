"""Every difference between the local stage and the same stage built for AWS, as the templates show it.

Whoever makes the local run differ in one more way has to write it down here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.infra.synthesized import Synthesized

# The local run brings its own servers: nothing of the network, the database and the cache is built.
ONLY_IN_AWS = {
    # New code takes over at once: nobody here shifts traffic step by step.
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Version",
    "AWS::Logs::MetricFilter",
    "AWS::EC2::FlowLog",
    "AWS::EC2::Instance",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::IAM::InstanceProfile",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup",
    "AWS::SecretsManager::SecretTargetAttachment",
}

# What a function has beside itself where new code takes over step by step, and what starts that.
LIVE_CODE = ("Live", "CurrentVersion", "SqsEventSource")

DIFFERENT_PROPERTIES = {
    # Routes, queues and schedules start the function itself.
    "AWS::ApiGatewayV2::Integration": {"IntegrationUri"},
    "AWS::CloudFormation::Stack": {"TemplateURL"},
    # The layer of third-party packages is built for the interpreter that runs the functions.
    "AWS::Lambda::LayerVersion": {"Content.S3Key"},
    # No network to join and no account whose concurrency is shared; the cache listens where the context says.
    "AWS::Lambda::Function": {
        "ReservedConcurrentExecutions",
        "VpcConfig.SecurityGroupIds",
        "VpcConfig.SubnetIds",
        "Environment.Variables.REDIS_ENDPOINT",
        "Environment.Variables.MIGRATOR_DATABASE_URL",
    },
    # Neither, therefore, the right to join it; the administrator's secret is not Aurora's.
    "AWS::IAM::Policy": {"PolicyDocument.Statement"},
    # The local AWS gives the API this id, so that its address outlives a restart.
    "AWS::ApiGatewayV2::Api": {"Tags.ms-custom-id"},
    # Passwords of servers on this machine, which exist before the deployment does.
    "AWS::SecretsManager::Secret": {
        "GenerateSecretString.ExcludePunctuation",
        "GenerateSecretString.GenerateStringKey",
        "GenerateSecretString.PasswordLength",
        "GenerateSecretString.SecretStringTemplate",
        "SecretString",
    },
    # The database is another one.
    "Custom::DatabaseSchema": {"Database"},
    "AWS::Logs::LogGroup": {"RetentionInDays"},
    # Nobody pays for a database here: what waits goes on by the minute. A schedule starts the function itself.
    "AWS::Events::Rule": {"ScheduleExpression", "Targets"},
}


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """`{"a": {"b": 1}}` as `{"a.b": 1}`: intrinsic functions and lists stay whole."""
    if isinstance(value, dict) and not any(key == "Ref" or key.startswith("Fn::") for key in value):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else key)
    else:
        yield path, value


def kinds(stage: Synthesized) -> set[str]:
    return {resource["Type"] for _, resource in stage.resources()}


def test_what_the_local_stage_leaves_out_is_listed(local: Synthesized, twin_of_local: Synthesized) -> None:
    assert kinds(twin_of_local) - kinds(local) == ONLY_IN_AWS


def test_the_local_stage_has_no_kind_of_resource_of_its_own(local: Synthesized, twin_of_local: Synthesized) -> None:
    assert not kinds(local) - kinds(twin_of_local)


def test_every_property_that_differs_is_listed(local: Synthesized, twin_of_local: Synthesized) -> None:
    in_aws = dict(twin_of_local.resources())
    differences = defaultdict(set)
    for name, resource in local.resources():
        if name in in_aws:
            here, there = (dict(flat(each.get("Properties", {}))) for each in (resource, in_aws[name]))
            changed = {path for path in here.keys() | there.keys() if here.get(path) != there.get(path)}
            if changed:
                differences[resource["Type"]] |= changed

    assert dict(differences) == DIFFERENT_PROPERTIES


def test_the_app_and_what_watches_it_have_the_same_parts(local: Synthesized, twin_of_local: Synthesized) -> None:
    missing = {
        name
        for stack in ("app", "monitoring")
        for name in twin_of_local.stacks[stack]["Resources"].keys() ^ local.stacks[stack]["Resources"].keys()
    }
    how_new_code_takes_over = {
        name
        for name in missing
        if name.startswith("RollOut") or name.partition("Function")[2].startswith(LIVE_CODE) or "AllowEventRule" in name
    }
    watched = {re.sub("[0-9A-F]{8}$", "", name.removeprefix("Alarms")) for name in missing - how_new_code_takes_over}
    # The local AWS knows no alarm on what is computed of several metrics; schedules rest only where that saves money.
    computed, awake = {"accountsaway", "messagesfailing"}, {"relay", "flow", "analytics", "upkeep"}
    assert watched == {*computed, "nothingmeasured", *(f"{name}failing" for name in awake)}


def test_the_local_data_stack_is_two_keys_and_four_secrets(local: Synthesized) -> None:
    parts = sorted(resource["Type"] for resource in local.stacks["data"]["Resources"].values())

    assert parts == [*["AWS::KMS::Alias"] * 2, *["AWS::KMS::Key"] * 2, *["AWS::SecretsManager::Secret"] * 4]
