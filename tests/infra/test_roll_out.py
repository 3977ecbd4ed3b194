"""New code takes over step by step in AWS: what is started is an alias, and alarms of the new version move it back."""

import json
from dataclasses import replace

import pytest

from infra.functions import FUNCTIONS
from infra.stage import STAGING, from_context
from tests.infra.synthesized import Resource, Synthesize, Synthesized

BY_HAND = {spec.folder for spec in FUNCTIONS if spec.called_by_hand}


def name_of(stage: Synthesized, logical_id: str) -> str:
    return stage.app[logical_id]["Properties"]["FunctionName"].removeprefix(stage.stage.prefix)


@pytest.fixture
def aliases(in_aws: Synthesized) -> dict[str, Resource]:
    """Each by the name of its function."""
    found = in_aws.all_of("AWS::Lambda::Alias").values()
    return {name_of(in_aws, each["Properties"]["FunctionName"]["Ref"]): each for each in found}


def test_everything_but_what_is_called_by_hand_has_something_live(aliases: dict[str, Resource]) -> None:
    assert aliases.keys() == {spec.name for spec in FUNCTIONS if not spec.called_by_hand}
    assert {each["Properties"]["Name"] for each in aliases.values()} == {"live"}
    assert {"migrate", "founding"} == BY_HAND


def test_routes_queues_and_schedules_start_what_is_live_and_nothing_else(in_aws: Synthesized) -> None:
    started = [
        *(each["IntegrationUri"] for each in in_aws.properties_of("AWS::ApiGatewayV2::Integration")),
        *(each["FunctionName"] for each in in_aws.properties_of("AWS::Lambda::EventSourceMapping")),
        *(each["FunctionName"] for each in in_aws.properties_of("AWS::Lambda::Permission")),
        *(each["Targets"][0]["Arn"] for each in in_aws.properties_of("AWS::Events::Rule")),
    ]

    assert len(started) > 40
    assert all("FunctionLive" in json.dumps(one) for one in started)


def test_codedeploy_moves_each_alias_a_tenth_first(in_aws: Synthesized, aliases: dict[str, Resource]) -> None:
    groups = in_aws.all_of("AWS::CodeDeploy::DeploymentGroup")
    by = [each["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"] for each in aliases.values()]

    assert {each["DeploymentGroupName"]["Ref"] for each in by} == set(groups)
    assert len(by) == len(groups)
    for group in groups.values():
        properties = group["Properties"]
        assert properties["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert properties["AutoRollbackConfiguration"]["Enabled"] is True
        assert "DEPLOYMENT_STOP_ON_ALARM" in properties["AutoRollbackConfiguration"]["Events"]


def test_each_is_moved_back_by_errors_of_its_new_version_and_by_those_it_logs(in_aws: Synthesized) -> None:
    shared = set()
    for group in in_aws.properties_of("AWS::CodeDeploy::DeploymentGroup"):
        assert group["AlarmConfiguration"]["Enabled"] is True
        logged, failed = (
            in_aws.app[each["Name"]["Ref"]]["Properties"] for each in group["AlarmConfiguration"]["Alarms"]
        )
        figures = {each["Name"]: each["Value"] for each in failed["Dimensions"]}
        version = figures.pop("ExecutedVersion")["Fn::GetAtt"][0]
        assert figures["Resource"] == f"{figures['FunctionName']}:live"
        assert in_aws.app[version]["Type"] == "AWS::Lambda::Version"
        assert name_of(in_aws, in_aws.started_by(in_aws.app[version]["Properties"]["FunctionName"])) in json.dumps(
            figures
        )
        assert (failed["MetricName"], failed["Threshold"], failed["TreatMissingData"]) == ("Errors", 0, "notBreaching")
        shared.add(logged["MetricName"])
    counted = in_aws.properties_of("AWS::Logs::MetricFilter")
    assert {each["MetricTransformations"][0]["MetricName"] for each in counted} == shared
    assert len(shared) == 1
    assert len(counted) == len(FUNCTIONS) - len(BY_HAND)


def test_only_errors_of_the_new_version_count(in_aws: Synthesized) -> None:
    for each in in_aws.properties_of("AWS::Logs::MetricFilter"):
        before, version, after = each["FilterPattern"]["Fn::Join"][1]
        assert (before, after) == ('{ $.level = "ERROR" && $.version = "', '" }')
        assert in_aws.app[version["Fn::GetAtt"][0]]["Type"] == "AWS::Lambda::Version"


def test_errors_are_counted_before_anything_moves(in_aws: Synthesized) -> None:
    for group in in_aws.all_of("AWS::CodeDeploy::DeploymentGroup").values():
        assert "AWS::Logs::MetricFilter" in {in_aws.app[name]["Type"] for name in group["DependsOn"]}


def test_nothing_moves_before_the_schema_has(in_aws: Synthesized) -> None:
    """Migrations come first, and so they must leave what still runs working: see the linter of migrations."""
    [schema] = in_aws.all_of("Custom::DatabaseSchema")
    for kind in ("AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::Lambda::EventSourceMapping"):
        for name, resource in in_aws.all_of(kind).items():
            assert schema in resource["DependsOn"], name


def test_an_operator_may_let_a_cure_take_over_at_once(synthesize: Synthesize) -> None:
    told = from_context({"stage": "staging", "rollOut": "at-once"}.get)
    assert told == replace(STAGING, roll_out="at-once")
    at_once = synthesize(replace(told, name="hurry", prefix="hurry-"))
    assert not at_once.all_of("AWS::CodeDeploy::DeploymentGroup")


def test_every_stack_has_room_to_grow(any_stage: Synthesized) -> None:
    """CloudFormation takes 500 resources a stack."""
    for name, stack in any_stage.stacks.items():
        assert len(stack["Resources"]) <= 400, name
