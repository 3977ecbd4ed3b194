"""Counts and times of a conversation are those of its messages, whoever writes, tells and reads at once."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

from huntaze import wiring
from huntaze.conversations.model import Unread
from huntaze.fans.model import Platform
from huntaze.messages.model import Content, Filters, InConversation, Listing, Message, Told, Words, Written
from huntaze.money import Money
from tests.conftest import Database
from tests.integration.conversations.conftest import Studio
from tests.support.fake_delivery import send_without_servers

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WRITERS = 64

COUNTS = """
SELECT unread_count, last_message_at, archived,
    (SELECT count(*) FROM messages WHERE conversation_id = conversations.id AND direction = 'in' AND NOT read),
    (SELECT max(occurred_at) FROM messages WHERE conversation_id = conversations.id),
    (SELECT last_message_at FROM fans WHERE fans.id = fan_id)
FROM conversations WHERE id = %s
"""
# The chain from its first entry to the one that its head names: a fork or a gap would leave entries beside it.
CHAIN = """
WITH RECURSIVE chain AS (
    SELECT position, hash FROM audit_log WHERE workspace_id = %s AND prev_hash IS NULL
    UNION ALL
    SELECT entry.position, entry.hash FROM chain JOIN audit_log AS entry
        ON entry.workspace_id = %s AND entry.prev_hash = chain.hash AND entry.position = chain.position + 1
)
SELECT (SELECT count(*) FROM chain), (SELECT count(*) FROM audit_log WHERE workspace_id = %s),
    (SELECT hash FROM chain ORDER BY position DESC LIMIT 1) = (SELECT hash FROM audit_heads WHERE workspace_id = %s)
