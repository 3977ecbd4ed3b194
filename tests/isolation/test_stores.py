"""No store reaches into another workspace, and it takes two mistakes at once to make one do it."""

import importlib
import re
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from tests.isolation import stores
from tests.isolation.cases import CASES, Case, World
from tests.isolation.worlds import Ground

for file in sorted(Path(__file__).parent.glob("*_cases.py")):
    importlib.import_module(f"tests.isolation.{file.stem}")  # its cases register themselves

NOT_ALLOWED = "42501"
EVERY_CASE = [pytest.param(case, id=f"{operation}-{case.__name__}") for operation in CASES for case in CASES[operation]]


def _mutants() -> list[tuple[ModuleType, str, str]]:
    """Every statement with each of its filters replaced in turn: module, constant, mutant."""
    return [
        (module, name, statement[: found.start()] + "true" + statement[found.end() :])
        for module in stores.modules()
        for name, statement in stores.statements(module).items()
        for found in stores.FILTER.finditer(statement)
    ]


MUTANTS = [pytest.param(*mutant, id=f"{mutant[0].__name__}.{mutant[1]}") for mutant in _mutants()]


def test_every_operation_of_every_store_has_a_case() -> None:
    assert set(CASES) == stores.operations()


def test_every_statement_filters_by_workspace() -> None:
    unfiltered = {
        f"{module.__name__}.{name}"
        for module in stores.modules()
        for name, statement in stores.statements(module).items()
        if not stores.FILTER.search(statement) and not re.match(r"\s*INSERT\b", statement)
    }
    assert unfiltered == set(stores.WITHOUT_WORKSPACE)


@pytest.mark.parametrize("case", EVERY_CASE)
def test_workspaces_are_apart(two_workspaces: Ground, case: Case) -> None:
    two_workspaces.check(case, with_policies=True)


@pytest.mark.parametrize("case", EVERY_CASE)
def test_the_filters_alone_keep_workspaces_apart(two_workspaces: Ground, case: Case) -> None:
    two_workspaces.check(case, with_policies=False)


@pytest.mark.parametrize(("module", "constant", "mutant"), MUTANTS)
def test_a_missing_filter_is_caught(
    two_workspaces: Ground, monkeypatch: pytest.MonkeyPatch, module: ModuleType, constant: str, mutant: str
) -> None:
    cases = _cases_of(two_workspaces, module, constant)
    monkeypatch.setattr(module, constant, mutant)
    caught = (_is_caught(two_workspaces, case) for case in cases)
    assert any(caught), "no case notices that this filter is gone"


@pytest.mark.parametrize(("module", "constant", "mutant"), MUTANTS)
def test_row_level_security_alone_keeps_workspaces_apart(
    two_workspaces: Ground, monkeypatch: pytest.MonkeyPatch, module: ModuleType, constant: str, mutant: str
) -> None:
    cases = _cases_of(two_workspaces, module, constant)
    monkeypatch.setattr(module, constant, mutant)
    for case in cases:
        two_workspaces.check(case, with_policies=True)


def test_a_change_of_theirs_is_noticed(two_workspaces: Ground) -> None:
    def meddle(world: World) -> None:
        world.connection.execute("UPDATE fans SET value_cents = 7 WHERE workspace_id = %s", [world.theirs.id])

    with pytest.raises(AssertionError, match="something of theirs has changed"):
        two_workspaces.check(meddle, with_policies=False)
    two_workspaces.check(meddle, with_policies=True)


def _cases_of(ground: Ground, module: ModuleType, constant: str) -> list[Case]:
    """The cases that run a statement of a module: to all others its mutants are nothing."""
    statement = getattr(module, constant)
    stored = (found for operation, found in CASES.items() if hasattr(module, operation.split(".")[0]))
    cases = [case for found in stored for case in found if ground.asks(case, statement)]
    assert cases, "no case runs this statement"
    return cases


def _is_caught(ground: Ground, case: Case) -> bool:
    try:
        ground.check(case, with_policies=False)
    except (AssertionError, ValueError):  # ValueError: a store meets more rows than there can be
        return True
    except psycopg.errors.InsufficientPrivilege:  # a trigger, which minds the policies, met a row of theirs
        return True
    except psycopg.Error as error:
        # A mutant that is no SQL proves nothing; but a step of theirs may not be written down, and so is refused.
        return error.sqlstate == NOT_ALLOWED or not str(error.sqlstate).startswith("42")
    return False
