"""The evaluator of alarms can be wrong too: what it must find, and what it must not."""

import pytest

from tests.infra.pictured import Shown
from tests.support.cloudwatch import Figures, evaluated, goes_off, percentile

METRIC = Shown("Ours", "Depth", frozenset({("stage", "prod")}))
OTHER = Shown("Ours", "Failed", frozenset({("stage", "prod")}))
MINUTE = 60
PLAIN = {
    "Namespace": "Ours",
    "MetricName": "Depth",
    "Dimensions": [{"Name": "stage", "Value": "prod"}],
    "Statistic": "Maximum",
    "Period": MINUTE,
    "EvaluationPeriods": 1,
    "Threshold": 10,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


def told(*values: float | None, metric: Shown = METRIC) -> Figures:
    """One value a minute; None for a minute that says nothing."""
    figures = Figures()
    for minute, value in enumerate(values):
        if value is not None:
            figures.put(metric, minute * MINUTE, value)
    return figures


@pytest.mark.parametrize(
    ("values", "changed", "off"),
    [
        ([11], {}, True),
        ([10], {}, False),
        ([0, 0, 11, 0], {}, True),
        ([], {}, False),
        ([None, None], {"TreatMissingData": "breaching"}, True),
        ([11, None, 11], {"EvaluationPeriods": 3}, False),
        ([11, None, 11], {"EvaluationPeriods": 3, "TreatMissingData": "breaching"}, True),
        ([11, None, 11], {"EvaluationPeriods": 3, "DatapointsToAlarm": 2}, True),
        ([11, 11], {"EvaluationPeriods": 3, "TreatMissingData": "breaching"}, False),
        ([11, 11, 11], {"EvaluationPeriods": 3}, True),
        ([9], {"ComparisonOperator": "LessThanThreshold"}, True),
        ([10], {"ComparisonOperator": "LessThanThreshold"}, False),
        ([10], {"ComparisonOperator": "GreaterThanOrEqualToThreshold"}, True),
        ([6, 6], {"Period": 2 * MINUTE, "Statistic": "Sum"}, True),
        ([6, 6], {"Period": 2 * MINUTE, "Statistic": "Average"}, False),
        ([6, 6], {"Statistic": "Sum"}, False),
        ([11], {"Dimensions": [{"Name": "stage", "Value": "staging"}]}, False),
        ([11], {"MetricName": "Deep"}, False),
    ],
)
def test_an_alarm_goes_off_when_its_last_periods_say_so(
    values: list[float | None],
    changed: dict[str, object],
    off: bool,  # noqa: FBT001 - what a parametrized test is given
) -> None:
    minutes = max(len(values), 2)
    assert goes_off({**PLAIN, **changed}, told(*values), minutes * MINUTE) is off


def test_a_period_without_any_sample_has_a_count_of_none() -> None:
    expected = {**PLAIN, "Statistic": "SampleCount", "Threshold": 1, "ComparisonOperator": "LessThanThreshold"}
    assert goes_off(expected, told(5, None), 2 * MINUTE)
    assert not goes_off(expected, told(5, 0), 2 * MINUTE)


def test_percentiles_are_values_that_were_there() -> None:
    hundred = list(range(1, 101))
    assert (percentile(hundred, 99), percentile(hundred, 50), percentile([7], 99)) == (99, 50, 7)


SHARE = "IF(processed >= 20, 100 * FILL(failed, 0) / processed, 0)"


@pytest.mark.parametrize(
    ("processed", "failed", "share"),
    [(20, 2, 10), (20, None, 0), (19, 19, 0), (None, 3, None), (0, 0, 0)],
)
def test_expressions_are_computed_period_by_period(
    processed: float | None, failed: float | None, share: float | None
) -> None:
    assert evaluated(SHARE, {"processed": processed, "failed": failed}) == share


def test_nothing_comes_of_nothing_and_of_a_division_by_it() -> None:
    assert evaluated("100 * a / b", {"a": 1, "b": None}) is None
    assert evaluated("100 * a / b", {"a": 1, "b": 0}) is None
    assert evaluated("a - b", {"a": 3, "b": 1}) == 2


@pytest.mark.parametrize("expression", ["ANOMALY_DETECTION_BAND(a)", "FILL(a, REPEAT)", "a ** 2", "a < b < a", "[a]"])
def test_what_nobody_taught_it_is_an_error(expression: str) -> None:
    with pytest.raises(ValueError, match="Nobody has taught"):
        evaluated(expression, {"a": 1, "b": 1, "REPEAT": 1})


def test_an_alarm_on_an_expression_goes_off() -> None:
    def stat(metric: Shown) -> dict[str, object]:
        named = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": PLAIN["Dimensions"]}
        return {"Metric": named, "Period": MINUTE, "Stat": "Sum"}

    alarm = {key: PLAIN[key] for key in ("EvaluationPeriods", "ComparisonOperator", "TreatMissingData")}
    alarm |= {
        "Threshold": 5,
        "Metrics": [
            {"Id": "share", "Expression": SHARE},
            {"Id": "processed", "MetricStat": stat(METRIC), "ReturnData": False},
            {"Id": "failed", "MetricStat": stat(OTHER), "ReturnData": False},
        ],
    }
    figures = told(100)
    assert not goes_off(alarm, figures, MINUTE)
    figures.put(OTHER, 1, 5)
    assert not goes_off(alarm, figures, MINUTE)
    figures.put(OTHER, 2, 1)
    assert goes_off(alarm, figures, MINUTE)


def test_lines_of_a_log_count_once_for_each_set_of_dimensions() -> None:
    about = '{"Namespace":"Ours","Dimensions":[["stage"],["stage","platform"]],"Metrics":[{"Name":"Depth"}]}'
    line = f'{{"_aws":{{"CloudWatchMetrics":[{about}]}},"stage":"prod","platform":"onlyfans","Depth":4}}'
    figures = Figures()
    figures.take(["a line of the log", line, line], 30)
    assert figures.statistic(METRIC, "Sum", 0, 60) == 8
    both = Shown("Ours", "Depth", frozenset({("stage", "prod"), ("platform", "onlyfans")}))
    assert figures.statistic(both, "Sum", 0, 60) == 8
    assert figures.statistic(METRIC, "Sum", 31, 60) is None
