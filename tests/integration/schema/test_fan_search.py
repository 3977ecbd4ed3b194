"""fans_matching, the list of fans: what it finds, in which order, and never beyond its workspace."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import psycopg.sql
import pytest

from tests.support.workspaces import MAX, NOON, ZOE, Row, Workspace, insert, inside

Connection = psycopg.Connection[Any]

SEARCH = """
SELECT fan_id FROM fans_matching(
    containing => %(containing)s, on_platform => %(on_platform)s, tagged => %(tagged)s,
    min_value_cents => %(min_value_cents)s, seen_after => %(seen_after)s, sort_by => %(sort_by)s,
    after_key => %(after_key)s, after_id => %(after_id)s, page_size => %(page_size)s
) ORDER BY place
"""
NO_CONDITIONS: Row = dict.fromkeys(
    ("containing", "on_platform", "tagged", "min_value_cents", "seen_after", "after_key", "after_id")
)
SORT_KEYS = {"lastSeenAt": "seen_key", "valueCents": "value_cents", "createdAt": "created_at", "name": "name_key"}
LONG_AGO = datetime.min.replace(tzinfo=UTC)

PEOPLE: dict[str, Row] = {
    "robin": {"name": "Robin", "handle": "rob_100%", "email": "robin@example.com", "tags": ["vip", "tips"]},
    "zoë": {"name": "ZOË", "handle": "zoe\\x", "value_cents": 900, "last_seen_at": NOON},
    "sam": {"name": "sam", "platform": "fansly", "value_cents": 500, "last_seen_at": NOON, "tags": ["vip"]},
    "max": {"name": "Max", "email": "MAX@EXAMPLE.ORG", "value_cents": 900, "last_seen_at": NOON - timedelta(days=9)},
    "ann": {"name": "ann", "handle": "rob1000", "last_seen_at": None, "tags": ["VIP", "tip"]},
}


@pytest.fixture
def people(trial: Connection) -> Connection:
    """Five fans and nobody else, in each of two workspaces."""
    for workspace in (ZOE, MAX):
        with inside(trial, workspace):
            trial.execute("UPDATE fans SET deleted_at = now()")
            for number, (word, about) in enumerate(PEOPLE.items()):
                made = {
                    "created_at": NOON + timedelta(hours=number),
                    "platform": "onlyfans",
                    "platform_id": f"id of {word}",
                }
                insert(trial, "fans", {"workspace_id": workspace.id, "id": workspace.of(word), **made, **about})
    return trial


def _search(connection: Connection, workspace: Workspace = ZOE, **conditions: object) -> list[UUID]:
    words = {**NO_CONDITIONS, "sort_by": "createdAt", "page_size": 101, **conditions}
    with inside(connection, workspace):
        return [fan for (fan,) in connection.execute(SEARCH, words)]


def _ids(*words: str, workspace: Workspace = ZOE) -> list[UUID]:
    return [workspace.of(word) for word in words]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, {"robin", "zoë", "sam", "max", "ann"}),
        ({"containing": "OBI"}, {"robin"}),
        ({"containing": "zoë"}, {"zoë"}),
        ({"containing": "example.org"}, {"max"}),
        ({"containing": "m"}, {"robin", "sam", "max"}),
        ({"containing": "%"}, {"robin"}),
        ({"containing": "b_1"}, {"robin"}),
        ({"containing": "e\\x"}, {"zoë"}),
        ({"containing": "'; DROP TABLE fans; --"}, set()),
        ({"tagged": "vip"}, {"robin", "sam"}),
        ({"tagged": "tip"}, {"ann"}),
        ({"tagged": '"]'}, set()),
        ({"on_platform": "fansly"}, {"sam"}),
        ({"min_value_cents": 500}, {"zoë", "sam", "max"}),
        ({"seen_after": NOON - timedelta(days=1)}, {"zoë", "sam"}),
        ({"containing": "m", "tagged": "vip", "on_platform": "onlyfans"}, {"robin"}),
    ],
)
def test_it_finds(people: Connection, conditions: dict[str, object], found: set[str]) -> None:
    assert set(_search(people, **conditions)) == set(_ids(*found))


@pytest.mark.parametrize(
    ("sort_by", "order"),
    [
        ("name", ["ann", "max", "robin", "sam", "zoë"]),
        ("createdAt", ["ann", "max", "sam", "zoë", "robin"]),
    ],
)
def test_it_sorts(people: Connection, sort_by: str, order: list[str]) -> None:
    assert _search(people, sort_by=sort_by) == _ids(*order)


def test_equal_values_are_told_apart_by_id_and_never_seen_comes_last(people: Connection) -> None:
    by_value = sorted(PEOPLE, key=lambda word: (PEOPLE[word].get("value_cents", 0), ZOE.of(word)), reverse=True)
    by_seen = sorted(
        PEOPLE, key=lambda word: (PEOPLE[word].get("last_seen_at") or LONG_AGO, ZOE.of(word)), reverse=True
    )
    assert _search(people, sort_by="valueCents") == _ids(*by_value)
    assert _search(people, sort_by="lastSeenAt") == _ids(*by_seen)


@pytest.mark.parametrize("sort_by", SORT_KEYS)
@pytest.mark.parametrize("conditions", [{}, {"containing": "m"}, {"tagged": "vip"}])
def test_pages_follow_each_other_without_gap_or_repetition(
    people: Connection, sort_by: str, conditions: dict[str, object]
) -> None:
    everybody = _search(people, sort_by=sort_by, **conditions)
    walked: list[UUID] = []
    after: dict[str, object] = {}
    while page := _search(people, sort_by=sort_by, page_size=1, **conditions, **after):
        walked += page
        after = {"after_key": _sort_key(people, page[-1], SORT_KEYS[sort_by]), "after_id": page[-1]}
    assert walked == everybody


def _sort_key(connection: Connection, fan: UUID, column: str) -> str:
    key = psycopg.sql.SQL("SELECT {}::text FROM fans WHERE id = %s").format(psycopg.sql.Identifier(column))
    with inside(connection, ZOE):
        found = connection.execute(key, [fan]).fetchone()
    assert found is not None
    return str(found[0])


def test_it_finds_what_is_rare_beyond_the_next_two_thousand(people: Connection) -> None:
    crowd = """
        INSERT INTO fans (workspace_id, id, name, platform, tags, created_at)
        SELECT %s, gen_random_uuid(), 'crowd', 'onlyfans', '["crowd"]', now() FROM generate_series(1, 2500)
    """
    with inside(people, ZOE):
        people.execute(crowd, [ZOE.id])
    assert _search(people, containing="robin") == _ids("robin")
    assert _search(people, tagged="vip") == _ids("sam", "robin")
    assert len(_search(people, tagged="crowd")) == 101


def test_a_workspace_finds_its_own(people: Connection) -> None:
    assert _search(people, MAX, containing="robin") == _ids("robin", workspace=MAX)


def test_without_a_workspace_it_finds_nobody(people: Connection) -> None:
    people.execute("SELECT set_config('huntaze.workspace_id', '', true)")
    assert people.execute(SEARCH, {**NO_CONDITIONS, "sort_by": "name", "page_size": 101}).fetchall() == []


def test_who_was_deleted_is_not_found(people: Connection) -> None:
    with inside(people, ZOE):
        people.execute("UPDATE fans SET deleted_at = now() WHERE id = %s", [ZOE.of("robin")])
    assert _search(people, containing="robin") == []


@pytest.mark.parametrize("sort_by", ["id", "name; DROP TABLE fans", "", None])
def test_it_sorts_by_nothing_else(people: Connection, sort_by: str | None) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        _search(people, sort_by=sort_by)


SELECTED = """
SELECT fan_id FROM fans_selected(%(containing)s, %(on_platform)s, %(tagged)s, %(min_value_cents)s, %(seen_after)s)
"""
TOTALS = """
SELECT * FROM fans_totals(%(containing)s, %(on_platform)s, %(tagged)s, %(min_value_cents)s, %(seen_after)s)
"""


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"containing": "M"},
        {"containing": "%"},
        {"containing": "e\\x"},
        {"tagged": "vip"},
        {"on_platform": "fansly"},
        {"min_value_cents": 500},
        {"seen_after": NOON - timedelta(days=1)},
        {"containing": "m", "tagged": "vip", "on_platform": "onlyfans", "min_value_cents": 0},
    ],
)
def test_totals_and_selections_are_of_the_same_fans(people: Connection, conditions: dict[str, object]) -> None:
    found = _search(people, **conditions)
    words = {**NO_CONDITIONS, **conditions}
    with inside(people, ZOE):
        selected = people.execute(SELECTED, words).fetchall()
        totals = people.execute(TOTALS, words).fetchone()
        worth = people.execute("SELECT coalesce(sum(value_cents), 0) FROM fans WHERE id = ANY(%s)", [found]).fetchone()
    assert {fan for (fan,) in selected} == set(found)
    assert totals is not None
    assert worth is not None
    assert totals == (len(found), worth[0])


def test_without_a_workspace_nobody_is_selected_or_counted(people: Connection) -> None:
    people.execute("SELECT set_config('huntaze.workspace_id', '', true)")
    assert people.execute(SELECTED, NO_CONDITIONS).fetchall() == []
    assert people.execute(TOTALS, NO_CONDITIONS).fetchone() == (0, 0)
