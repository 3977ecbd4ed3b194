"""What CloudWatch would make of figures: metrics by the minute, and whether an alarm of a template goes off.

The rules are those of its documentation: an alarm looks at its last periods, each of them a statistic of what was told
in it or an expression of several; what was not told counts as the alarm says that it does. An expression or a statistic
that nobody has taught this is an error, never a guess.
"""

import ast
import json
import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.infra.pictured import Shown, named

Alarm = Mapping[str, Any]

STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": len,
}
ARITHMETIC: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
COMPARISONS: Mapping[type[ast.AST], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}
BREACHES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
MISSING = {"breaching": True, "notBreaching": False}


class Figures:
    """What was told, and when: in seconds since it began to be."""

    def __init__(self) -> None:
        self._told: defaultdict[Shown, list[tuple[float, float]]] = defaultdict(list)

    def put(self, metric: Shown, at: float, value: float) -> None:
        """One figure."""
        self._told[metric].append((at, value))

    def put_aws(self, namespace: str, name: str, dimension: tuple[str, str], at: float, value: float) -> None:
        """One of AWS's own."""
        self.put(Shown(namespace, name, frozenset({dimension})), at, value)

    def take(self, lines: Iterable[str], at: float) -> None:
        """The figures in lines of a log, each once for every set of its dimensions."""
        for line in lines:
            if not line.startswith('{"_aws"'):
                continue
            told = json.loads(line)
            for directive in told["_aws"]["CloudWatchMetrics"]:
                for dimensions in directive["Dimensions"]:
                    by = frozenset((name, told[name]) for name in dimensions)
                    for metric in directive["Metrics"]:
                        self.put(Shown(directive["Namespace"], metric["Name"], by), at, told[metric["Name"]])

    def names(self) -> set[str]:
        """Of which metrics anything was told."""
        return {metric.name for metric in self._told}

    def statistic(self, metric: Shown, which: str, began: float, ended: float) -> float | None:
        """Of one period, its end left out; None where nothing was told."""
        values = [value for at, value in self._told.get(metric, ()) if began <= at < ended]
        if not values:
            return 0 if which == "SampleCount" else None
        return percentile(values, float(which[1:])) if which.startswith("p") else STATISTICS[which](values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share / 100 * len(ordered)) - 1, 0)]


def evaluated(expression: str, known: Mapping[str, float | None]) -> float | None:
    """An expression over the values of one period; nothing comes of nothing, but where FILL says what does."""

    def of(node: ast.expr) -> float | None:
        match node:
            case ast.Constant(value=int() | float() as value):
                return value
            case ast.Name(id=name):
                return known[name]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return _of_two(ARITHMETIC[type(op)], of(left), of(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return _of_two(COMPARISONS[type(op)], of(left), of(right))
            case ast.Call(func=ast.Name(id="FILL"), args=[what, ast.Constant(value=int() | float() as instead)]):
                found = of(what)
                return instead if found is None else found
            case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
                chosen = of(condition)
                return None if chosen is None else of(then if chosen else otherwise)
        raise ValueError(f"Nobody has taught this what CloudWatch makes of {ast.unparse(node)}")

    return of(ast.parse(expression, mode="eval").body)


def _of_two(operation: Callable[[float, float], float], left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    try:
        return float(operation(left, right))
    except ZeroDivisionError:
        return None


def goes_off(alarm: Alarm, figures: Figures, until: float) -> bool:
    """Whether it is in alarm at the end of any of its periods up to then."""
    period = _period(alarm)
    first = alarm["EvaluationPeriods"]
    return any(_is_in_alarm(alarm, figures, period * end) for end in range(first, int(until // period) + 1))


def _is_in_alarm(alarm: Alarm, figures: Figures, ended: float) -> bool:
    periods, period = alarm["EvaluationPeriods"], _period(alarm)
    breaches = BREACHES[alarm["ComparisonOperator"]]
    verdicts = []
    for back in range(periods):
        value = _value(alarm, figures, ended - (back + 1) * period, ended - back * period)
        verdicts.append(MISSING[alarm["TreatMissingData"]] if value is None else breaches(value, alarm["Threshold"]))
    return sum(verdicts) >= alarm.get("DatapointsToAlarm", periods)


def _value(alarm: Alarm, figures: Figures, began: float, ended: float) -> float | None:
    if "Metrics" not in alarm:
        which = alarm.get("Statistic") or alarm["ExtendedStatistic"]
        return figures.statistic(named(alarm), which, began, ended)
    [computed] = [each for each in alarm["Metrics"] if each.get("ReturnData", True)]
    stats = {each["Id"]: each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each}
    known = {name: figures.statistic(named(stat["Metric"]), stat["Stat"], began, ended) for name, stat in stats.items()}
    return evaluated(computed["Expression"], known)


def _period(alarm: Alarm) -> int:
    if "Metrics" not in alarm:
        return int(alarm["Period"])
    [period] = {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}
    return int(period)
