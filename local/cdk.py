"""The real CDK command line, with the Node that PyPI ships."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local.node import node_folder

ROOT = Path(__file__).parent.parent
CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"


class DeployFailed(Exception):
    """The CDK command line ended with an error; carries the end of what it said."""


def bootstrap(target: list[str], *, env: Mapping[str, str], log: Path | None = None) -> None:
    """Prepare an account once; from a folder without an app, which would only be synthesized for nothing."""
    with tempfile.TemporaryDirectory() as nowhere:
        run(["bootstrap", *target], env=env, log=log, folder=Path(nowhere))


def run(words: list[str], *, env: Mapping[str, str], log: Path | None = None, folder: Path = ROOT) -> None:
    """Run one CDK command; its output goes to the log where there is one, else to the terminal."""
    command = [str(node_folder() / "node"), str(CDK), *words]
    if log is None:
        subprocess.run(command, cwd=folder, env=environment(env), check=True)
        return
    with log.open("w") as output:
        ended = subprocess.run(
            command,
            cwd=folder,
            env=environment(env),
            check=False,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    if ended.returncode != 0:
        raise DeployFailed("\n".join(log.read_text().splitlines()[-25:]))


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Our Node and our Python first on the path, nothing sent to anybody."""
    path = f"{Path(sys.executable).parent}:{node_folder()}:{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true", "CI": "true", **extra}


def context(values: Mapping[str, object]) -> list[str]:
    """Context values as the command line takes them."""
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def read_outputs(file: Path) -> dict[str, str]:
    """The outputs of every deployed stack in one dictionary."""
    stacks = json.loads(file.read_text())
    return {name: value for outputs in stacks.values() for name, value in outputs.items()}
