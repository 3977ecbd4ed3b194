"""`app.py` as the CDK command line starts it: in a process of its own, told everything by its environment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.assets import ROOT

VENV = ROOT / ".venv"


def synthesize(
    folder: Path, context: dict[str, Any], interpreter: Path = Path(sys.executable), **environment: str
) -> subprocess.CompletedProcess[str]:
    told = {"CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps(context), **environment}
    command = [interpreter, "app.py"]
    env = {**os.environ, **told}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory, feature_flags: dict[str, Any]) -> Path:
    """Without an account and without a Node of the machine."""
    folder = tmp_path_factory.mktemp("ada")
    without = {"PATH": "/nowhere", **{name: "" for name in os.environ if name.startswith("AWS_")}}
    done = synthesize(folder, {**feature_flags, "stage": "ada"}, CDK_DEFAULT_REGION="eu-west-1", **without)
    assert done.returncode == 0, done.stderr
    return folder


def test_it_synthesizes_every_stack(synthesized: Path) -> None:
    assert {path.name for path in synthesized.glob("huntaze-*.template.json")} == {
        "huntaze-ada-app.template.json",
        "huntaze-ada-data.template.json",
        "huntaze-ada-monitoring.template.json",
    }


@pytest.mark.skipif(not VENV.exists() or sys.prefix == sys.base_prefix, reason="no environment beside the code")
def test_it_finds_the_environment_of_the_project_when_none_is_active(tmp_path: Path) -> None:
    outside = Path(sys.base_prefix) / "bin" / "python3"

    done = synthesize(tmp_path, {}, interpreter=outside, PATH="/nowhere")

    assert "-c stage=" in done.stderr, "it came as far as the CDK"


def test_it_deploys_where_the_command_line_says(synthesized: Path) -> None:
    manifest = json.loads((synthesized / "manifest.json").read_text())
    assert manifest["artifacts"]["huntaze-ada-app"]["environment"] == "aws://unknown-account/eu-west-1"


def test_it_says_what_it_needs_when_nobody_named_a_stage(tmp_path: Path, feature_flags: dict[str, Any]) -> None:
    done = synthesize(tmp_path, feature_flags)

    assert done.returncode != 0
    assert "-c stage=" in done.stderr
