"""One stage as CloudFormation would get it, with the questions that tests ask of it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.node import use_packaged_node
from infra.stage import Stage

Resource = dict[str, Any]
AN_ID = "an-id"  # in place of what only a deployment knows


@dataclass(frozen=True)
class Synthesized:
    """The three templates of one stage."""

    stage: Stage
    folder: Path
    stacks: dict[str, dict[str, Any]]

    def all_of(self, kind: str) -> dict[str, Resource]:
        """Every resource of this type, by logical id."""
        return {name: each for name, each in self.resources() if each["Type"] == kind}

    def properties_of(self, kind: str) -> list[dict[str, Any]]:
        return [each.get("Properties", {}) for each in self.all_of(kind).values()]

    def only(self, kind: str) -> dict[str, Any]:
        """The properties of the one resource of this type."""
        [properties] = self.properties_of(kind)
        return properties

    def resources(self) -> Iterator[tuple[str, Resource]]:
        for stack in self.stacks.values():
            yield from stack["Resources"].items()

    def function(self, name: str) -> dict[str, Any]:
        [found] = [each for each in self.properties_of("AWS::Lambda::Function") if each["FunctionName"] == name]
        return found

    def template_files(self) -> list[str]:
        return [str(path) for path in sorted(self.folder.glob("*.template.json"))]


def monitoring_of(stage: Stage, folder: Path) -> dict[str, Any]:
    """The template of what watches a stage, without the assets of what it watches."""
    use_packaged_node()
    from aws_cdk import App, Environment, Stack  # noqa: PLC0415 - starts Node: only when a test asks for it
    from aws_cdk import aws_kms as kms  # noqa: PLC0415 - the same

    from infra.stacks.monitoring import MonitoringStack  # noqa: PLC0415 - the same

    app = App(analytics_reporting=False, outdir=str(folder))
    here = Environment(region="us-east-1", account="000000000000")
    key = kms.Key.from_key_arn(Stack(app, "elsewhere", env=here), "Key", f"arn:aws:kms:us-east-1:{here.account}:key/a")
    MonitoringStack(app, "monitoring", stage=stage, key=key, api_id=AN_ID, env=here)
    app.synth()
    return dict(json.loads((folder / "monitoring.template.json").read_text()))


Synthesize = Callable[[Stage], Synthesized]
