"""The few kinds of pictures that dashboards are made of."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

WHOLE_WIDTH = 24
HEIGHT = 6
MOST_LOG_GROUPS = 50  # that one query may read

Row = list[cloudwatch.IWidget]


def words(markdown: str, height: int = 2) -> Row:
    """A few lines to read."""
    return [cloudwatch.TextWidget(markdown=markdown, width=WHOLE_WIDTH, height=height)]


def graph(
    title: str, lines: Mapping[str, cloudwatch.IMetric], *, width: int = 8, limit: float | None = None, unit: str = ""
) -> cloudwatch.GraphWidget:
    """Lines over time, by what they are called; `limit` is where an alarm stands."""
    return cloudwatch.GraphWidget(
        title=title,
        width=width,
        height=HEIGHT,
        left=[_called(label, metric) for label, metric in lines.items()],
        left_y_axis=cloudwatch.YAxisProps(min=0, label=unit or None, show_units=False),
        left_annotations=[] if limit is None else [_alarm_at(limit)],
    )


def computed(
    expression: str, metrics: Mapping[str, cloudwatch.IMetric], *, label: str = "", minutes: int = 5
) -> cloudwatch.MathExpression:
    """A figure made of others."""
    return cloudwatch.MathExpression(
        expression=expression, label=label, using_metrics=dict(metrics), period=Duration.minutes(minutes)
    )


def sums(
    name: str, metrics: Sequence[cloudwatch.IMetric], minutes: int, *, factors: Sequence[float] = ()
) -> cloudwatch.MathExpression:
    """All of these together, each times its factor; `name` is one that no other sum of the picture has."""
    named = {f"{name}{number}": metric for number, metric in enumerate(metrics)}
    times = [f" * {factor:g}" for factor in factors] or [""] * len(named)
    terms = (f"FILL({one}, 0){factor}" for one, factor in zip(named, times, strict=True))
    return computed(" + ".join(terms), named, minutes=minutes)


def asked_of_logs(title: str, groups: Sequence[str], *query: str, width: int = WHOLE_WIDTH) -> cloudwatch.IWidget:
    """A table that Logs Insights makes when somebody looks, and nobody pays for before."""
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=list(groups),
        query_lines=list(query),
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=width,
        height=HEIGHT,
    )


def _called(label: str, metric: cloudwatch.IMetric) -> cloudwatch.IMetric:
    if isinstance(metric, cloudwatch.Metric | cloudwatch.MathExpression):
        return metric.with_(label=label)
    raise TypeError(f"{label}: {metric!r} cannot be drawn")


def _alarm_at(limit: float) -> cloudwatch.HorizontalAnnotation:
    return cloudwatch.HorizontalAnnotation(value=limit, label="alarm", color=cloudwatch.Color.RED)
