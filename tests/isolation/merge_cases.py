"""The cases of merges, erasures and tombstones: in each workspace Rob was merged into Robin, and somebody erased."""

from dataclasses import replace
from functools import partial

from huntaze.erasures.store import PostgresErasures, UnfinishedErasures
from huntaze.exports.model import Ticket
from huntaze.exports.store import ForgottenExports
from huntaze.ids import new_id
from huntaze.merges.model import Given, Merge
from huntaze.merges.store import PostgresMerges
from huntaze.money import Money
from huntaze.tombstones.model import Mark
from huntaze.tombstones.store import PostgresTombstones
from tests.isolation.cases import NOON, World, case, is_absent
from tests.isolation.export_cases import FAR_AHEAD, LONG_AGO
from tests.support.outgoing import message_in
from tests.support.workspaces import A_HASH

GIVEN = Given(value=Money(0, "USD"), tags=("ours",))


def _merges(world: World) -> PostgresMerges:
    return PostgresMerges(world.connection, world.ours.id)


def _erasures(world: World) -> PostgresErasures:
    return PostgresErasures(world.connection, world.ours.id)


def _tombstones(world: World) -> PostgresTombstones:
    return PostgresTombstones(world.connection, world.ours.id)


def _merge(world: World, kept: str = "fan", merged: str = "merged fan") -> Merge:
    return Merge(
        id=world.theirs.of("merge"),
        kept_id=world.theirs.of(kept),
        merged_id=world.theirs.of(merged),
        merged_by=world.ours.of("owner"),
        merged_at=NOON,
        given=GIVEN,
    )


@case("PostgresFans.even_hidden")
def their_fans_are_hidden_from_us(world: World) -> None:
    both = [world.theirs.of("merged fan"), world.ours.of("merged fan")]
    assert list(world.fans.even_hidden(both)) == [world.ours.of("merged fan")]


@case("PostgresFans.deleted")
def whom_they_deleted_is_not_told(world: World) -> None:
    world.fans.delete(world.ours.of("fan"), NOON)
    assert [one.fan.id for one in world.fans.deleted(LONG_AGO, None, 100)] == [world.ours.of("fan")]


@case("PostgresMerges.shown")
def who_is_shown_for_their_fan_is_not_told(world: World) -> None:
    assert _merges(world).shown(world.ours.of("merged fan")) == world.ours.of("fan")
    assert is_absent(lambda: _merges(world).shown(world.theirs.of("merged fan")))


@case("PostgresMerges.hide")
def their_fan_is_not_hidden(world: World) -> None:
    _merges(world).hide(world.theirs.of("fan"), world.theirs.of("fan of many words"), NOON)


@case("PostgresMerges.show_again")
def their_merged_fan_stays_hidden(world: World) -> None:
    _merges(world).show_again(_merge(world))
    _merges(world).show_again(_merge(world, merged="fan"))


@case("PostgresMerges.give")
def nothing_is_given_to_their_fan(world: World) -> None:
    _merges(world).give(replace(world.fans.get(world.ours.of("fan")), id=world.theirs.of("fan"), handle="ours"))


@case("PostgresMerges.add")
def a_merge_with_an_id_of_theirs_is_ours(world: World) -> None:
    ours = {"kept_id": world.ours.of("merged fan"), "merged_id": world.ours.of("fan")}
    _merges(world).add(replace(_merge(world), **ours))
    assert _merges(world).get(world.theirs.of("merge")).merged_id == world.ours.of("fan")


@case("PostgresMerges.get")
def their_merge_is_not_found(world: World) -> None:
    assert _merges(world).get(world.ours.of("merge")).kept_id == world.ours.of("fan")
    assert is_absent(lambda: _merges(world).get(world.theirs.of("merge")))


@case("PostgresMerges.into")
def merges_into_their_fan_are_not_told(world: World) -> None:
    assert _merges(world).into(world.theirs.of("fan")) == []
    assert [merge.id for merge in _merges(world).into(world.ours.of("fan"))] == [world.ours.of("merge")]


@case("PostgresMerges.change")
def their_merge_gives_what_it_gave(world: World) -> None:
    _merges(world).change(_merge(world))


@case("PostgresMerges.end")
def their_merge_is_not_ended(world: World) -> None:
    _merges(world).end(world.theirs.of("merge"), world.ours.of("owner"), NOON)


@case("PostgresMerges.newest")
def their_merges_are_not_listed(world: World) -> None:
    assert [named.merge.id for named in _merges(world).newest(LONG_AGO, None, 100)] == [world.ours.of("merge")]


@case("PostgresMerges.named")
def their_merge_has_no_name_for_us(world: World) -> None:
    assert _merges(world).named(world.ours.of("merge")).merged_name == "Rob"
    assert is_absent(lambda: _merges(world).named(world.theirs.of("merge")))


