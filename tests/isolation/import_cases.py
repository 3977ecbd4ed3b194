"""The cases of imports. Ours is being planned; theirs has the same id and numbers of rows, and one of our fans."""

from datetime import timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.imports.doing import PostgresDoing
from huntaze.imports.model import Choices, Counts, Field, Import, Layout, Policy, Status, Stretch, Ticket
from huntaze.imports.plan_rows import PostgresPlanRows
from huntaze.imports.store import ForgottenImports, PostgresImports
from tests.isolation.cases import World, case, is_absent
from tests.support.people import new_fan
from tests.support.workspaces import NOON

FAR_AHEAD = NOON + timedelta(days=9_999)
HEADER = Layout(version="1", encoding="utf-8", delimiter=",", header=("A",), sample=(), mapping={Field.USERNAME: "A"})
ROW = """
INSERT INTO import_rows (
    workspace_id, import_id, plan, number, action, reason, fan_id, version, changes, before, platform, platform_id,
    handle, name, spent_cents, currency
) VALUES (
    %(ws)s, %(import)s, 1, %(number)s, %(action)s, %(reason)s, %(fan)s, %(version)s, %(changes)s, %(before)s,
    'onlyfans', %(platform_id)s, %(handle)s, 'Ours', %(spent)s, 'USD'
)
"""
NAMES = ("reason", "fan", "version", "changes", "before", "platform_id", "handle", "spent")
NOTHING: dict[str, Any] = dict.fromkeys(NAMES)


def _imports(world: World) -> PostgresImports:
    return PostgresImports(world.connection, world.ours.id)


def _rows(world: World) -> PostgresPlanRows:
    return PostgresPlanRows(world.connection, world.ours.id)


def _doing(world: World) -> PostgresDoing:
    return PostgresDoing(world.connection, world.ours.id)


def _ours(world: World) -> Import:
    return _imports(world).get_to_change(world.ours.of("import"))


def _row(world: World, number: int, action: str, **more: Any) -> None:
    ids = {"ws": world.ours.id, "import": world.ours.of("import"), "number": number, "action": action}
    world.connection.execute(ROW, {**NOTHING, **ids, **more})


def _fan(world: World) -> None:
    """A fan of ours whose id theirs has too."""
    new = new_fan(platform_id="second", value_cents=100, currency="USD")
    world.fans.add(new, world.ours.of("imported fan"), NOON)


def _to_do(world: World) -> Stretch:
    """Two who change, of whom one is not there, and three who are new, whatever theirs are called."""
    _fan(world)
    world.fans.add(new_fan(platform_id="third"), world.ours.of("second imported fan"), NOON)
    update = {"version": NOON, "before": Jsonb({}), "spent": 100, "platform_id": "their account"}
    _row(world, 2, "update", fan=world.ours.of("imported fan"), changes=["userId", "name", "spent"], **update)
    _row(world, 6, "update", fan=world.theirs.of("fan"), changes=["name"], **{**update, "platform_id": "gone"})
    _row(world, 3, "create", fan=new_id(), handle="only theirs")
    _row(world, 4, "create", fan=new_id(), handle="their other account")
    _row(world, 5, "create", fan=new_id(), handle="nobody's")
    return Stretch(import_id=world.ours.of("import"), plan=1, after=1, to=12)


@case("PostgresImports.add")
def an_import_with_an_id_of_theirs_is_ours(world: World) -> None:
    ticket = Ticket(world.ours.id, world.theirs.of("import"))
    added = _imports(world).add(ticket, world.ours.of("owner"), "a.csv", 5, Choices(), at=NOON, arrived=False)
    assert _imports(world).find(added.id) == added


@case("PostgresImports.find")
@case("PostgresImports.get_to_change")
def an_import_of_theirs_is_not_found(world: World) -> None:
    assert _imports(world).find(world.ours.of("import")) is not None
    assert _imports(world).find(world.theirs.of("import")) is None
    assert is_absent(lambda: _imports(world).get_to_change(world.theirs.of("import")))


@case("PostgresImports.newest")
@case("PostgresImports.under_way")
def only_ours_are_listed_and_counted(world: World) -> None:
    assert [known.id for known in _imports(world).newest(100)] == [world.ours.of("import")]
    assert _imports(world).under_way(NOON - timedelta(days=9_999)) == 1


