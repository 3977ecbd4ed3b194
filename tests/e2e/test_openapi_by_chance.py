"""Requests made by chance from the served description: no 5xx, nothing undocumented, every body as its schema says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.assets import ROOT
from tests.e2e import asking_by_chance
from tests.support.deployed import DEMO_OWNER, Deployed

# What each answer is held to. A refusal that the description does not predict is judged by our own tests instead.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

# Stateful too: which answer gives the id that another operation asks for is told by the names in the description, so
# that it needs no links of its own.
PHASES = "examples,coverage,fuzzing,stateful"
# In every commit the bounds of what is allowed. What is not allowed comes by chance then; kind by kind, and by methods
# that nobody described, with --deep.
ALLOWED_ALONE = """
[phases.coverage]
unexpected-methods = []
[phases.coverage.generation]
mode = "positive"
"""
HOW = ("--checks", CHECKS, "--phases", PHASES, "--seed", "1", "--suppress-health-check", "all", "--no-color")


# By chance it also disconnects the demo's accounts. What was begun leaves meanwhile.
@pytest.mark.turn(1)
def test_every_answer_is_what_the_description_says(
    deployed: Deployed, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    dose = ("--max-examples", "1000", "--workers", "4")
    if not pytestconfig.getoption("--deep"):
        dose = ("--max-examples", "5")
        (tmp_path / "schemathesis.toml").write_text(ALLOWED_ALONE)
    url = deployed.description["url"]
    words = [f"{url}/api/openapi.json", "--url", url, *dose]
    who = (deployed.servers.aws_endpoint, deployed.description["clientId"], DEMO_OWNER)
    told = tmp_path / "told.txt"  # as it goes: the full dose takes long
    with told.open("w") as out:
        ended = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", "schemathesis.cli", "run", *words, *HOW],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
                "SCHEMATHESIS_HOOKS": asking_by_chance.__name__,
                asking_by_chance.WHO: json.dumps([*who, deployed.password_of(DEMO_OWNER)]),
            },
            check=False,
            cwd=tmp_path,  # it reads there how it is to go on, and leaves notes of what it tried
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    assert ended.returncode == 0, _what_failed(told.read_text())


def _what_failed(told: str) -> str:
    """The failures alone: what else it has to say comes after them and is long."""
    return told.partition("= FAILURES =")[2].partition("= WARNINGS =")[0][:8000] or told[-6000:]
