"""A stage small enough to be reckoned by hand."""

from typing import Any

from costs.lines import Line
from costs.load import Load, Month
from costs.parts import PRICED
from costs.template import Template

BUSY = Load("1,000 messages a day", 1_000, 8)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def function(name: str, memory: int = 512) -> dict[str, Any]:
    return resource(
        "AWS::Lambda::Function",
        FunctionName=f"staging-huntaze-{name}",
        MemorySize=memory,
        TracingConfig={"Mode": "Active"},
    )


def schedule(function_id: str, rate: str) -> dict[str, Any]:
    target = {"Arn": {"Fn::GetAtt": [function_id, "Arn"]}}
    return resource("AWS::Events::Rule", ScheduleExpression=rate, State="ENABLED", Targets=[target])


def database(minimum: float = 0.5) -> dict[str, dict[str, Any]]:
    scaling = {"MinCapacity": minimum, "MaxCapacity": 4, "SecondsUntilAutoPause": 900}
    return {
        "Cluster": resource("AWS::RDS::DBCluster", ServerlessV2ScalingConfiguration=scaling, BackupRetentionPeriod=7),
        "Writer": resource("AWS::RDS::DBInstance", DBInstanceClass="db.serverless"),
    }


def template(**resources: dict[str, Any]) -> Template:
    return Template("staging", resources)


def lines(month: Month, kind: str) -> dict[str, Line]:
    """What one type of resource costs, by what it is for."""
    return {line.what: line for line in PRICED[kind](month)}


def amounts(month: Month, kind: str) -> dict[str, float]:
    return {what: line.amount for what, line in lines(month, kind).items()}
