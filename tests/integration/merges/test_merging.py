"""Merging two fans and taking it back, on a real database."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze import wiring
from huntaze.conversations.model import Filters as Conversations
from huntaze.errors import Conflict, Forbidden, HuntazeError, Invalid, NotFound
from huntaze.fans.model import Fan, Filters, Listing, Selection, Sort
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Filters as Messages
from huntaze.messages.model import Listing as Thread
from tests.conftest import Database
from tests.support.people import new_fan
from tests.support.workspaces import MAX, ZOE, insert, inside

Make = Callable[..., Fan]


@pytest.fixture
def fan(parts: wiring.Wiring, owner: Principal) -> Make:
    """Adds somebody who spent a dollar."""
    return lambda **about: parts.fans.create(owner, new_fan(**{"value_cents": 100, **about}))


def _as_it_was(parts: wiring.Wiring, owner: Principal, fan: Fan) -> bool:
    return replace(parts.fans.get(owner, fan.id), updated_at=fan.updated_at) == fan


def test_the_kept_fan_gets_what_it_had_not_and_the_reversal_takes_back_just_that(
    parts: wiring.Wiring, owner: Principal, fan: Make
) -> None:
    seen = parts.clock.now() - timedelta(days=3)
    kept = fan(name="Kim", tags=("a", "b"), email=None, handle="kim", notes="", last_seen_at=None)
    merged = fan(
        name="Kimmy",
        tags=("b", "c"),
        email="kim@example.com",
        handle="kimmy",
        notes="Met in May",
        last_seen_at=seen,
        do_not_contact=True,
        metadata={"tier": "gold"},
    )
    merge = parts.merges.merge(owner, kept.id, merged.id).merge
    both = parts.fans.get(owner, kept.id)
    assert (both.tags, both.value.cents, both.email, both.handle) == (("a", "b", "c"), 200, "kim@example.com", "kim")
    assert (both.notes, both.metadata, both.last_seen_at, both.do_not_contact) == (
        "Met in May",
        {"tier": "gold"},
        seen,
        True,
    )
    parts.merges.undo(owner, merge.id)
    assert _as_it_was(parts, owner, kept)
    assert _as_it_was(parts, owner, merged)


def test_what_people_changed_since_stays(parts: wiring.Wiring, owner: Principal, fan: Make) -> None:
    kept, merged = fan(tags=("a",)), fan(tags=("b", "c"), email="old@example.com", phone="1")
    merge = parts.merges.merge(owner, kept.id, merged.id).merge
    parts.fans.update(owner, kept.id, {"email": "new@example.com", "tags": ("a", "b", "d"), "value_cents": 1_000})
    parts.merges.undo(owner, merge.id)
    after = parts.fans.get(owner, kept.id)
    assert (after.email, after.phone, after.tags, after.value.cents) == ("new@example.com", None, ("a", "d"), 900)


def test_the_merged_fan_is_nowhere_but_behind_the_kept_one(
    parts: wiring.Wiring, owner: Principal, fan: Make, superuser: psycopg.Connection[Any]
) -> None:
    kept, merged = fan(name="Kim"), fan(name="Kimmy", platform_id="kimmy-1")
    parts.notes.add(owner, merged.id, "From before")
    _talk(superuser, merged.id)
    parts.merges.merge(owner, kept.id, merged.id)
    for act in (
        lambda: parts.fans.get(owner, merged.id),
        lambda: parts.fans.restore(owner, merged.id),
        lambda: parts.fans.delete(owner, merged.id),
        lambda: parts.notes.add(owner, merged.id, "x"),
        lambda: parts.fans.tag(owner, Selection(ids=(merged.id,)), ("x",), ()),
    ):
        with pytest.raises(NotFound):
            act()
    listed = parts.fans.page(owner, Listing(100, Filters(q="kim"), Sort.NAME)).fans
    assert [one.id for one in listed] == [kept.id]
    assert merged.id not in [one.fan.id for one in parts.fans.deleted(owner, 100).items]
    with pytest.raises(Conflict):
        fan(platform_id="kimmy-1")
    with parts.in_workspace(owner) as stores:
        assert stores.merges.shown(merged.id) == stores.merges.shown(kept.id) == kept.id

    (note,) = parts.notes.page(owner, kept.id, 10).items
    assert parts.notes.change(owner, kept.id, note.id, "Changed").text == "Changed"
    kinds = [event.kind for event in parts.timeline.of(owner, kept.id, 10).items]
    assert sorted(kinds) == ["created", "messages", "note", "transaction"]
    (earned,) = parts.earnings.of(owner, kept)
    assert earned.amount.cents == 500
    told = parts.dossiers.of(owner, kept.id)
    counts = {name: len(records) for name, records in told.items() if records}
    assert counts == {
        "fan": 1,
        "merged": 1,
        "merges": 1,
        "notes": 1,
        "conversations": 1,
        "messages": 1,
        "transactions": 1,
        "audit": 3,
    }
    assert told["merged"][0]["name"] == "Kimmy"


def _talk(superuser: psycopg.Connection[Any], fan_id: UUID) -> None:
    thread, ours = new_id(), {"workspace_id": ZOE.id, "fan_id": fan_id}
    with inside(superuser, ZOE):
        insert(superuser, "conversations", {**ours, "id": thread, "platform": "onlyfans"})
        heard = {"direction": "in", "status": "received", "text": "Hi", "conversation_id": thread}
        insert(superuser, "messages", {**ours, "id": new_id(), **heard})
        paid = {"platform": "onlyfans", "platform_transaction_id": str(new_id()), "kind": "tip", "amount_cents": 500}
        insert(superuser, "transactions", {**ours, "id": new_id(), "occurred_at": "2026-05-01T12:00Z", **paid})


def test_chains_lead_to_who_is_shown_and_come_apart_from_the_end(
    parts: wiring.Wiring, owner: Principal, fan: Make
) -> None:
    a, b, c = fan(tags=("a",)), fan(tags=("b",)), fan(tags=("c",))
    first = parts.merges.merge(owner, b.id, a.id).merge
    between = parts.fans.get(owner, b.id)
    second = parts.merges.merge(owner, c.id, b.id).merge
    assert parts.fans.get(owner, c.id).tags == ("c", "b", "a")
    assert parts.fans.get(owner, c.id).value.cents == 300
    with parts.in_workspace(owner) as stores:
        assert {stores.merges.shown(one.id) for one in (a, b, c)} == {c.id}
    with pytest.raises(Conflict, match="Undo that merge first"):
        parts.merges.undo(owner, first.id)
    assert parts.merges.reversible(owner, 10).items[0].merge.id == second.id
    assert first.id not in [named.merge.id for named in parts.merges.reversible(owner, 10).items]
    parts.merges.undo(owner, second.id)
    assert _as_it_was(parts, owner, between)
    assert _as_it_was(parts, owner, c)
    with parts.in_workspace(owner) as stores:
        assert stores.merges.shown(a.id) == b.id
    parts.merges.undo(owner, first.id)
    assert all(_as_it_was(parts, owner, one) for one in (a, b, c))


def test_two_merges_into_one_come_apart_in_any_order(parts: wiring.Wiring, owner: Principal, fan: Make) -> None:
    now = parts.clock.now()
    kept = fan(tags=("k",), last_seen_at=now - timedelta(days=9))
    a = fan(tags=("x", "y"), email="a@example.com", last_seen_at=now - timedelta(days=1))
    b = fan(tags=("x", "z"), email="b@example.com", last_seen_at=now - timedelta(days=2))
    first = parts.merges.merge(owner, kept.id, a.id).merge
    second = parts.merges.merge(owner, kept.id, b.id).merge
    parts.merges.undo(owner, first.id)
    with_b = parts.fans.get(owner, kept.id)
    assert (set(with_b.tags), with_b.email, with_b.last_seen_at) == ({"k", "x", "z"}, "b@example.com", b.last_seen_at)
    parts.merges.undo(owner, second.id)
    assert all(_as_it_was(parts, owner, one) for one in (kept, a, b))


def test_what_cannot_be_one_is_refused(parts: wiring.Wiring, owner: Principal, fan: Make) -> None:
    kept, merged, other = fan(), fan(), fan()
    with pytest.raises(Invalid) as invalid:
        parts.merges.merge(owner, kept.id, kept.id)
    assert [field.field for field in invalid.value.fields] == ["mergedId"]
    for strange in (new_id(), MAX.of("fan")):
        for pair in ((kept.id, strange), (strange, kept.id)):
            with pytest.raises(NotFound):
                parts.merges.merge(owner, *pair)
    for unlike in (fan(currency="EUR"), fan(tags=tuple(map(str, range(100))), value_cents=0)):
        with pytest.raises(Conflict):
            parts.merges.merge(owner, fan(tags=("more",)).id, unlike.id)
    parts.merges.merge(owner, kept.id, merged.id)
    for pair in ((other.id, merged.id), (merged.id, other.id), (merged.id, kept.id), (kept.id, merged.id)):
        with pytest.raises(Conflict, match="merged into another fan already"):
            parts.merges.merge(owner, *pair)
    for role in (Role.CHATTER, Role.ANALYST):
        with pytest.raises(Forbidden):
            parts.merges.merge(replace(owner, role=role), other.id, kept.id)


def test_after_thirty_days_a_merge_stays(parts: wiring.Wiring, owner: Principal, fan: Make) -> None:
    merge = parts.merges.merge(owner, fan().id, fan().id).merge
    parts.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]  # a fixed one
    with pytest.raises(Conflict, match="30 days"):
        parts.merges.undo(owner, merge.id)
    assert merge.id not in [named.merge.id for named in parts.merges.reversible(owner, 100).items]


def test_a_merge_is_undone_once_and_by_its_own_workspace(parts: wiring.Wiring, owner: Principal, fan: Make) -> None:
    merge = parts.merges.merge(owner, fan().id, fan().id).merge
    with pytest.raises(NotFound):
        parts.merges.undo(owner, MAX.of("merge"))
    parts.merges.undo(owner, merge.id)
    with pytest.raises(NotFound):
        parts.merges.undo(owner, merge.id)


def test_of_two_who_merge_both_ways_at_once_one_succeeds(
    parts: wiring.Wiring, owner: Principal, fan: Make, database: Database
) -> None:
    processes = [wiring.Wiring({"DATABASE_URL": database.app}) for _ in range(8)]
    for _ in range(5):
        pair = (fan().id, fan().id)
        done = _at_once(processes, owner, pair)
        assert sum(not isinstance(one, HuntazeError) for one in done) == 1
        assert {type(one) for one in done if isinstance(one, HuntazeError)} == {Conflict}
        listed = {one.id for one in parts.fans.page(owner, Listing(100)).fans}
        assert len(listed & set(pair)) == 1
    for process in processes:
        process.postgres.close()


def _at_once(processes: list[wiring.Wiring], owner: Principal, pair: tuple[UUID, UUID]) -> list[object]:
    """What became of each process's merge, every other one the other way round."""
    barrier, done = threading.Barrier(len(processes)), []

    def merge(process: wiring.Wiring, kept: UUID, merged: UUID) -> None:
        barrier.wait()
        try:
            done.append(process.merges.merge(owner, kept, merged))
        except HuntazeError as error:
            done.append(error)

    threads = [
        threading.Thread(target=merge, args=(process, *(pair if number % 2 else pair[::-1])))
        for number, process in enumerate(processes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE fans SET merged_into = id, deleted_at = now() WHERE id = %(a)s",
        "UPDATE fans SET merged_into = %(b)s WHERE id = %(a)s",  # still shown
        "UPDATE fans SET merged_into = %(merged)s, deleted_at = now() WHERE id = %(a)s",  # into who is merged
        "UPDATE fans SET merged_into = %(a)s, deleted_at = now() WHERE id = %(kept)s",  # whom others point at
        """
        INSERT INTO fans (workspace_id, id, name, platform, merged_into)
        VALUES (%(ws)s, gen_random_uuid(), 'x', 'other', %(a)s)
        """,
    ],
)
def test_raw_sql_makes_no_chain_and_no_circle(parts: wiring.Wiring, owner: Principal, fan: Make, attempt: str) -> None:
    ids = {"a": fan().id, "b": fan().id, "kept": ZOE.of("fan"), "merged": ZOE.of("merged fan"), "ws": ZOE.id}
    with pytest.raises(psycopg.errors.CheckViolation), parts.postgres.transaction(owner.workspace_id) as connection:
        connection.execute(attempt, ids)  # type: ignore[arg-type]  # a literal of the list above


