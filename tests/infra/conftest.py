"""Every stage, synthesized once for all tests: starting the CDK costs seconds, a further stage less than one."""

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra import stage as stages
from infra.assets import ROOT
from infra.node import use_packaged_node
from infra.stage import Stage
from tests.infra import checkov_runs
from tests.infra.checkov_runs import Finding
from tests.infra.faults import FAULTS, Fault, touched
from tests.infra.synthesized import Synthesize, Synthesized, read

use_packaged_node()


@pytest.fixture(scope="session")
def feature_flags() -> dict[str, Any]:
    """The context that the CDK command line reads from cdk.json."""
    return json.loads((ROOT / "cdk.json").read_text())["context"]


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory, feature_flags: dict[str, Any]) -> Synthesize:
    from aws_cdk import App  # noqa: PLC0415 - starts Node: only when a test asks for it

    from infra.deployment import add_stacks  # noqa: PLC0415 - the same

    @cache
    def synthesize_one(stage: Stage) -> Synthesized:
        folder = tmp_path_factory.mktemp(f"cdk-{stage.name}")
        app = App(analytics_reporting=False, context=feature_flags, outdir=str(folder))
        add_stacks(app, stage)
        app.synth()
        return read(stage, folder)

    return synthesize_one


@pytest.fixture(scope="session")
def local(synthesize: Synthesize) -> Synthesized:
    return synthesize(stages.LOCAL)


@pytest.fixture(scope="session")
def staging(synthesize: Synthesize) -> Synthesized:
    return synthesize(stages.STAGING)


@pytest.fixture(scope="session")
def prod(synthesize: Synthesize) -> Synthesized:
    return synthesize(stages.PROD)


@pytest.fixture(scope="session")
def twin_of_local(synthesize: Synthesize) -> Synthesized:
    """What the local stage would be if it were built like staging: every difference shows, names do not."""
    return synthesize(replace(stages.STAGING, name=stages.LOCAL.name, prefix=stages.LOCAL.prefix))


@pytest.fixture(scope="session", params=["local", "staging", "prod"])
def any_stage(request: pytest.FixtureRequest) -> Synthesized:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session", params=["staging", "prod"])
def in_aws(request: pytest.FixtureRequest) -> Synthesized:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def faulty(prod: Synthesized) -> dict[Fault, Synthesized]:
    """Production with one fault at a time."""
    return {fault: fault.in_a_copy_of(prod) for fault in FAULTS}


@pytest.fixture(scope="session")
def pieces(prod: Synthesized, faulty: dict[Fault, Synthesized], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of every fault a folder with what it touches, sound and faulty: tools read kilobytes instead of megabytes."""
    folder = tmp_path_factory.mktemp("pieces")
    for number, fault in enumerate(FAULTS):
        for word, template in zip(("sound", "faulty"), touched(prod, faulty[fault]), strict=True):
            path = folder / f"{word}-{number}" / "template.json"
            path.parent.mkdir()
            path.write_text(json.dumps(template, indent=1))
    return folder


@pytest.fixture(scope="session")
def checkov_python(pytestconfig: pytest.Config) -> Path:
    """The Python of an environment that has checkov."""

    def say(text: str) -> None:
        with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n· {text}", flush=True)  # noqa: T201 - somebody waits and wonders

    return checkov_runs.installed(say)


@pytest.fixture(scope="session")
def checkov(prod: Synthesized, staging: Synthesized, pieces: Path, checkov_python: Path) -> dict[str, set[Finding]]:
    """One run over everything: starting checkov takes longer than reading all of it."""
    for stage in (prod, staging):
        into = pieces / stage.stage.name
        into.mkdir()
        for template in stage.template_files():
            shutil.copy(template, into)
    return checkov_runs.findings(checkov_python, pieces)
