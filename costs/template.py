"""A stage as CloudFormation would get it."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.stage import Stage

ROOT = Path(__file__).resolve().parent.parent
Properties = dict[str, Any]
# `rate(5 minutes)` in minutes.
UNITS = {"minute": 1, "hour": 60, "day": 24 * 60}


@dataclass(frozen=True)
class Template:
    """All resources of a stage, whichever of its stacks they are in."""

    stage: str
    resources: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, stage: str, stacks: Iterable[Mapping[str, Any]]) -> "Template":
        """The resources of these templates in one."""
        return cls(stage, {name: each for stack in stacks for name, each in stack["Resources"].items()})

    def types(self) -> Counter[str]:
        """How many there are of each type."""
        return Counter(each["Type"] for each in self.resources.values())

    def all_of(self, kind: str) -> list[Properties]:
        """The properties of every resource of this type."""
        return [each.get("Properties", {}) for each in self.resources.values() if each["Type"] == kind]

    def function(self, short_name: str) -> Properties:
        """The function that is called so behind the stage's prefix."""
        functions = self.all_of("AWS::Lambda::Function")
        [found] = [each for each in functions if each["FunctionName"].endswith(f"huntaze-{short_name}")]
        return found

    def schedules(self) -> list[tuple[Properties, float]]:
        """Every function that is started again and again, and after how many minutes."""
        return [
            (self.function_behind(target["Arn"]), minutes_of(rule["ScheduleExpression"]))
            for rule in self.all_of("AWS::Events::Rule")
            if "ScheduleExpression" in rule and rule["State"] == "ENABLED"
            for target in rule["Targets"]
        ]

    def function_behind(self, reference: Mapping[str, Any]) -> Properties:
        """The function that a reference means, whether it names the function, a version of it or an alias."""
        name = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
        found = self.resources[name]
        if found["Type"] == "AWS::Lambda::Function":
            return dict(found["Properties"])
        return self.function_behind(found["Properties"]["FunctionName"])


def minutes_of(schedule: str) -> float:
    """The pause between two starts of a `rate(…)`."""
    number, unit = schedule.removeprefix("rate(").removesuffix(")").split()
    return int(number) * UNITS[unit.removesuffix("s")]


def synthesize(stage: Stage) -> Template:
    """Build the templates as a deployment would, into a folder that is forgotten."""
    from infra.node import use_packaged_node  # noqa: PLC0415 - together with the CDK, which starts Node

    use_packaged_node()
    from aws_cdk import App  # noqa: PLC0415 - the same

    from infra.deployment import add_stacks  # noqa: PLC0415 - the same

    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    with tempfile.TemporaryDirectory() as folder:
        app = App(analytics_reporting=False, context=context, outdir=folder)
        add_stacks(app, stage)
        app.synth()
        return Template.of(stage.name, [json.loads(file.read_text()) for file in Path(folder).glob("*.template.json")])