@case("PostgresImports.plan_anew")
@case("PostgresImports.change")
@case("PostgresImports.forget_file")
def an_import_with_an_id_of_ours_stays_as_it_is(world: World) -> None:
    ours = world.ours.of("import")
    _imports(world).change(ours, {"layout": HEADER, "status": Status.MAPPING})
    _imports(world).plan_anew(ours, Choices(policy=Policy.FILL), 7)
    _imports(world).forget_file(ours, NOON)
    assert (_ours(world).plan, _ours(world).object_key) == (2, None)


@case("PostgresImports.remembered")
@case("PostgresImports.remember")
def what_they_say_of_headers_is_theirs(world: World) -> None:
    _imports(world).remember({"fresh": Field.EMAIL})
    assert _imports(world).remembered() == {"whotheyare": Field.USERNAME, "fresh": Field.EMAIL}


@case("ForgottenImports.between")
@case("ForgottenImports.over")
def who_looks_everywhere_learns_ids_alone(world: World) -> None:
    forgotten = ForgottenImports(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    quiet = forgotten.between(FAR_AHEAD, NOON, NOON, 100)
    assert Ticket(world.ours.id, world.ours.of("import")) in quiet
    assert forgotten.over(NOON - timedelta(days=9_999), NOON - timedelta(days=9_999), 100) == []


@case("PostgresPlanRows.add")
def whom_they_know_and_what_they_plan_is_unknown_to_ours(world: World) -> None:
    _fan(world)
    _imports(world).change(world.ours.of("import"), {"layout": HEADER})
    world.connection.execute(
        "UPDATE imports SET policy = 'overwrite' WHERE workspace_id = %s AND id = %s",
        [world.ours.id, world.ours.of("import")],
    )
    told: list[dict[str, Any]] = [
        {"platform_id": "their account"},
        {"handle": "their other account"},
        {"handle": "only theirs"},
        {"handle": "fresh"},
        {"handle": "fresh 2"},
        {"platform_id": "new", "handle": "fresh 3"},
        {"platform_id": "second", "spent_cents": 100},
    ]
    beside = {"platform": Platform.ONLYFANS.value, "erased": False, "currency": "USD"}
    rows = [{**beside, "number": number, "id": str(new_id()), **row} for number, row in enumerate(told, 10)]
    planned = _rows(world).add(_ours(world), rows)
    assert planned.counts == Counts(total=7, created=6, skipped=1, reasons={"same": 1})


@case("PostgresPlanRows.keep_cells")
@case("PostgresPlanRows.page")
@case("PostgresPlanRows.rejected")
@case("PostgresPlanRows.rejected_size")
def rows_of_theirs_are_not_ours(world: World) -> None:
    _row(world, 9, "reject", reason="several_fans")
    ours, rows = _ours(world), _rows(world)
    assert rows.rejected_size(ours) == 0
    rows.keep_cells(ours, [{"number": 9, "cells": ["Ours"]}])
    assert [row.number for row in rows.page(ours, None, None, 0, 100)] == [1, 9]
    assert [row.cells for row in rows.rejected(ours, 0, 100)] == [("Ours",)]


@case("PostgresPlanRows.forget")
def rows_of_theirs_are_not_forgotten(world: World) -> None:
    assert _rows(world).forget(world.theirs.of("import"), 100) == 0
    assert _rows(world).forget(world.ours.of("import"), 100) == 0, "it is being planned"


@case("PostgresDoing.hold")
@case("PostgresDoing.names")
def whom_their_rows_are_about_is_theirs(world: World) -> None:
    rows = _to_do(world)
    assert _doing(world).hold(rows) == [world.ours.of("imported fan")]
    assert list(_doing(world).names(rows)) == [2, 3, 4, 5, 6]


@case("PostgresDoing.commit")
def their_rows_do_nothing_to_ours_and_ours_nothing_to_theirs(world: World) -> None:
    done = _doing(world).commit(_to_do(world), NOON, NOON, "USD", [5])
    assert done == Counts(created=2, updated=1, skipped=2, reasons={"since_gone": 2})
    fan = world.fans.get(world.ours.of("imported fan"))
    assert (fan.name, fan.platform_id, fan.value.cents) == ("Ours", "their account", 100)


@case("PostgresDoing.undo")
def an_import_of_theirs_is_not_undone(world: World) -> None:
    try:
        with world.connection.transaction():
            _doing(world).undo(Stretch(import_id=world.theirs.of("import"), plan=1, after=0, to=9))
    except psycopg.errors.ObjectNotInPrerequisiteState:
        return
    raise AssertionError("it was")


@case("PostgresDoing.wait")
@case("PostgresDoing.know")
def waiting_and_counting_read_nothing(world: World) -> None:
    _doing(world).wait()
    _doing(world).know()
