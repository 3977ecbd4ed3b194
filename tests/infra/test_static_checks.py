"""What others know to be wrong with a template: cfn-lint, and cdk-nag's AwsSolutions."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra import stage as stages
from infra.stage import Stage
from tests.infra.synthesized import Synthesized

IGNORED_BY_CFN_LINT = {
    "W3005": "The CDK names a function's role among what it waits for, although the role's ARN says so already.",
}

STAGES = [stages.STAGING, stages.PROD]  # those that touch an account


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


@pytest.mark.parametrize("stage", [stages.PROD], ids=lambda stage: stage.name)  # of the others the next test tells
def test_cdk_nag_finds_nothing_that_is_not_acknowledged(
    stage: Stage, tmp_path: Path, feature_flags: dict[str, Any]
) -> None:
    assert findings_of_nag(stage, tmp_path, feature_flags) == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_acknowledgement_has_a_reason_and_answers_a_finding(
    stage: Stage, tmp_path: Path, feature_flags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged = Recorder()
    monkeypatch.setattr("infra.constructs.acknowledge.Validations", acknowledged)

    found = findings_of_nag(stage, tmp_path, feature_flags)

    assert [
        (name, where)
        for name, where in found
        if not any(name == rule and where.startswith(path) for path, rule, _ in acknowledged.rules)
    ] == []
    stale = [
        (rule, path)
        for path, rule, _ in acknowledged.rules
        if not any(name == rule and where.startswith(path) for name, where in found)
    ]
    assert stale == []
    assert all(reason.endswith(".") for _, _, reason in acknowledged.rules)


class Recorder:
    """Stands in for the CDK's Validations: writes acknowledgements down and passes none on."""

    def __init__(self) -> None:
        self.rules = []
        self._path = ""

    def of(self, construct: Any) -> "Recorder":
        self._path = construct.node.path
        return self

    def acknowledge(self, acknowledgment: Any) -> None:
        self.rules.append((self._path, acknowledgment.id, acknowledgment.reason))
