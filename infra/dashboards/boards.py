"""The dashboards of a stage: one for each subject, or all subjects on one."""

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
    rows: list[Row]


class Boards(Construct):
    """A dashboard costs 3 USD a month: production has one for each subject, the other stages one for all."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, api_id: str) -> None:
        super().__init__(scope, construct_id)
        subjects = _subjects(stage, api_id)
        if stage.boards == "each":
            for subject in subjects:
                self._board(subject.name, stage.physical(f"huntaze-{subject.name}"), [_about(subject), *subject.rows])
        else:
            rows = [one for subject in subjects for one in (_about(subject), *subject.rows)]
            self._board("all", stage.physical("huntaze"), rows)

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


def _subjects(stage: Stage, api_id: str) -> list[Subject]:
    return [
        Subject("delivery", "Delivery", delivery(stage)),
        Subject("api", "API and pages", api(stage, api_id)),
        Subject("functions", "Functions", functions(stage)),
        Subject("servers", "Database and cache", servers(stage)),
        Subject("business", "Business", business(stage)),
        Subject("cost", "Cost", cost(stage, api_id)),
    ]
