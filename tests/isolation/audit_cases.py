"""The cases of the audit log."""

from huntaze.audit.model import BEGINNING, Action, Search
from huntaze.audit.store import PostgresAuditLog, PostgresAuditTrail
from tests.isolation.cases import World, case


def _log(world: World) -> PostgresAuditLog:
    return PostgresAuditLog(world.connection, world.ours.id)


@case("PostgresAuditTrail.record")
def what_we_did_is_kept_in_our_chain(world: World) -> None:
    PostgresAuditTrail(world.connection, world.ours.id).record(Action.FAN_CREATED, world.theirs.of("fan"))
    entries = world.connection.execute("SELECT position FROM audit_log WHERE workspace_id = %s", [world.ours.id])
    assert sorted(entry["position"] for entry in entries) == [1, 2]


@case("PostgresAuditLog.newest")
def we_read_what_we_did_and_never_what_they_did(world: World) -> None:
    log, fan = _log(world), world.theirs.of("fan")
    everything = log.newest(Search(), None, 100)
    assert [entry.id for entry in everything] == [world.ours.of("audit")]
    ours = everything[0]
    assert log.newest(Search(object_id=fan), None, 100) == []
    assert [entry.id for entry in log.newest(Search(action="fan.created"), None, 100)] == [ours.id]
    # Theirs, which are two by now, lie between this one and the next: where they are must not say where ours begin.
    PostgresAuditTrail(world.connection, world.ours.id).record(Action.FAN_UPDATED)
    next_one = log.newest(Search(), None, 1)[0]
    assert log.newest(Search(since=next_one.at), None, 100) == [next_one]
    assert log.newest(Search(until=next_one.at), None, 100) == [ours]


@case("PostgresAuditLog.actors")
def only_our_members_may_stand_in_our_log(world: World) -> None:
    names = {actor.id for actor in _log(world).actors(100)}
    assert names == {world.ours.of(role) for role in ("owner", "manager", "chatter", "analyst")}


@case("PostgresAuditLog.names")
def what_is_theirs_has_no_name_here(world: World) -> None:
    things = ("fan", "conversation", "owner")
    assert _log(world).names([world.theirs.of(thing) for thing in things]) == {}
    assert set(_log(world).names([world.ours.of(thing) for thing in things])) == {world.ours.of(it) for it in things}


@case("PostgresAuditLog.ends")
def our_chain_ends_where_ours_ends(world: World) -> None:
    ends = _log(world).ends()
    assert (ends.entries, ends.last) == (1, 1)
    assert ends.recorded is not None
    assert ends.recorded.number == 1


@case("PostgresAuditLog.stretch")
def only_our_entries_are_judged(world: World) -> None:
    stretch = _log(world).stretch(BEGINNING, 100, 100)
    assert (stretch.entries, stretch.fault) == (1, None)


@case("PostgresAuditLog.hash_at")
def a_place_in_their_chain_is_none_in_ours(world: World) -> None:
    log = _log(world)
    assert log.hash_at(2) is None
    assert log.hash_at(1) == log.stretch(BEGINNING, 1, 1).last.hash
