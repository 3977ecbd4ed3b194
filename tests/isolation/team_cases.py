"""The cases of the team. In both workspaces somebody is invited under the same address."""

from collections.abc import Callable
from uuid import UUID

from huntaze.errors import Conflict
from huntaze.members.model import Role
from huntaze.team.model import Member, MemberStatus, NewMember
from huntaze.team.store import InvitationStore, PostgresTeam
from tests.isolation.cases import NOON, World, case, is_absent
from tests.support.workspaces import Workspace

PRESENT = (MemberStatus.INVITED, MemberStatus.ACTIVE)
LOCKED_BY = "SELECT xmax::text AS by FROM workspaces WHERE id = %s"


def _team(world: World) -> PostgresTeam:
    return PostgresTeam(world.connection, world.ours.id)


def _ids(members: list[Member]) -> set[UUID]:
    return {member.id for member in members}


def _people_of(workspace: Workspace) -> set[UUID]:
    return {workspace.of(word) for word in ("owner", "manager", "chatter", "analyst", "invited")}


def _is_taken(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return True
    return False


@case("PostgresTeam.hold")
def holding_our_team_holds_none_of_theirs(world: World) -> None:
    before = world.connection.execute(LOCKED_BY, [world.theirs.id]).fetchall()
    _team(world).hold()
    assert world.connection.execute(LOCKED_BY, [world.theirs.id]).fetchall() == before


@case("PostgresTeam.page")
def only_our_people_are_listed(world: World) -> None:
    assert _ids(_team(world).page(PRESENT, None, 100)) == _people_of(world.ours)


@case("PostgresTeam.get")
def a_member_of_theirs_is_not_found(world: World) -> None:
    assert _team(world).get(world.ours.of("owner")).role is Role.OWNER
    assert is_absent(lambda: _team(world).get(world.theirs.of("owner")))


@case("PostgresTeam.owner_besides")
def an_owner_of_theirs_is_none_of_ours(world: World) -> None:
    assert not _team(world).owner_besides(world.ours.of("owner"))


@case("PostgresTeam.invite")
def an_id_of_theirs_may_even_be_the_same(world: World) -> None:
    new = NewMember(email="new@example.com", role=Role.CHATTER)
    invited = _team(world).invite(new, world.theirs.of("owner"), world.ours.of("owner"), NOON, NOON)
    assert (invited.email, invited.role) == ("new@example.com", Role.CHATTER)
    assert invited.invited_by_name == "owner@example.com"


@case("PostgresTeam.renew")
def an_invitation_of_theirs_is_not_renewed(world: World) -> None:
    assert is_absent(lambda: _team(world).renew(world.theirs.of("invited"), NOON))


@case("PostgresTeam.change_role")
def a_member_of_theirs_keeps_their_role(world: World) -> None:
    assert is_absent(lambda: _team(world).change_role(world.theirs.of("chatter"), Role.OWNER))


@case("PostgresTeam.join")
def an_invitation_of_theirs_is_not_taken(world: World) -> None:
    assert is_absent(lambda: _team(world).join(world.theirs.of("invited"), "somebody", NOON))


@case("PostgresTeam.join")
def a_place_of_theirs_keeps_nobody_from_joining_ours(world: World) -> None:
    theirs = f"owner of {world.theirs.id}"
    assert not _is_taken(lambda: _team(world).join(world.ours.of("invited"), theirs, NOON))


@case("PostgresTeam.remove")
def a_member_of_theirs_is_not_removed(world: World) -> None:
    assert is_absent(lambda: _team(world).remove(world.theirs.of("chatter"), NOON))


@case("InvitationStore.of")
def an_address_is_told_of_its_own_invitations_only(world: World) -> None:
    store = InvitationStore(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    _team(world).remove(world.ours.of("invited"), NOON)
    assert [one.workspace_id for one in store.of("Invited@example.com", NOON)] == [world.theirs.id]
    assert store.of("owner@example.com", NOON) == []
