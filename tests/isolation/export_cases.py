"""The cases of exports. Theirs is being written, under a claim whose id is the export's own."""

from datetime import timedelta
from uuid import UUID

from huntaze.exports.model import Export, NewExport
from huntaze.exports.store import PostgresExports
from huntaze.ids import new_id
from tests.isolation.cases import NOON, World, case

NEW = NewExport(filters={}, sort="name", expected_rows=None)
LONG_AGO = NOON - timedelta(days=9_999)
FAR_AHEAD = NOON + timedelta(days=9_999)


def _exports(world: World) -> PostgresExports:
    return PostgresExports(world.connection, world.ours.id)


def _add(world: World, export_id: UUID) -> Export:
    return _exports(world).add(NEW, export_id, world.ours.of("owner"), NOON, FAR_AHEAD)


@case("PostgresExports.add")
def an_export_with_an_id_of_theirs_is_ours(world: World) -> None:
    added = _add(world, world.theirs.of("export"))
    assert _exports(world).find(added.id) == added


@case("PostgresExports.find")
def an_export_of_theirs_is_not_found(world: World) -> None:
    assert _exports(world).find(world.ours.of("export")) is not None
    assert _exports(world).find(world.theirs.of("export")) is None


@case("PostgresExports.newest_of")
def a_member_of_theirs_has_asked_for_nothing(world: World) -> None:
    assert _exports(world).newest_of(world.theirs.of("owner"), 100, LONG_AGO) == []
    mine = _exports(world).newest_of(world.ours.of("owner"), 100, LONG_AGO)
    assert [export.id for export in mine] == [world.ours.of("export")]


@case("PostgresExports.wait_for_erasures")
def waiting_for_erasures_reads_nothing(world: World) -> None:
    _exports(world).wait_for_erasures()


@case("PostgresExports.forget_expired")
def what_has_expired_is_forgotten_in_ours_alone(world: World) -> None:
    _exports(world).forget_expired(FAR_AHEAD)
    assert _exports(world).find(world.ours.of("export")) is None


@case("PostgresExports.claim")
def an_export_of_theirs_cannot_be_claimed(world: World) -> None:
    assert _exports(world).claim(world.theirs.of("export"), new_id(), FAR_AHEAD, FAR_AHEAD) is None


@case("PostgresExports.renew")
def an_export_of_theirs_cannot_be_held(world: World) -> None:
    assert not _exports(world).renew(world.theirs.of("export"), world.theirs.of("export"), 5, FAR_AHEAD)


@case("PostgresExports.finish")
def an_export_of_theirs_cannot_be_finished(world: World) -> None:
    assert not _exports(world).finish(world.theirs.of("export"), world.theirs.of("export"), "a-file", 5, 5)


@case("PostgresExports.fail")
def an_export_of_theirs_cannot_be_ended(world: World) -> None:
    assert not _exports(world).fail(world.theirs.of("export"), world.theirs.of("export"), "Away.")
    assert not _exports(world).fail(world.theirs.of("export"), None, "Away.")
