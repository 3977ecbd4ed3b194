"""The figures of the send path: beside other limiters, on real servers, and under a clock of its own."""

from bench import delivery_local, delivery_pace, delivery_virtual
from bench.report import Row


def measure(scale: float = 1) -> list[Row]:
    """Everything about sending that has a goal."""
    return [*delivery_pace.measure(scale), *delivery_local.measure(scale), *delivery_virtual.measure(scale)]
