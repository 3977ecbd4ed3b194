import json

import pytest

from infra.functions import FUNCTIONS
from infra.routes import ROUTES
from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def functions(any_stage: Synthesized) -> list[Resource]:
    return any_stage.properties_of("AWS::Lambda::Function")


def test_the_declared_functions_are_deployed_and_no_other(any_stage: Synthesized, functions: list[Resource]) -> None:
    assert sorted(function["FunctionName"] for function in functions) == sorted(
        any_stage.stage.physical(spec.name) for spec in FUNCTIONS
    )


def test_every_function_is_arm_newest_python_traced_and_logs_json_into_its_own_group(
    any_stage: Synthesized, functions: list[Resource]
) -> None:
    groups = any_stage.all_of("AWS::Logs::LogGroup")
    for function in functions:
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.14"
        assert function["Handler"] == "handler.handler"
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
        group = groups[function["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
        assert group["LogGroupName"] == f"/aws/lambda/{function['FunctionName']}"
        assert len(function["Layers"]) == 2


def test_every_log_group_is_emptied_when_the_stage_says(any_stage: Synthesized) -> None:
    groups = any_stage.properties_of("AWS::Logs::LogGroup")

    assert {group["RetentionInDays"] for group in groups} == {any_stage.stage.log_days}


def test_the_rate_limiter_has_the_size_of_the_contract(any_stage: Synthesized) -> None:
    function = any_stage.function(any_stage.stage.physical("huntaze-rate-limiter"))

    assert (function["MemorySize"], function["Timeout"]) == (256, 30)


def test_the_worker_of_imports_has_the_size_that_a_million_rows_fit_into(any_stage: Synthesized) -> None:
    function = any_stage.function(any_stage.stage.physical("huntaze-imports"))

    assert (function["MemorySize"], function["Timeout"]) == (512, 900)
    assert function["Environment"]["Variables"].keys() >= {
        *("DATABASE_URL", "EXPORTS_BUCKET", "IMPORTS_QUEUE_URL", "ERASURE_KEY"),
    }


def test_a_permit_put_back_again_and_again_is_no_runaway_loop(any_stage: Synthesized) -> None:
    loops = {
        function["FunctionName"]: function.get("RecursiveLoop")
        for function in any_stage.properties_of("AWS::Lambda::Function")
    }

    assert {name for name, allowed in loops.items() if allowed == "Allow"} == {
        any_stage.stage.physical("huntaze-rate-limiter"),
        any_stage.stage.physical("huntaze-imports"),
    }


def test_functions_behind_the_gateway_answer_before_it_gives_up(any_stage: Synthesized) -> None:
    for name in {route.function for route in ROUTES}:
        spec = next(spec for spec in FUNCTIONS if spec.folder == name)
        assert any_stage.function(any_stage.stage.physical(spec.name))["Timeout"] < 30


def test_secrets_are_named_by_their_arn_and_never_given(functions: list[Resource]) -> None:
    for function in functions:
        for name in ("DATABASE_URL", "MIGRATOR_DATABASE_URL", "REDIS_AUTH_TOKEN", "ERASURE_KEY"):
            value = function["Environment"]["Variables"].get(name)
            assert value is None or "Fn::ImportValue" in value, name


# What a variable may say outright; everything else names a resource of the deployment.
SAID_OUTRIGHT = {
    *("STAGE", "LOG_LEVEL", "CLOUDWATCH_NAMESPACE"),
    *("RATE_LIMITER_ENABLED", "ONLYFANS_CRM_ENABLED", "REQUESTS_PER_MINUTE"),
}


def test_variables_say_references_and_a_few_known_words_alone(in_aws: Synthesized) -> None:
    for function in in_aws.properties_of("AWS::Lambda::Function"):
        variables = function["Environment"]["Variables"]
        assert {name for name, value in variables.items() if isinstance(value, str)} <= SAID_OUTRIGHT


def test_no_function_takes_the_whole_account(in_aws: Synthesized) -> None:
    consumers = {
        in_aws.started_by(each["FunctionName"]) for each in in_aws.properties_of("AWS::Lambda::EventSourceMapping")
    }
    bounded = {
        name
        for name, function in in_aws.all_of("AWS::Lambda::Function").items()
        if function["Properties"].get("ReservedConcurrentExecutions")
    }

    assert bounded | consumers == set(in_aws.all_of("AWS::Lambda::Function"))


def test_the_region_is_read_from_lambda_and_never_set(functions: list[Resource]) -> None:
    assert not [function for function in functions if "AWS_REGION" in function["Environment"]["Variables"]]


def test_every_function_knows_its_stage_its_switches_and_whose_tokens_count(
    any_stage: Synthesized, functions: list[Resource]
) -> None:
    for function in functions:
        variables = function["Environment"]["Variables"]
        assert variables["STAGE"] == any_stage.stage.name
        assert variables["LOG_LEVEL"] == "INFO"
        assert variables["CLOUDWATCH_NAMESPACE"] == "Huntaze/OnlyFans"
        assert variables["RATE_LIMITER_ENABLED"] == "true"
        assert variables["ONLYFANS_CRM_ENABLED"] == "true"
        assert variables["REQUESTS_PER_MINUTE"] == "60"
        assert json.dumps(variables["TOKEN_ISSUER"]).startswith(
            '{"Fn::Join": ["", ["https://cognito-idp.us-east-1.amazonaws.com/"'
        )
        assert "Ref" in variables["TOKEN_CLIENT_ID"]


def test_the_consumer_of_permits_knows_everything_that_delivery_needs(any_stage: Synthesized) -> None:
    variables = any_stage.function(any_stage.stage.physical("huntaze-rate-limiter"))["Environment"]["Variables"]

    assert variables.keys() >= {
        "DATABASE_URL",
        "REDIS_ENDPOINT",
        "REDIS_AUTH_TOKEN",
        "SQS_RATE_LIMITER_QUEUE_URL",
        "SQS_RATE_LIMITER_DLQ_URL",
    }


def test_functions_that_use_data_live_in_the_private_network_and_others_do_not(in_aws: Synthesized) -> None:
    for spec in FUNCTIONS:
        function = in_aws.function(in_aws.stage.physical(spec.name))
        assert ("VpcConfig" in function) is spec.joins_network, spec.name
        if spec.joins_network:
            assert len(function["VpcConfig"]["SubnetIds"]) == 2


def test_together_functions_never_take_four_fifths_of_the_databases_connections(in_aws: Synthesized) -> None:
    limit = int(in_aws.only("AWS::RDS::DBClusterParameterGroup")["Parameters"]["max_connections"])
    consumers = {
        in_aws.started_by(mapping["FunctionName"]): mapping["ScalingConfig"]["MaximumConcurrency"]
        for mapping in in_aws.properties_of("AWS::Lambda::EventSourceMapping")
    }
    at_once = [
        function["Properties"].get("ReservedConcurrentExecutions") or consumers[name]
        for name, function in in_aws.all_of("AWS::Lambda::Function").items()
        if "DATABASE_URL" in function["Properties"]["Environment"]["Variables"]
    ]

    assert sum(at_once) <= limit * 0.8


def test_what_a_crash_leaves_is_looked_for_again_and_again(any_stage: Synthesized) -> None:
    starts = {}
    for rule in any_stage.properties_of("AWS::Events::Rule"):
        [target] = rule["Targets"]
        assert (rule["State"], target["RetryPolicy"]) == ("ENABLED", {"MaximumRetryAttempts": 0})
        starts[any_stage.started_by(target["Arn"]).partition("Function")[0]] = rule["ScheduleExpression"]

    if any_stage.stage.rests:
        assert starts == dict.fromkeys(("Analytics", "Flow", "Relay", "Upkeep"), "rate(1 day)")
    else:
        every_minute = dict.fromkeys(("Analytics", "Flow", "Relay"), "rate(1 minute)")
        assert starts == {"Upkeep": "rate(5 minutes)", **every_minute}


def test_the_schema_is_brought_up_to_date_before_any_function_changes(any_stage: Synthesized) -> None:
    [migration] = any_stage.all_of("Custom::DatabaseSchema")
    functions = any_stage.all_of("AWS::Lambda::Function")

    waiting = {name for name, function in functions.items() if migration in function.get("DependsOn", [])}

    assert functions.keys() - waiting == {name for name in functions if name.startswith("MigrateFunction")}


def test_the_migration_runs_again_when_a_migration_or_the_database_changes(any_stage: Synthesized) -> None:
    migration = any_stage.only("Custom::DatabaseSchema")

    assert "MigrateFunction" in json.dumps(migration["ServiceToken"])
    assert len(migration["Migrations"]) == 16
    assert json.dumps(migration["Database"]).rstrip('"]}').endswith("/huntaze")
