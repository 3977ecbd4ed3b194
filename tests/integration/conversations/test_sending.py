"""A message is let out as a whole: words, approval, permit, counts and audit entry, or nothing of it."""

from uuid import UUID

import psycopg

from huntaze.attachments.model import Media, MediaType
from huntaze.messages.model import InConversation, Queued, Status, Words, Written
from tests.integration.conversations.conftest import Studio

HOSTILE = "</textarea><script>alert('x')</script> %s {name} \u202e \\ 🎉"
PICTURE = Media("https://media.example.com/001.jpg", MediaType.IMAGE)
WRITTEN = """
SELECT
    (SELECT count(*) FROM messages WHERE workspace_id = %(ws)s),
    (SELECT count(*) FROM outbox WHERE workspace_id = %(ws)s),
    (SELECT count(*) FROM drafts WHERE workspace_id = %(ws)s),
    (SELECT count(*) FROM audit_log WHERE workspace_id = %(ws)s AND action = 'message.approved')
"""


def _written(studio: Studio) -> tuple[int, ...]:
    with psycopg.connect(studio.database.superuser) as superuser:
        (row,) = superuser.execute(WRITTEN, {"ws": studio.workspace_id}).fetchall()
    return tuple(row)


def _send(studio: Studio, conversation_id: UUID, text: str = "Hello", **more: object) -> Queued:
    written = Written(Words(text=text, **more))
    return studio.parts.messages.send(studio.owner, InConversation(conversation_id), written)


def test_what_is_sent_is_queued_with_its_approval_its_permit_and_its_entry(studio: Studio) -> None:
    conversation_id = studio.conversation()
    sent = _send(studio, conversation_id, HOSTILE, price_cents=1500, media=(PICTURE, Media("https://a.example.com/1")))
    message = sent.message
    assert (message.status, message.content.text, message.approved_by) == (
        Status.QUEUED,
        HOSTILE,
        studio.owner.member_id,
    )
    assert message.content.media == (PICTURE, Media("https://a.example.com/1"))
    assert sent.estimated_send_time is None
    (permit,) = studio.run(
        "SELECT kind, message_id, account_id, due_at, published_at FROM outbox WHERE workspace_id = %s",
        studio.workspace_id,
    )
    assert permit == ("permit", message.id, message.account_id, message.queued_at, None)
    (entry,) = studio.run(
        "SELECT actor_id, object_id, details FROM audit_log WHERE workspace_id = %s AND action = 'message.approved'",
        studio.workspace_id,
    )
    assert entry == (studio.owner.member_id, message.id, {"conversation": str(conversation_id)})
    conversation = studio.parts.conversations.get(studio.owner, conversation_id)
    assert conversation.last_message is not None
    assert (conversation.last_message.id, conversation.last_message_at) == (message.id, message.occurred_at)
    assert studio.parts.fans.get(studio.owner, message.fan_id).last_message_at == message.occurred_at
