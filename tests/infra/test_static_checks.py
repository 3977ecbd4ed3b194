"""What others know to be wrong with a template: cfn-lint, and cdk-nag's AwsSolutions."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra import stage as stages
from infra.stage import Stage
from tests.infra.synthesized import Synthesized

IGNORED_BY_CFN_LINT = {
    "W3005": "The CDK names a function's role among what it waits for, although the role's ARN says so already.",
}


def test_cfn_lint_finds_nothing(in_aws: Synthesized) -> None:
    ignored = [word for rule in IGNORED_BY_CFN_LINT for word in ("--ignore-checks", rule)]
    command = [Path(sys.executable).with_name("cfn-lint"), *ignored, "--", *in_aws.template_files()]

    linted = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words

    assert linted.stdout + linted.stderr == ""


def findings_of_nag(
    stage: Stage, folder: Path, feature_flags: dict[str, Any], plant: Callable[[Any], None] = lambda _: None
) -> set[tuple[str, str]]:
    """(rule, path of the construct) of everything that cdk-nag finds wrong and nobody has acknowledged."""
    from aws_cdk import App, Validations  # noqa: PLC0415 - starts Node: only when a test asks for it
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415 - the same

    from infra.deployment import add_stacks  # noqa: PLC0415 - the same

    app = App(analytics_reporting=False, context=feature_flags, outdir=str(folder))
    add_stacks(app, stage)
    plant(app)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    with contextlib.suppress(RuntimeError):  # findings end the synthesis; the report names them
        app.synth()
    reports = json.loads((folder / "validation-report.json").read_text())["pluginReports"]
    return {
        (violation["ruleName"], construct["constructPath"])
        for report in reports
        if report["pluginName"] == "AwsSolutions"
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    }


# Only those that touch an account.
@pytest.mark.parametrize("stage", [stages.STAGING, stages.PROD], ids=lambda stage: stage.name)
def test_every_finding_of_cdk_nag_is_acknowledged_with_a_reason_and_every_acknowledgement_answers_one(
    stage: Stage, tmp_path: Path, feature_flags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged = Recorder()
    monkeypatch.setattr("infra.constructs.acknowledge.Validations", acknowledged)

    found = findings_of_nag(stage, tmp_path, feature_flags)

    answered = [(finding, given) for finding in found for given in acknowledged.given if given.answers(*finding)]
    assert found == {finding for finding, _ in answered}
    assert acknowledged.given == {given for _, given in answered}
    assert all(given.reason.endswith(".") for given in acknowledged.given)


@dataclass(frozen=True)
class Acknowledgement:
    """What somebody said about a rule, for a construct and all below it."""

    path: str
    rule: str
    reason: str

    def answers(self, rule: str, path: str) -> bool:
        return rule == self.rule and path.startswith(self.path)


class Recorder:
    """Stands in for the CDK's Validations: writes acknowledgements down and passes none on."""

    def __init__(self) -> None:
        self.given: set[Acknowledgement] = set()
        self._path = ""

    def of(self, construct: Any) -> "Recorder":
        self._path = construct.node.path
        return self

    def acknowledge(self, acknowledgment: Any) -> None:
        self.given.add(Acknowledgement(self._path, acknowledgment.id, acknowledgment.reason))
