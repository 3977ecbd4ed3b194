"""`app.py` as the CDK command line starts it: in a process of its own, told everything by its environment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.assets import ROOT


def synthesize(folder: Path, context: dict[str, Any], **environment: str) -> subprocess.CompletedProcess[str]:
    told = {"CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps(context), **environment}
    command = [sys.executable, "app.py"]
    env = {**os.environ, **told}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words


def test_it_synthesizes_without_an_account_and_without_a_node_of_the_machine(
    tmp_path: Path, feature_flags: dict[str, Any]
) -> None:
    without_credentials = {name: "" for name in os.environ if name.startswith("AWS_")}

    done = synthesize(tmp_path, {**feature_flags, "stage": "ada"}, PATH="/nowhere", **without_credentials)

    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.glob("*.template.json")} == {
        "huntaze-ada-app.template.json",
        "huntaze-ada-data.template.json",
        "huntaze-ada-monitoring.template.json",
    }


def test_it_deploys_where_the_command_line_says(tmp_path: Path, feature_flags: dict[str, Any]) -> None:
    synthesize(tmp_path, {**feature_flags, "stage": "ada"}, CDK_DEFAULT_REGION="eu-west-1")

    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["artifacts"]["huntaze-ada-app"]["environment"] == "aws://unknown-account/eu-west-1"


def test_it_says_what_it_needs_when_nobody_named_a_stage(tmp_path: Path, feature_flags: dict[str, Any]) -> None:
    done = synthesize(tmp_path, feature_flags)

    assert done.returncode != 0
    assert "-c stage=" in done.stderr
