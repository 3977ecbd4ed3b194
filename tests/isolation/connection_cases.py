"""The cases of connections. Both workspaces have an account on OnlyFans, and theirs has one on Fansly as well."""

from collections.abc import Callable
from dataclasses import replace

from huntaze.connections.model import Connection, Consent, Status
from huntaze.connections.store import PostgresConnections
from huntaze.delivery.model import Pace
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.messages.store import PostgresMessages
from huntaze.waitlist.model import Awaited
from huntaze.waitlist.store import PostgresWaitlist
from tests.isolation.cases import NOON, World, case, is_absent
from tests.support.connection_store_contract import OPENING
from tests.support.fake_connections import ZOE_S


def _connections(world: World) -> PostgresConnections:
    return PostgresConnections(world.connection, world.ours.id)


def _consent(world: World) -> Consent:
    return Consent(world.ours.of("owner"), NOON, "2026-01")


def _twin(world: World) -> Connection:
    """An account of ours whose id is also that of an account of theirs."""
    facts = replace(ZOE_S, user_id="only ours", platform="fansly")
    opening = replace(OPENING, facts=facts)
    return _connections(world).add(world.theirs.of("account"), Platform.FANSLY, opening, _consent(world))


@case("PostgresConnections.newest")
def only_our_accounts_are_listed(world: World) -> None:
    assert [one.id for one in _connections(world).newest(100)] == [world.ours.of("account")]


@case("PostgresConnections.get")
def an_account_of_theirs_is_not_found(world: World) -> None:
    assert _connections(world).get(world.ours.of("account")).status is Status.ACTIVE
    assert is_absent(lambda: _connections(world).get(world.theirs.of("account")))


@case("PostgresConnections.get_to_change")
def an_account_of_theirs_is_not_found_to_be_changed_either(world: World) -> None:
    assert _connections(world).get_to_change(world.ours.of("account")).status is Status.ACTIVE
    assert is_absent(lambda: _connections(world).get_to_change(world.theirs.of("account")))


@case("PostgresConnections.in_use")
def an_account_of_theirs_is_not_in_use_here(world: World) -> None:
    assert _connections(world).in_use(Platform.ONLYFANS).id == world.ours.of("account")
    assert is_absent(lambda: _connections(world).in_use(Platform.FANSLY))


@case("PostgresConnections.of_account")
def an_account_of_theirs_is_not_known_here(world: World) -> None:
    assert _connections(world).of_account(Platform.FANSLY, "theirs") is None
    ours = _connections(world).of_account(Platform.ONLYFANS, f"creator {world.ours.id}")
    assert ours is not None


@case("PostgresConnections.door")
def what_opens_an_account_of_theirs_is_not_told(world: World) -> None:
    assert is_absent(lambda: _connections(world).door(world.theirs.of("sealed account")))
    twin = _twin(world)
    assert _connections(world).door(twin.id).credentials == b"sealed"


@case("PostgresConnections.add")
def an_id_of_theirs_may_even_be_the_same(world: World) -> None:
    twin = _twin(world)
    assert (twin.user_id, twin.consent) == ("only ours", _consent(world))


@case("PostgresConnections.add")
def an_account_that_is_theirs_is_not_taken_over(world: World) -> None:
    opening = replace(OPENING, facts=replace(ZOE_S, user_id="theirs", platform="fansly"))

    def add() -> None:
        with world.connection.transaction():
            _connections(world).add(new_id(), Platform.FANSLY, opening, _consent(world))

    assert _is_taken(add)


@case("PostgresConnections.reopen")
def an_account_of_theirs_is_not_reopened(world: World) -> None:
    theirs = world.theirs.of("account")
    assert is_absent(lambda: _connections(world).reopen(theirs, OPENING, _consent(world)))


@case("PostgresConnections.reopen")
def of_two_with_one_id_ours_is_reopened(world: World) -> None:
    twin = _twin(world)
    assert _connections(world).reopen(twin.id, OPENING, _consent(world)).user_id == "only ours"


@case("PostgresConnections.open")
def an_account_of_theirs_is_not_opened(world: World) -> None:
    assert is_absent(lambda: _connections(world).open(world.theirs.of("account"), OPENING, NOON))


@case("PostgresConnections.note_answer")
def nothing_is_noted_of_an_account_of_theirs(world: World) -> None:
    assert is_absent(lambda: _connections(world).note_answer(world.theirs.of("account"), ZOE_S, Pace(), NOON))


@case("PostgresConnections.note_answer")
def of_two_with_one_id_ours_is_noted(world: World) -> None:
    assert _connections(world).note_answer(_twin(world).id, ZOE_S, Pace(3, 60), NOON).pace == Pace(3, 60)


@case("PostgresConnections.note_test")
def no_login_of_theirs_ends(world: World) -> None:
    theirs = world.theirs.of("account")
    assert is_absent(lambda: _connections(world).note_test(theirs, NOON, answered=True, expired=True))


@case("PostgresConnections.pace")
def their_pace_stays(world: World) -> None:
    assert is_absent(lambda: _connections(world).pace(world.theirs.of("account"), Pace(1, 60)))


@case("PostgresConnections.pause")
def theirs_is_not_paused(world: World) -> None:
    assert is_absent(lambda: _connections(world).pause(world.theirs.of("account"), "ours", NOON))


@case("PostgresConnections.resume")
def theirs_is_not_resumed(world: World) -> None:
    assert is_absent(lambda: _connections(world).resume(world.theirs.of("account")))


@case("PostgresConnections.disconnect")
def theirs_is_not_disconnected(world: World) -> None:
    theirs = world.theirs.of("account")
    assert is_absent(lambda: _connections(world).disconnect(theirs, world.ours.of("owner"), NOON))


@case("PostgresMessages.count_waiting")
def what_waits_for_theirs_is_not_counted(world: World) -> None:
    messages = PostgresMessages(world.connection, world.ours.id)
    assert messages.count_waiting(world.theirs.of("account")) == 0


@case("PostgresWaitlist.add")
def who_waits_belongs_to_no_workspace(world: World) -> None:
    waitlist = PostgresWaitlist(lambda query, words: world.connection.execute(query, words).fetchall())
    for _ in range(2):
        waitlist.add(new_id(), "ana@example.com", Awaited.PATREON, NOON)


def _is_taken(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return True
    return False
