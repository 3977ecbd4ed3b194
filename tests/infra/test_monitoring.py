import json

import pytest

from infra.functions import FUNCTIONS
from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def alarms(any_stage: Synthesized) -> dict[str, Resource]:
    return {alarm["AlarmName"]: alarm for alarm in any_stage.properties_of("AWS::CloudWatch::Alarm")}


def figure(alarm: Resource) -> tuple[str, str, str, int, int]:
    [dimension] = alarm["Dimensions"]
    return (dimension["Value"], alarm["MetricName"], alarm["Statistic"], alarm["Threshold"], alarm["Period"])


def test_more_than_ten_errors_of_a_function_in_a_minute_are_critical(
    any_stage: Synthesized, alarms: dict[str, Resource]
) -> None:
    for spec in FUNCTIONS:
        alarm = alarms[any_stage.stage.physical(f"huntaze-{spec.folder}-errors")]
        assert figure(alarm) == (any_stage.stage.physical(spec.name), "Errors", "Sum", 10, 60)
        assert alarm["AlarmDescription"].startswith("critical: ")


def test_a_throttled_function_is_a_warning(any_stage: Synthesized, alarms: dict[str, Resource]) -> None:
    for spec in FUNCTIONS:
        alarm = alarms[any_stage.stage.physical(f"huntaze-{spec.folder}-throttles")]
        assert figure(alarm) == (any_stage.stage.physical(spec.name), "Throttles", "Sum", 0, 60)
        assert alarm["AlarmDescription"].startswith("warning: ")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("huntaze-permits-waiting", ("huntaze-rate-limiter-queue", 100, "warning")),
        ("huntaze-dead-letters", ("huntaze-rate-limiter-queue-dlq", 0, "warning")),
        ("huntaze-many-dead-letters", ("huntaze-rate-limiter-queue-dlq", 10, "critical")),
        ("huntaze-exports-dead-letters", ("huntaze-exports-dlq", 0, "warning")),
    ],
)
def test_a_queue_that_fills_is_told(
    any_stage: Synthesized, alarms: dict[str, Resource], name: str, told: tuple[str, int, str]
) -> None:
    queue, above, severity = told
    alarm = alarms[any_stage.stage.physical(name)]

    metric = "ApproximateNumberOfMessagesVisible"
    assert figure(alarm) == (any_stage.stage.physical(queue), metric, "Maximum", above, 60)
    assert alarm["AlarmDescription"].startswith(f"{severity}: ")


def test_every_alarm_tells_people_above_its_figure_and_says_what_to_do(
    any_stage: Synthesized, alarms: dict[str, Resource]
) -> None:
    [topic] = any_stage.all_of("AWS::SNS::Topic")
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
        assert alarm["TreatMissingData"] == "notBreaching"
        assert len(alarm["AlarmDescription"].split(". ")) > 1, "first what happened, then what to do"


def test_alarms_get_through_to_the_encrypted_topic(any_stage: Synthesized) -> None:
    [key] = [
        each for each in any_stage.properties_of("AWS::KMS::Key") if each["Description"] == "Everything that is kept"
    ]
    key_policy = key["KeyPolicy"]["Statement"]
    topic_policy = any_stage.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]

    def allowed(policy: list[Resource]) -> set[str]:
        return {
            action
            for each in policy
            if each["Effect"] == "Allow" and each["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
            for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        }

    assert any_stage.only("AWS::SNS::Topic")["KmsMasterKeyId"]
    assert allowed(key_policy) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert allowed(topic_policy) == {"sns:Publish"}


def test_one_dashboard_shows_functions_and_queues(any_stage: Synthesized) -> None:
    dashboard = any_stage.only("AWS::CloudWatch::Dashboard")
    body = json.dumps(dashboard["DashboardBody"])

    assert dashboard["DashboardName"] == any_stage.stage.physical("huntaze")
    for word in ("Invocations", "Errors", "p95", "huntaze-rate-limiter-queue", "huntaze-rate-limiter-queue-dlq"):
        assert word in body
