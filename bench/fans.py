"""The figures of the list of fans: what pages cost at a million, that none is lost, that a repeated request is one."""

from bench import fan_lists, fan_walk, keyed_posts
from bench.data_sets import FANS
from bench.large_data import large_data
from bench.report import Row


def measure(scale: float = 1) -> list[Row]:
    """Everything about fans that has a goal."""
    with large_data(FANS.at(scale)) as database:
        rows = [*fan_lists.measure(database), *fan_walk.measure(database)]
    return [*rows, *keyed_posts.measure()]
