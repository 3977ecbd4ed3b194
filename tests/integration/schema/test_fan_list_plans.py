"""How far the list of fans looks before it collects, and where its tags are counted."""

import re
from typing import Any, LiteralString

import psycopg
import pytest

from huntaze.tags.store import ALL
from tests.support.plans import ONLY_INDEXES, plans_inside
from tests.support.workspaces import ZOE, inside

Connection = psycopg.Connection[Any]


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        ("'fan', NULL, NULL, NULL, NULL, 'valueCents', NULL, NULL, 101", ["LIMIT 2020"]),
        ("'fan 10', NULL, NULL, NULL, NULL, 'valueCents', NULL, NULL, 101", ["LIMIT 2020", "LIMIT 16160"]),
        ("'fan 99', NULL, NULL, NULL, NULL, 'valueCents', NULL, NULL, 101", ["LIMIT 2020", "OFFSET 0"]),
    ],
)
def test_it_looks_further_before_it_collects_what_is_less_common(
    planning: Connection, arguments: LiteralString, steps: list[str]
) -> None:
    plans = plans_inside(planning, "fans_matching", arguments)
    assert re.findall("LIMIT 2020|LIMIT 16160|OFFSET 0", plans) == steps


def test_the_list_of_tags_is_counted_in_an_index(planning: Connection) -> None:
    planning.execute(ONLY_INDEXES)
    planning.execute("SET ROLE huntaze_app")
    with inside(planning, ZOE):
        told = planning.execute("EXPLAIN " + ALL, {"workspace_id": ZOE.id}).fetchall()
    plan = "\n".join(line for (line,) in told)
    assert "Index Only Scan using fans_by_tags on fans" in plan
    assert "Index Scan using fans_with_long_tags on fans" in plan
