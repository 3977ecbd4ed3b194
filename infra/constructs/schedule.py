"""What starts a function again and again."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.python_function import PythonFunction


class Schedule(Construct):
    """Every so many minutes. A start that fails is not repeated: the next one does the same work."""

    def __init__(self, scope: Construct, construct_id: str, function: PythonFunction, minutes: int) -> None:
        super().__init__(scope, construct_id)
        events.Rule(
            self,
            "Rule",
            description=function.spec.purpose,
            schedule=events.Schedule.rate(Duration.minutes(minutes)),
            targets=[targets.LambdaFunction(function.target, retry_attempts=0)],
        )
