"""Every operation of every store, called in one workspace with what belongs to another.

A case calls it and checks that nothing of theirs is seen; `worlds.check` adds that nothing of theirs has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from huntaze.cursors import Position
from huntaze.errors import NotFound
from huntaze.fans.model import Fan, Filters, Placed, Platform, Selection, Sort, Totals
from huntaze.fans.store import PostgresFans
from huntaze.ids import new_id
from huntaze.members.store import MembershipStore
from tests.support.people import new_fan
from tests.support.workspaces import Workspace

Connection = psycopg.Connection[dict[str, Any]]
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A transaction in our workspace, and another workspace that is none of its business."""

    connection: Connection
    ours: Workspace
    theirs: Workspace

    @property
    def fans(self) -> PostgresFans:
        return PostgresFans(self.connection, self.ours.id)


Case = Callable[[World], None]
CASES: dict[str, list[Case]] = {}


def case(operation: str) -> Callable[[Case], Case]:
    """Register a case of one operation, `Class.method`."""

    def register(check: Case) -> Case:
        CASES.setdefault(operation, []).append(check)
        return check

    return register


def is_absent(act: Callable[[], object]) -> bool:
    """Whether acting fails for want of what it acts on."""
    try:
        act()
    except NotFound:
        return True
    return False


def add_twin(world: World) -> Fan:
    """A fan of ours whose id is also that of a fan of theirs."""
    return world.fans.add(new_fan(name="Only ours"), world.theirs.of("fan"), NOON)


def _ids(found: list[Placed]) -> set[UUID]:
    return {placed.fan.id for placed in found}


@case("PostgresFans.matching")
def the_list_shows_our_fans_only(world: World) -> None:
    for filters in (Filters(), Filters(q="rob"), Filters(tag="vip"), Filters(platform=Platform.ONLYFANS)):
        for sort in Sort:
            assert _ids(world.fans.matching(filters, sort, None, 100)) == {world.ours.of("fan")}


@case("PostgresFans.matching")
def a_cursor_of_theirs_leads_to_our_fans_only(world: World) -> None:
    (theirs,) = world.fans.matching(Filters(), Sort.NAME, Position("", world.theirs.of("fan")), 100)
    assert theirs.fan.id == world.ours.of("fan")
    assert world.fans.matching(Filters(), Sort.NAME, Position("z", world.theirs.of("fan")), 100) == []


@case("PostgresFans.matching")
def of_two_with_one_id_ours_is_listed(world: World) -> None:
    twin = add_twin(world)
    found = world.fans.matching(Filters(q="only ours"), Sort.NAME, None, 100)
    assert [placed.fan for placed in found] == [twin]


@case("PostgresFans.totals")
def only_ours_are_counted(world: World) -> None:
    for filters in (Filters(), Filters(q="rob"), Filters(tag="vip")):
        assert world.fans.totals(filters) == Totals(1, 0)


@case("PostgresFans.get")
def their_fan_is_not_found(world: World) -> None:
    assert world.fans.get(world.ours.of("fan")).name == "Robin"
    assert is_absent(lambda: world.fans.get(world.theirs.of("fan")))


@case("PostgresFans.get_to_refer")
def their_fan_is_not_held(world: World) -> None:
    assert world.fans.get_to_refer(world.ours.of("fan")).name == "Robin"
    assert is_absent(lambda: world.fans.get_to_refer(world.theirs.of("fan")))


@case("PostgresFans.get_to_change")
def their_fan_is_not_found_to_be_changed_either(world: World) -> None:
    assert world.fans.get_to_change(world.ours.of("fan")).name == "Robin"
    assert is_absent(lambda: world.fans.get_to_change(world.theirs.of("fan")))


@case("PostgresFans.change")
def their_fan_is_not_changed(world: World) -> None:
    assert is_absent(lambda: world.fans.change(world.theirs.of("fan"), {"name": "Ours now"}))


@case("PostgresFans.delete")
def their_fan_is_not_deleted(world: World) -> None:
    assert is_absent(lambda: world.fans.delete(world.theirs.of("fan"), NOON))


@case("PostgresFans.restore")
def their_deleted_fan_is_not_restored(world: World) -> None:
    assert is_absent(lambda: world.fans.restore(world.theirs.of("deleted fan"), NOON - timedelta(days=9_999)))


@case("PostgresFans.selected")
def their_fans_are_never_selected(world: World) -> None:
    for filters in (Filters(), Filters(q="rob"), Filters(tag="vip")):
        assert world.fans.selected(Selection(filters=filters)) == [world.ours.of("fan")]
    assert is_absent(lambda: world.fans.selected(Selection(ids=(world.ours.of("fan"), world.theirs.of("fan")))))


@case("PostgresFans.add")
def a_platforms_id_of_theirs_is_free_in_ours(world: World) -> None:
    added = world.fans.add(new_fan(platform_id="only theirs"), new_id(), NOON)
    assert _ids(world.fans.matching(Filters(), Sort.CREATED, None, 100)) == {world.ours.of("fan"), added.id}


@case("PostgresFans.add")
def an_id_of_theirs_may_even_be_the_same(world: World) -> None:
    assert world.fans.add(new_fan(), world.theirs.of("fan"), NOON).name == "Robin"


@case("PostgresFans.add")
def without_a_currency_ours_counts_and_not_theirs(world: World) -> None:
    assert world.fans.add(new_fan(currency=None), new_id(), NOON).value.currency == "USD"


@case("MembershipStore.of")
def a_person_is_told_of_their_own_workspaces_only(world: World) -> None:
    store = MembershipStore(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    memberships = store.of(f"owner of {world.ours.id}")
    assert [membership.workspace_id for membership in memberships] == [world.ours.id]
