"""What a cold start of each function loads: a fresh interpreter with only its folder and the layers on the path."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import aws_lambda_powertools
import pytest

from tests.support.functions import FUNCTIONS, ROOT, names

DEPENDENCIES = Path(aws_lambda_powertools.__file__).parent.parent
LAYER = ROOT / "layers" / "shared" / "python"

# Loaded when first used, never by an import of the handler.
LAZY = {"boto3", "s3transfer", "redis", "jinja2", "psycopg", "psycopg_binary", "cryptography", "urllib3", "requests"}

# Modules in all, as measured on Python 3.11 and a tenth more; most of them are Powertools', pydantic's and Python's.
BUDGET = {
    "audit": 450,
    "analytics": 195,
    "campaigns": 490,
    "insights": 490,
    "desk": 490,
    "fans": 460,
    "founding": 345,
    "team": 450,
    "conversations": 460,
    "connections": 490,
    "waitlist": 480,
    "monitoring": 460,
    "onlyfans": 460,
    "public": 345,
    "migrate": 235,
    "rate_limiter": 195,
    "relay": 195,
    "flow": 195,
    "webhooks": 195,
    "webhooks_in": 460,
    "exports": 193,
    "importing": 490,
    "imports": 193,
    "web": 402,
    "privacy": 450,
    "upkeep": 150,
}

_PROGRAM = "import sys, json; sys.path[:0] = sys.argv[1:]; import handler; print(json.dumps(sorted(sys.modules)))"


@cache
def _loaded(function: str) -> list[str]:
    path = [str(FUNCTIONS / function), str(LAYER), str(DEPENDENCIES)]
    # -I and -S: neither this process's path nor its site-packages, only what is named here.
    command = [sys.executable, "-I", "-S", "-c", _PROGRAM, *path]
    done = subprocess.run(command, env={}, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("function", names())
def test_drivers_are_not_loaded_before_they_are_used(function: str) -> None:
    assert sorted(LAZY & {module.partition(".")[0] for module in _loaded(function)}) == []


@pytest.mark.parametrize("function", names())
def test_of_botocore_only_its_name_is_loaded(function: str) -> None:
    """Powertools asks whether botocore is there, which loads the package (half a millisecond) and nothing in it."""
    assert [module for module in _loaded(function) if module.startswith("botocore")] in ([], ["botocore"])


@pytest.mark.parametrize("function", names())
def test_a_cold_start_stays_within_its_budget_of_modules(function: str) -> None:
    assert len(_loaded(function)) <= BUDGET[function]


def test_every_function_has_a_budget() -> None:
    assert set(BUDGET) == set(names())


def test_functions_load_nothing_of_each_other() -> None:
    for function in names():
        handlers = [module for module in _loaded(function) if module == "handler" or module.endswith(".handler")]
        assert handlers == ["handler"]