@case("PostgresErasures.lock_person")
def their_fan_is_nobody_to_erase(world: World) -> None:
    assert _erasures(world).lock_person(world.ours.of("merged fan")) == world.ours.of("fan")
    for whom in ("fan", "merged fan"):
        assert is_absent(partial(_erasures(world).lock_person, world.theirs.of(whom)))


@case("PostgresErasures.lock_talk")
def their_conversations_are_not_held(world: World) -> None:
    assert _erasures(world).lock_talk(world.ours.of("merged fan")) == [world.ours.of("conversation")]
    assert _erasures(world).lock_talk(world.theirs.of("fan")) == []


@case("PostgresErasures.lock_messages")
def their_messages_are_not_held(world: World) -> None:
    waiting = message_in(world.connection, world.ours, "queued", world.ours.of("a queued message"))
    assert waiting in _erasures(world).lock_messages(world.ours.of("fan"))
    assert _erasures(world).lock_messages(world.theirs.of("fan")) == []


@case("PostgresErasures.of")
def their_erasure_is_not_told(world: World) -> None:
    assert _erasures(world).of(world.ours.of("merged fan")) is not None
    assert _erasures(world).of(world.theirs.of("merged fan")) is None


@case("PostgresErasures.identities")
def names_of_their_fan_are_not_told(world: World) -> None:
    assert sorted(one.platform_id or "" for one in _erasures(world).identities(world.ours.of("fan"))) == [
        "rob",
        "robin",
    ]
    assert _erasures(world).identities(world.theirs.of("fan")) == []


@case("PostgresErasures.add")
def an_erasure_with_an_id_of_theirs_is_ours(world: World) -> None:
    fan = world.ours.of("fan")
    _erasures(world).add(world.theirs.of("erasure"), fan, world.ours.of("owner"), NOON)
    assert _erasures(world).of(fan) is not None


@case("PostgresErasures.carry_out")
def nobody_of_theirs_is_erased(world: World) -> None:
    _erasures(world).carry_out(world.theirs.of("erasure"))
    _erasures(world).add(new_id(), world.ours.of("fan"), world.ours.of("owner"), NOON)
    asked = _erasures(world).of(world.ours.of("fan"))
    assert asked is not None
    _erasures(world).carry_out(asked.id)
    assert is_absent(lambda: world.fans.get(world.ours.of("fan")))


@case("PostgresErasures.newest")
def their_erasures_are_not_listed(world: World) -> None:
    assert [one.id for one in _erasures(world).newest(None, 100)] == [world.ours.of("erasure")]


@case("PostgresErasures.ids_of_exports")
def their_exports_are_not_known(world: World) -> None:
    both = {world.ours.of("export"), world.theirs.of("export")}
    assert _erasures(world).ids_of_exports(both) == {world.ours.of("export")}


@case("PostgresErasures.keys_of_imports")
def their_imports_are_not_known(world: World) -> None:
    assert _erasures(world).keys_of_imports(["a file of theirs"]) == frozenset()


@case("PostgresErasures.erased_at")
def when_they_erased_is_not_told(world: World) -> None:
    assert _erasures(world).erased_at(world.ours.of("erasure"))
    assert is_absent(lambda: _erasures(world).erased_at(world.theirs.of("erasure")))


@case("PostgresErasures.swept")
def their_erasure_is_not_done(world: World) -> None:
    _erasures(world).swept(world.theirs.of("erasure"), NOON, done=True)


@case("UnfinishedErasures.oldest")
def of_all_workspaces_the_ids_alone_are_told(world: World) -> None:
    found = UnfinishedErasures(lambda query, asked: world.connection.execute(query, asked).fetchall()).oldest(100)
    assert (world.ours.id, world.ours.of("erasure")) in found


@case("ForgottenExports.between")
def of_all_exports_the_ids_alone_are_told(world: World) -> None:
    store = ForgottenExports(lambda query, asked: world.connection.execute(query, asked).fetchall())
    assert store.between(LONG_AGO, FAR_AHEAD, 100) == [Ticket(world.ours.id, world.ours.of("export"))]


@case("PostgresTombstones.count")
def whom_they_erased_is_not_counted(world: World) -> None:
    assert _tombstones(world).count() == 1


@case("PostgresTombstones.known")
def their_tombstones_are_not_known(world: World) -> None:
    assert _tombstones(world).known([A_HASH, b"only theirs".ljust(32)]) == {A_HASH}


@case("PostgresTombstones.keep")
def a_tombstone_of_theirs_may_be_ours_too(world: World) -> None:
    mark = Mark("email", b"only theirs".ljust(32))
    _tombstones(world).keep(world.ours.of("erasure"), [mark])
    assert _tombstones(world).known([mark.hash]) == {mark.hash}
