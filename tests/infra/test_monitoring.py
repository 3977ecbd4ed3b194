import pytest

from huntaze.measures import Gauge
from infra.constructs.metrics import GAUGE_MINUTES
from infra.functions import FUNCTIONS
from tests.infra.synthesized import Resource, Synthesized


def alarms_of(stage: Synthesized) -> dict[str, Resource]:
    return {alarm["AlarmName"]: alarm for alarm in stage.alarms()}


@pytest.fixture
def alarms(any_stage: Synthesized) -> dict[str, Resource]:
    return alarms_of(any_stage)


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
        ("huntaze-imports-dead-letters", ("huntaze-imports-dlq", 0, "warning")),
        ("huntaze-events-dead-letters", ("huntaze-webhooks-dlq", 0, "warning")),
        ("huntaze-counts-dead-letters", ("huntaze-analytics-dlq", 0, "warning")),
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


def test_a_function_that_answers_slowly_is_a_warning(any_stage: Synthesized, alarms: dict[str, Resource]) -> None:
    told = {
        spec.folder: alarm
        for spec in FUNCTIONS
        if (alarm := alarms.get(any_stage.stage.physical(f"huntaze-{spec.folder}-p99")))
    }
    assert set(told) == {spec.folder for spec in FUNCTIONS} - {"migrate"}
    assert {alarm["ExtendedStatistic"] for alarm in told.values()} == {"p99"}
    assert {alarm["EvaluationPeriods"] for alarm in told.values()} == {5}
    assert (told["fans"]["Threshold"], told["rate_limiter"]["Threshold"]) == (3_000, 24_000)


def test_a_permit_older_than_any_plan_is_told(any_stage: Synthesized, alarms: dict[str, Resource]) -> None:
    alarm = alarms[any_stage.stage.physical("huntaze-permits-old")]
    queue = any_stage.stage.physical("huntaze-rate-limiter-queue")
    assert figure(alarm) == (queue, "ApproximateAgeOfOldestMessage", "Maximum", 1_200, 60)
    assert alarm["AlarmDescription"].startswith("warning: ")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("huntaze-messages-unknown", ("OnlyFansMessagesUnknown", 0, 15)),
        ("huntaze-outbox-age", ("OnlyFansOutboxAge", 300, 5)),
    ],
)
def test_what_waits_too_long_is_told(
    any_stage: Synthesized, alarms: dict[str, Resource], name: str, told: tuple[str, int, int]
) -> None:
    metric, above, minutes = told
    alarm = alarms[any_stage.stage.physical(name)]
    assert alarm["Namespace"] == "Huntaze/OnlyFans"
    assert figure(alarm) == (any_stage.stage.name, metric, "Maximum", above, 300)
    assert alarm["EvaluationPeriods"] * alarm["Period"] == minutes * 60


def test_more_than_five_of_a_hundred_messages_failing_is_a_warning(in_aws: Synthesized) -> None:
    alarm = alarms_of(in_aws)[in_aws.stage.physical("huntaze-messages-failing")]
    rate, *counted = alarm["Metrics"]
    assert rate["Expression"] == "IF(processed >= 20, 100 * FILL(failed, 0) / processed, 0)"
    assert {each["Id"]: each["MetricStat"]["Metric"] for each in counted} == {
        name: {
            "Namespace": "Huntaze/OnlyFans",
            "MetricName": f"OnlyFansMessages{name.title()}",
            "Dimensions": [{"Name": "stage", "Value": in_aws.stage.name}],
        }
        for name in ("processed", "failed")
    }
    assert alarm["Threshold"] == 5
    assert alarm["AlarmDescription"].startswith("warning: ")


def test_what_a_schedule_measures_is_awaited_as_often(alarms: dict[str, Resource]) -> None:
    upkeep = next(spec for spec in FUNCTIONS if spec.folder == "upkeep")
    assert upkeep.every_minutes == GAUGE_MINUTES
    gauges = {gauge.value for gauge in Gauge}
    watched = {alarm["MetricName"]: alarm["Period"] for alarm in alarms.values() if alarm.get("MetricName") in gauges}
    assert set(watched.values()) == {60 * GAUGE_MINUTES}


def test_every_alarm_tells_people_above_its_figure_and_says_what_to_do(
    any_stage: Synthesized, alarms: dict[str, Resource]
) -> None:
    [topic] = any_stage.all_of("AWS::SNS::Topic")
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
        assert alarm.get("ActionsEnabled", True) is True
        says = (alarm["ComparisonOperator"], alarm["TreatMissingData"])
        assert says in {("GreaterThanThreshold", "notBreaching"), ("LessThanThreshold", "breaching")}
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


def test_a_schedule_that_fails_each_time_is_critical(prod: Synthesized) -> None:
    alarms = alarms_of(prod)
    scheduled = {spec.folder: spec for spec in FUNCTIONS if spec.every_minutes}
    assert scheduled.keys() == {"relay", "flow", "analytics", "upkeep"}
    for folder, spec in scheduled.items():
        alarm = alarms[prod.stage.physical(f"huntaze-{folder}-failing")]
        assert spec.every_minutes
        name = prod.stage.physical(spec.name)
        assert figure(alarm) == (name, "Errors", "Sum", 0, 60 * spec.every_minutes)
        assert alarm["EvaluationPeriods"] == 3


def test_figures_that_nobody_takes_are_missed(prod: Synthesized) -> None:
    [(name, alarm)] = [(name, one) for name, one in alarms_of(prod).items() if one["TreatMissingData"] == "breaching"]
    assert name == prod.stage.physical("huntaze-nothing-measured")
    assert figure(alarm) == (prod.stage.name, "OnlyFansOutboxAge", "SampleCount", 1, 300)
    assert alarm["EvaluationPeriods"] == 3


def test_where_schedules_rest_nobody_waits_for_them(staging: Synthesized, prod: Synthesized) -> None:
    assert (staging.stage.rests, prod.stage.rests) == (True, False)
    resting = {name.removeprefix(staging.stage.prefix) for name in alarms_of(staging)}
    missing = {name.removeprefix("huntaze-") for name in alarms_of(prod).keys() - resting}
    schedules = {f"{spec.folder}-failing" for spec in FUNCTIONS if spec.every_minutes}
    assert missing == {"nothing-measured", *schedules, "cache-memory-002", "cache-evictions-002"}


def test_what_stands_behind_the_functions_is_watched(in_aws: Synthesized) -> None:
    told = {name.removeprefix(in_aws.stage.prefix): alarm for name, alarm in alarms_of(in_aws).items()}
    assert told["huntaze-database-connections"]["Threshold"] == 320, "of 400"
    assert told["huntaze-database-full"]["EvaluationPeriods"] * told["huntaze-database-full"]["Period"] == 15 * 60
    assert told["huntaze-api-errors"]["Threshold"] == 10
    nodes = {name[-3:] for name in told if name.startswith("huntaze-cache-evictions")}
    assert nodes == ({"001", "002"} if in_aws.stage.name == "prod" else {"001"})


def test_most_accounts_away_is_a_warning(in_aws: Synthesized) -> None:
    alarm = alarms_of(in_aws)[in_aws.stage.physical("huntaze-accounts-away")]
    assert [each["Expression"] for each in alarm["Metrics"] if "Expression" in each] == ["100 * away / accounts"]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (50, 3)
