"""Every fault that somebody may plant into the templates is caught, by the check that is named for it."""

import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infra import stage as stages
from tests.infra.checkov_runs import Finding
from tests.infra.faults import FAULTS, Fault
from tests.infra.synthesized import Synthesized
from tests.infra.test_static_checks import findings_of_nag
from tests.infra.tree_faults import APP, TREE_FAULTS, TreeFault, plant_all


def ours(fault: Fault) -> list[str]:
    return [check for check in fault.caught_by if ":" not in check]


def by(fault: Fault, tool: str) -> set[str]:
    return {check.partition(":")[2] for check in fault.caught_by if check.startswith(f"{tool}:")}


def seen_by(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", [each for each in FAULTS if by(each, tool)], ids=lambda each: each.name)


def test_every_fault_has_a_name_of_its_own_and_is_caught_by_something() -> None:
    assert len(FAULTS) >= 15
    assert len({each.name for each in FAULTS}) == len(FAULTS)
    assert [each.name for each in FAULTS if not each.caught_by] == []


@pytest.mark.parametrize("fault", [each for each in FAULTS if ours(each)], ids=lambda each: each.name)
def test_a_test_of_ours_sees_it(
    fault: Fault, faulty: Mapping[Fault, Synthesized], prod: Synthesized, staging: Synthesized
) -> None:
    for check in ours(fault):
        run(check, prod, staging)
        with pytest.raises((AssertionError, LookupError, ValueError)):  # as pytest would see it fail
            run(check, faulty[fault], staging)


@seen_by("checkov")
def test_checkov_sees_it(fault: Fault, checkov: Mapping[str, set[Finding]]) -> None:
    assert by(fault, "checkov") <= told_of_the_fault(fault, {where: rules(found) for where, found in checkov.items()})


@seen_by("cfn-lint")
def test_cfn_lint_sees_it(fault: Fault, linted: Mapping[str, set[str]]) -> None:
    assert by(fault, "cfn-lint") <= told_of_the_fault(fault, linted)


def told_of_the_fault(fault: Fault, found: Mapping[str, set[str]]) -> set[str]:
    """The rules that find something in the faulty piece and nothing in the same piece without the fault."""
    number = FAULTS.index(fault)
    return found.get(f"faulty-{number}", set()) - found.get(f"sound-{number}", set())


def rules(found: set[Finding]) -> set[str]:
    return {rule for rule, _ in found}


@pytest.fixture(scope="module")
def linted(pieces: Path) -> dict[str, set[str]]:
    """What cfn-lint says of the pieces that it is to find something in."""
    numbers = [number for number, fault in enumerate(FAULTS) if by(fault, "cfn-lint")]
    files = [pieces / f"{word}-{number}" / "template.json" for number in numbers for word in ("sound", "faulty")]
    command = [Path(sys.executable).with_name("cfn-lint"), "--format", "json", "--", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    found: dict[str, set[str]] = {}
    for each in json.loads(done.stdout):
        found.setdefault(Path(each["Filename"]).parent.name, set()).add(each["Rule"]["Id"])
    return found


def run(check: str, stage: Synthesized, staging: Synthesized) -> None:
    """One of the tests beside this one, on a stage of our choice."""
    module_name, name = check.split(".")
    module = importlib.import_module(f"tests.infra.{module_name}")
    test = getattr(module, name)
    test(**{parameter: _given(parameter, module, stage, staging) for parameter in inspect.signature(test).parameters})


def _given(name: str, module: ModuleType, stage: Synthesized, staging: Synthesized) -> Any:
    """What pytest would hand over, made of this stage."""
    if name in {"any_stage", "in_aws", "prod"}:
        return stage
    if name == "staging":
        return staging
    fixture = inspect.unwrap(getattr(module, name))
    return fixture(**{each: _given(each, module, stage, staging) for each in inspect.signature(fixture).parameters})


@pytest.fixture(scope="module")
def found_by_nag(tmp_path_factory: pytest.TempPathFactory, feature_flags: dict[str, Any]) -> set[tuple[str, str]]:
    return findings_of_nag(stages.PROD, tmp_path_factory.mktemp("faulty-tree"), feature_flags, plant_all)


@pytest.mark.parametrize("fault", TREE_FAULTS, ids=lambda each: each.name)
def test_cdk_nag_sees_it(fault: TreeFault, found_by_nag: set[tuple[str, str]]) -> None:
    assert (fault.rule, fault.path) in found_by_nag


def test_cdk_nag_sees_nothing_else(found_by_nag: set[tuple[str, str]]) -> None:
    """So production without them is sound, as far as it can tell. Dead letters of nobody are a queue as any other."""
    planted = {(fault.rule, fault.path) for fault in TREE_FAULTS}
    assert found_by_nag - planted == {("AwsSolutions-SQS3", f"{APP}/Permits/DeadLetters/Resource")}
