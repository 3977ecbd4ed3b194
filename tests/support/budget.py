"""What each layer of the tests may cost: shown after every run, never a reason to fail, for machines are noisy."""

from collections import Counter, defaultdict

import pytest

# Seconds on 2 cores while nothing runs beside it. In the whole run six processes share them, and all takes longer.
BUDGET = {
    "unit": 50,
    "functions": 30,
    "architecture": 20,
    "integration": 480,
    "isolation": 60,
    "access": 75,
    "compliance": 30,
    "infra": 190,
    "chaos": 120,
    "e2e": 480,
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
                    f"{layer:<14}{self._tests[layer]:>6} tests {self._seconds[layer]:>7.1f} s of {planned} s"
                )


def _layer(nodeid: str) -> str:
    parts = nodeid.split("/")
    return parts[1] if parts[0] == "tests" and len(parts) > 2 else "other"