def test_conversations_of_a_merged_fan_stay_in_the_inbox_under_the_name_that_is_shown(
    parts: wiring.Wiring, owner: Principal, fan: Make, superuser: psycopg.Connection[Any]
) -> None:
    kept, merged = fan(name="Quentin"), fan(name="Zebulon")
    for one in (kept, merged):
        _talk(superuser, one.id)
    superuser.execute("UPDATE conversations SET unread_count = 1 WHERE fan_id = ANY(%s)", [[kept.id, merged.id]])
    unread = parts.conversations.unread(owner)
    merge = parts.merges.merge(owner, kept.id, merged.id).merge
    for asked in (Conversations(), Conversations(q="quent"), Conversations(unread=True)):
        found = parts.conversations.page(owner, asked, 50).items
        assert [one.fan_name for one in found if one.fan_id in {kept.id, merged.id}] == ["Quentin"] * 2, asked
    assert not parts.conversations.page(owner, Conversations(q="zebulon"), 50).items
    assert parts.conversations.unread(owner) == unread
    assert len(parts.messages.page(owner, Thread(50, Messages(fan_id=kept.id))).items) == 2
    parts.fans.delete(owner, kept.id)
    left = [one.fan_id for one in parts.conversations.page(owner, Conversations(), 50).items]
    assert not {kept.id, merged.id} & set(left), "who is deleted takes along who is shown as them"
    parts.merges.undo(owner, merge.id)
    assert merged.id in [one.fan_id for one in parts.conversations.page(owner, Conversations(), 50).items]
