"""Debian 12 has Python 3.11.2: whatever is pinned must run on it, also when somebody pins it with a later one."""

from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet

DEBIANS = "3.11.2"


def test_every_package_of_ours_runs_on_it() -> None:
    assert _too_new(distributions()) == []


def test_so_does_checkov(checkov_python: Path) -> None:
    packages = checkov_python.parent.parent.glob("lib/python3.*/site-packages")
    found = [*distributions(path=[str(folder) for folder in packages])]
    assert len(found) > 50, "there is something to look at"
    assert _too_new(found) == []


def _too_new(found: Iterable[Distribution]) -> list[str]:
    wanted = {f"{each.name}=={each.version}": each.metadata.get("Requires-Python") for each in found}
    return [name for name, python in wanted.items() if python and not SpecifierSet(python).contains(DEBIANS)]