"""


def _told(conversation_id: UUID, number: int, at: datetime = NOON) -> Told:
    content = Content(f"Message {number}", Money(0, "USD"), ())
    return Told(
        conversation_id=conversation_id, platform_message_id=f"message-{number}", content=content, occurred_at=at
    )


def _thread(studio: Studio, conversation_id: UUID) -> tuple[Message, ...]:
    wanted = Listing(100, Filters(conversation_id))
    return studio.parts.messages.thread(studio.owner, conversation_id, wanted).items


def test_what_a_fan_writes_is_kept_once_however_often_it_is_told(studio: Studio) -> None:
    conversation_id = studio.conversation()
    studio.parts.conversations.change(studio.owner, conversation_id, {"archived": True})
    news = [studio.parts.receiving.receive(studio.workspace_id, _told(conversation_id, 1)) for _ in range(3)]
    assert news == [True, False, False]
    conversation = studio.parts.conversations.get(studio.owner, conversation_id)
    assert (conversation.unread_count, conversation.archived, conversation.last_message_at) == (1, False, NOON)
    assert [message.content.text for message in _thread(studio, conversation_id)] == ["Message 1"]


def test_what_was_typed_elsewhere_is_kept_once_and_is_no_news_to_read(studio: Studio) -> None:
    conversation_id = studio.conversation()
    told = _told(conversation_id, 1)
    assert [studio.parts.receiving.note_sent_elsewhere(studio.workspace_id, told) for _ in range(2)] == [True, False]
    (message,) = _thread(studio, conversation_id)
    assert (message.sent_elsewhere, message.status, message.sent_at, message.approved_by) == (True, "sent", NOON, None)
    conversation = studio.parts.conversations.get(studio.owner, conversation_id)
    assert (conversation.unread_count, conversation.last_message_at) == (0, NOON)


def test_what_comes_late_takes_its_place_and_moves_nothing_back(studio: Studio) -> None:
    conversation_id = studio.conversation()
    for number, hours in ((1, 0), (2, -1), (3, 1), (4, -2)):
        told = _told(conversation_id, number, NOON + timedelta(hours=hours))
        assert studio.parts.receiving.receive(studio.workspace_id, told)
    assert [message.content.text[-1] for message in _thread(studio, conversation_id)] == ["3", "1", "2", "4"]
    conversation = studio.parts.conversations.get(studio.owner, conversation_id)
    assert conversation.last_message_at == NOON + timedelta(hours=1)
    assert conversation.last_message is not None
    assert conversation.last_message.text == "Message 3"


def test_a_deleted_fan_is_heard_and_seen_when_restored(studio: Studio) -> None:
    fan_id = studio.fan()
    conversation_id = studio.parts.conversations.open(studio.owner, fan_id).conversation.id
    studio.parts.fans.delete(studio.owner, fan_id)
    assert studio.parts.receiving.receive(studio.workspace_id, _told(conversation_id, 1))
    assert studio.parts.conversations.unread(studio.owner) == Unread(0, 0)
    studio.parts.fans.restore(studio.owner, fan_id)
    assert studio.parts.conversations.unread(studio.owner) == Unread(1, 1)


def test_reading_one_and_reading_all_count_down_once(studio: Studio) -> None:
    parts, owner = studio.parts, studio.owner
    first, second = studio.conversation(), studio.conversation(Platform.PATREON)
    for conversation_id, number in itertools.product((first, second), range(3)):
        parts.receiving.receive(studio.workspace_id, _told(conversation_id, number))
    assert parts.conversations.unread(owner) == Unread(6, 2)
    message_id = _thread(studio, first)[0].id
    assert [parts.messages.mark_read(owner, message_id).read for _ in range(2)] == [True, True]
    assert parts.conversations.unread(owner) == Unread(5, 2)
    for _ in range(2):
        assert parts.conversations.change(owner, first, {"read": True}).unread_count == 0
    assert parts.conversations.unread(owner) == Unread(3, 1)
    parts.conversations.change(owner, second, {"archived": True})
    assert parts.conversations.unread(owner) == Unread(0, 0)
    assert parts.conversations.get(owner, second).unread_count == 3


def test_many_who_open_one_conversation_open_it_once(studio: Studio) -> None:
    fan_id = studio.fan()
    opened = _at_once(
        studio.database, [lambda parts: parts.conversations.open(studio.owner, fan_id) for _ in range(16)]
    )
    assert sorted(one.is_new for one in opened) == [False] * 15 + [True]
    assert len({one.conversation.id for one in opened}) == 1


def test_64_writers_in_one_conversation_leave_exact_counts_and_one_chain(studio: Studio) -> None:
    conversation_id, numbers = studio.conversation(), itertools.count()
    kinds = [_hearing, _writing, _typing_elsewhere, _reading]

    def work(parts: wiring.Wiring, kind: Callable[..., None]) -> None:
        for _ in range(4):
            kind(parts, studio, conversation_id, next(numbers) % 48)

    _at_once(
        studio.database,
        [lambda parts, kind=kind: work(parts, kind) for kind, _ in itertools.product(kinds, range(WRITERS // 4))],
    )
    ((unread, last_at, archived, really_unread, newest, of_fan),) = studio.run(COUNTS, conversation_id)
    assert (unread, archived) == (really_unread, False)
    assert last_at == newest == of_fan
    sent = [message for message in _thread(studio, conversation_id) if message.approved_by]
    assert len(sent) == WRITERS
    ((linked, entries, ends_at_the_head),) = studio.run(CHAIN, *[studio.workspace_id] * 4)
    assert linked == entries
    assert ends_at_the_head
    read = studio.parts.conversations.change(studio.owner, conversation_id, {"read": True})
    assert read.unread_count == 0


def _hearing(parts: wiring.Wiring, studio: Studio, conversation_id: UUID, number: int) -> None:
    """Some of it is told twice, and some of it late."""
    parts.receiving.receive(
        studio.workspace_id, _told(conversation_id, number, NOON + timedelta(minutes=number * 7 % 48))
    )


def _writing(parts: wiring.Wiring, studio: Studio, conversation_id: UUID, number: int) -> None:
    parts.messages.send(studio.owner, InConversation(conversation_id), Written(Words(text=f"Answer {number}")))


def _typing_elsewhere(parts: wiring.Wiring, studio: Studio, conversation_id: UUID, number: int) -> None:
    parts.receiving.note_sent_elsewhere(studio.workspace_id, _told(conversation_id, number + 1000))


def _reading(parts: wiring.Wiring, studio: Studio, conversation_id: UUID, number: int) -> None:
    if number % 2:
        parts.conversations.change(studio.owner, conversation_id, {"read": True})
        return
    newest = parts.messages.thread(studio.owner, conversation_id, Listing(1, Filters(conversation_id))).items
    for message in newest:
        parts.messages.mark_read(studio.owner, message.id)


def _at_once(database: Database, acts: list[Callable[[wiring.Wiring], object]]) -> list[object]:
    """Everybody in a process of their own, as far as the database can tell, and all at the same moment."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[wiring.Wiring], object]) -> object:
        parts = wiring.Wiring({"DATABASE_URL": database.app})
        send_without_servers(parts)
        try:
            together.wait(60)
            return act(parts)
        finally:
            parts.postgres.close()

    with ThreadPoolExecutor(len(acts)) as everybody:
        return list(everybody.map(run, acts))
