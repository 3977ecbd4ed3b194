"""Every operation of every store, called in one workspace with what belongs to another.

A case calls it and checks that nothing of theirs is seen; `worlds.check` adds that nothing of theirs has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from huntaze.fans.model import Fan, Platform, Position
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


def _ids(found: list[Fan]) -> set[UUID]:
    return {fan.id for fan in found}


@case("PostgresFans.newest")
def the_list_shows_our_fans_only(world: World) -> None:
    assert _ids(world.fans.newest(100, None, None)) == {world.ours.of("fan")}
    assert _ids(world.fans.newest(100, Platform.ONLYFANS, None)) == {world.ours.of("fan")}


@case("PostgresFans.newest")
def a_cursor_of_theirs_leads_to_our_fans_only(world: World) -> None:
    far_ahead = datetime.now(UTC) + timedelta(days=1)
    assert _ids(world.fans.newest(100, None, Position(far_ahead, world.theirs.of("fan")))) == {world.ours.of("fan")}
    long_ago = Position(NOON - timedelta(days=9_999), world.theirs.of("fan"))
    assert world.fans.newest(100, None, long_ago) == []


@case("PostgresFans.add")
def a_platforms_id_of_theirs_is_free_in_ours(world: World) -> None:
    added = world.fans.add(new_fan(platform_id="only theirs"), new_id(), NOON)
    assert _ids(world.fans.newest(100, None, None)) == {world.ours.of("fan"), added.id}


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
