"""The whole deployment of one stage, put together."""

import os
from typing import Any

from aws_cdk import App, Environment, Tags

from infra import stage as stages
from infra.stacks.app import AppStack
from infra.stacks.data import DataStack
from infra.stacks.monitoring import MonitoringStack

PURPOSES = {
    "data": "Huntaze: database, cache, secrets and network",
    "app": "Huntaze: sign-in, API, functions and queues",
    "monitoring": "Huntaze: alarms and dashboards",
}


def new_app(**options: Any) -> App:
    """A CDK app with the stacks of the stage that its context names."""
    app = App(analytics_reporting=False, **options)
    add_stacks(app, stages.from_context(app.node.try_get_context))
    return app


def add_stacks(app: App, stage: stages.Stage) -> None:
    """The three stacks of one stage."""
    data = DataStack(app, stage=stage, **_stack("data", stage))
    main = AppStack(app, stage=stage, data=data, **_stack("app", stage))
    MonitoringStack(app, stage=stage, key=data.key, api_id=main.routes.api.api_id, **_stack("monitoring", stage))
    Tags.of(app).add("project", "huntaze")
    Tags.of(app).add("stage", stage.name)


def _stack(name: str, stage: stages.Stage) -> dict[str, Any]:
    return {
        "construct_id": f"huntaze-{stage.name}-{name}",
        "description": PURPOSES[name],
        # The region alone, without an account: zones stay CloudFormation's to choose and nothing is looked up.
        "env": Environment(region=os.environ.get("CDK_DEFAULT_REGION", "us-east-1")),
        "termination_protection": stage.keeps_data,
    }
