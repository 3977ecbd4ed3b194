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
    """The templates of one stage."""

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

    def alarms(self) -> list[dict[str, Any]]:
        """Those that tell people: what only takes a deployment back has no name of its own."""
        return [each for each in self.properties_of("AWS::CloudWatch::Alarm") if "AlarmName" in each]

    def resources(self) -> Iterator[tuple[str, Resource]]:
        for stack in self.stacks.values():
            yield from stack["Resources"].items()

    def function(self, name: str) -> dict[str, Any]:
        [found] = [each for each in self.properties_of("AWS::Lambda::Function") if each["FunctionName"] == name]
        return found

    def started_by(self, target: Any) -> str:
        """The function that a route, a queue or a schedule starts, directly or by way of its alias, by logical id."""
        named = {reference for reference in _references(target) if reference in self.app}
        [found] = [name for name in named if self.app[name]["Type"] in {"AWS::Lambda::Function", "AWS::Lambda::Alias"}]
        resource = self.app[found]
        return found if resource["Type"] == "AWS::Lambda::Function" else resource["Properties"]["FunctionName"]["Ref"]

    @property
    def app(self) -> dict[str, Resource]:
        """The resources of the app's own stack."""
        return self.stacks["app"]["Resources"]

    def template_files(self) -> list[str]:
        return [str(path) for path in sorted(self.folder.glob("*.template.json"))]


def read(stage: Stage, folder: Path) -> Synthesized:
    """What was synthesized into a folder: the three stacks, and the routes, which are a nested one of the app."""
    stacks = {part: _template(folder / f"huntaze-{stage.name}-{part}") for part in ("data", "app", "monitoring")}
    [nested] = [each for each in stacks["app"]["Resources"].values() if each["Type"] == "AWS::CloudFormation::Stack"]
    [file] = folder.glob("*.nested.template.json")
    told = nested["Properties"].pop("Parameters", {})
    routes = _put_in_place(json.loads(file.read_text()), told)
    routes["Parameters"] = {name: each for name, each in routes.get("Parameters", {}).items() if name not in told}
    stacks["routes"] = routes
    return Synthesized(stage, folder, stacks)


def _references(value: Any) -> Iterator[str]:
    """Every logical id that is named in a value."""
    if isinstance(value, dict):
        if "Ref" in value:
            yield value["Ref"]
        if isinstance(value.get("Fn::GetAtt"), list):
            yield value["Fn::GetAtt"][0]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(inner)


def _template(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.with_name(f"{path.name}.template.json").read_text()))


def _put_in_place(value: Any, told: dict[str, Any]) -> Any:
    """A nested template with what its parent tells it where it names that."""
    if isinstance(value, dict):
        if value.keys() == {"Ref"} and value["Ref"] in told:
            return told[value["Ref"]]
        return {key: _put_in_place(inner, told) for key, inner in value.items()}
    return [_put_in_place(inner, told) for inner in value] if isinstance(value, list) else value


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
