"""The cases of what hangs on fans: tags, notes, timelines, dossiers, and kept answers."""

from datetime import UTC, datetime, timedelta

from huntaze.dossiers.store import PostgresDossiers
from huntaze.idempotency.model import Answer, Keyed
from huntaze.idempotency.store import PostgresAnswers
from huntaze.notes.store import PostgresNotes
from huntaze.tags.model import TagCount
from huntaze.tags.store import PostgresTags
from huntaze.timeline.store import PostgresTimeline
from tests.isolation.cases import NOON, World, add_twin, case, is_absent


def _tags(world: World) -> PostgresTags:
    return PostgresTags(world.connection, world.ours.id)


def _notes(world: World) -> PostgresNotes:
    return PostgresNotes(world.connection, world.ours.id)


def _answers(world: World) -> PostgresAnswers:
    return PostgresAnswers(world.connection, world.ours.id)


@case("PostgresTags.all")
def only_our_tags_are_counted(world: World) -> None:
    assert _tags(world).all() == [TagCount("vip", 1)]


@case("PostgresTags.of")
def tags_of_their_fan_are_not_told(world: World) -> None:
    assert _tags(world).of(world.theirs.of("fan")) == []
    assert _tags(world).of(world.ours.of("fan")) == [TagCount("vip", 1)]


@case("PostgresTags.change")
def their_fan_gets_no_tag_of_ours(world: World) -> None:
    assert _tags(world).change([world.theirs.of("fan"), world.ours.of("fan")], ["ours"], []) == 1


@case("PostgresTags.rename")
def their_tag_keeps_its_name(world: World) -> None:
    assert _tags(world).rename([world.theirs.of("fan"), world.ours.of("fan")], "vip", "ours") == 1


@case("PostgresNotes.newest")
def notes_about_their_fan_are_not_told(world: World) -> None:
    assert _notes(world).newest(world.theirs.of("fan"), None, 100) == []
    (note,) = _notes(world).newest(world.ours.of("fan"), None, 100)
    assert note.id == world.ours.of("note")


@case("PostgresNotes.get_to_change")
def their_note_is_not_found(world: World) -> None:
    assert _notes(world).get_to_change(world.ours.of("fan"), world.ours.of("note")).text == "Kind"
    assert is_absent(lambda: _notes(world).get_to_change(world.theirs.of("fan"), world.theirs.of("note")))


@case("PostgresNotes.add")
def a_note_with_an_id_of_theirs_is_ours(world: World) -> None:
    author, note_id = world.ours.of("chatter"), world.theirs.of("note")
    assert _notes(world).add(note_id, world.ours.of("fan"), author, "Ours", NOON).text == "Ours"


@case("PostgresNotes.change")
def their_note_is_not_changed(world: World) -> None:
    assert is_absent(lambda: _notes(world).change(world.theirs.of("note"), "Ours now"))


@case("PostgresNotes.delete")
def their_note_is_not_deleted(world: World) -> None:
    _notes(world).delete(world.theirs.of("note"))


@case("PostgresTimeline.newest")
def what_happened_with_their_fan_is_not_told(world: World) -> None:
    timeline = PostgresTimeline(world.connection, world.ours.id)
    assert timeline.newest(world.theirs.of("fan"), None, 100) == []
    kinds = [event.kind for event in timeline.newest(world.ours.of("fan"), None, 100)]
    assert sorted(kinds) == ["created", "messages", "note", "transaction"]


@case("PostgresTimeline.newest")
def of_two_with_one_id_ours_has_its_own_past(world: World) -> None:
    twin = add_twin(world)
    (event,) = PostgresTimeline(world.connection, world.ours.id).newest(twin.id, None, 100)
    assert (event.kind, event.at) == ("created", NOON)


@case("PostgresDossiers.records")
def nothing_that_they_hold_is_told(world: World) -> None:
    dossiers = PostgresDossiers(world.connection, world.ours.id)
    assert not any(dossiers.records(world.theirs.of("fan")).values())
    told = dossiers.records(world.ours.of("fan"))
    assert told["messages"]
    assert len(told["platform_events"]) == 1, "of two events about a robin ours"


@case("PostgresAnswers.wait_for")
def waiting_touches_nothing(world: World) -> None:
    _answers(world).wait_for("only theirs", "key-1")


@case("PostgresAnswers.kept")
def an_answer_to_them_is_not_given_to_us(world: World) -> None:
    assert _answers(world).kept("only theirs", "key-1", datetime.now(UTC)) is None


@case("PostgresAnswers.keep")
def a_key_of_theirs_is_free_in_ours_and_theirs_is_not_forgotten(world: World) -> None:
    far_ahead, answer = datetime.now(UTC) + timedelta(days=9), Answer(200, {}, "ours")
    _answers(world).keep("only theirs", Keyed("key-1", bytes(32)), answer, far_ahead, far_ahead + timedelta(days=1))
    kept = _answers(world).kept("only theirs", "key-1", far_ahead)
    assert kept is not None
    assert kept.answer == answer


@case("PostgresAnswers.undo")
def an_answer_to_them_is_not_undone(world: World) -> None:
    _answers(world).undo("only theirs", "key-1", world.theirs.of("question"))
