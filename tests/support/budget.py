"""What each layer of the tests may cost: shown after every run, never a reason to fail, for machines are noisy."""

from collections import Counter, defaultdict

import pytest

from local.checks import PARTS

# Seconds in the whole run, where six processes share 2 cores. Alone, a layer takes a third to a half of them.
BUDGET = {
    "unit": 160,
    "functions": 25,
    "architecture": 35,
    "isolation": 65,
    "access": 90,
    "compliance": 25,
    "infra": 120,
    "integration": 600,
    "integration/hostile": 320,
    "integration/delivery": 780,
    "chaos": 100,
    "e2e": 500,
    "e2e/pages": 760,
}


class Budget:
    """Adds up the seconds of each layer and prints them beside what was planned."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        layer = _layer(report.nodeid)
        self._seconds[layer] += report.duration
        self._tests[layer] += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("time by layer, beside its budget on 2 cores")
        for layer, planned in BUDGET.items():
            if self._tests[layer]:
                terminalreporter.write_line(
                    f"{layer:<22}{self._tests[layer]:>6} tests {self._seconds[layer]:>7.1f} s of {planned} s"
                )


def _layer(nodeid: str) -> str:
    """The layer that a test is of, or the part of one that runs beside the rest of it."""
    path = nodeid.removeprefix("tests/")
    return next((part for part in PARTS if path.startswith(f"{part}/")), path.partition("/")[0])
