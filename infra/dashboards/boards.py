"""The dashboards of a stage: one for each subject, or all subjects on one."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.dashboards.api import api
from infra.dashboards.business import business
from infra.dashboards.cost import cost
from infra.dashboards.delivery import delivery
from infra.dashboards.functions import functions
from infra.dashboards.servers import servers
from infra.dashboards.widgets import Row, words
from infra.stage import Stage


@dataclass(frozen=True)
class Subject:
    """What one dashboard is about."""

    name: str
    title: str
    rows: Callable[[Stage, str], list[Row]]


SUBJECTS = (
    Subject("delivery", "Delivery", lambda stage, _: delivery(stage)),
    Subject("api", "API and pages", api),
    Subject("functions", "Functions", lambda stage, _: functions(stage)),
    Subject("servers", "Database and cache", lambda stage, _: servers(stage)),
    Subject("business", "Business", lambda stage, _: business(stage)),
    Subject("cost", "Cost", cost),
)


class Boards(Construct):
    """A dashboard costs 3 USD a month: production has one for each subject, the other stages one for all."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, api_id: str) -> None:
        super().__init__(scope, construct_id)
        rows = {subject.name: [_about(subject), *subject.rows(stage, api_id)] for subject in SUBJECTS}
        if stage.boards == "each":
            for name, its_rows in rows.items():
                self._board(name, stage.physical(f"huntaze-{name}"), its_rows)
        else:
            self._board("all", stage.physical("huntaze"), [row for its_rows in rows.values() for row in its_rows])

    def _board(self, construct_id: str, name: str, rows: list[Row]) -> None:
        cloudwatch.Dashboard(
            self,
            construct_id,
            dashboard_name=name,
            widgets=rows,
            period_override=cloudwatch.PeriodOverride.INHERIT,  # an alarm's figure looks as the alarm sees it
        )


def _about(subject: Subject) -> Row:
    return words(f"# {subject.title}\nWhat normal looks like: docs/dashboards.md#{subject.name}")
