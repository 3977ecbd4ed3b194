"""One stage as CloudFormation would get it, with the questions that tests ask of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.stage import Stage

Resource = dict[str, Any]


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


Synthesize = Callable[[Stage], Synthesized]
