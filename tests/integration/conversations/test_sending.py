"""A message is let out as a whole: words, approval, permit, counts and audit entry, or nothing of it."""

from uuid import UUID

import pytest

from huntaze.attachments.model import Media, MediaType
from huntaze.conversations.model import Filters
from huntaze.drafts.model import Changes
from huntaze.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from huntaze.fans.model import Platform
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Content, InConversation, Listing, Queued, Status, ToFan, Words, Written
from huntaze.versions import etag
from tests.integration.conversations.conftest import Studio
from tests.integration.fans.conftest import add_member

HOSTILE = "</textarea><script>alert('x')</script> %s {name} \u202e \\ 🎉"
PICTURE = Media("https://media.example.com/001.jpg", MediaType.IMAGE)
WRITTEN = """
SELECT
    (SELECT count(*) FROM messages WHERE workspace_id = %(ws)s),
    (SELECT count(*) FROM outbox WHERE workspace_id = %(ws)s),
    (SELECT count(*) FROM drafts WHERE workspace_id = %(ws)s AND dismissed_at IS NULL),
    (SELECT count(*) FROM audit_log WHERE workspace_id = %(ws)s AND action = 'message.approved')
"""


def _written(studio: Studio) -> tuple[int, ...]:
    (row,) = studio.database.run(WRITTEN, ws=studio.workspace_id)
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
    assert sent.estimated_send_time is not None
    (permit,) = studio.run(
        "SELECT kind, message_id, account_id FROM outbox WHERE workspace_id = %s", studio.workspace_id
    )
    assert permit == ("permit", message.id, message.account_id)
    (queued,) = studio.queue.permits
    assert (queued.message_id, queued.account_id, queued.user_id) == (*permit[1:], str(studio.owner.member_id))
    (entry,) = studio.run(
        "SELECT actor_id, object_id, details FROM audit_log WHERE workspace_id = %s AND action = 'message.approved'",
        studio.workspace_id,
    )
    assert entry == (studio.owner.member_id, message.id, {"conversation": str(conversation_id)})
    conversation = studio.parts.conversations.get(studio.owner, conversation_id)
    assert conversation.last_message is not None
    assert (conversation.last_message.id, conversation.last_message_at) == (message.id, message.occurred_at)
    assert studio.parts.fans.get(studio.owner, message.fan_id).last_message_at == message.occurred_at


def test_a_message_to_a_fan_opens_the_conversation_and_finds_it_again(studio: Studio) -> None:
    fan_id = studio.fan()
    first, second = (
        studio.parts.messages.send(studio.owner, ToFan(fan_id), Written(Words(text=text))).message for text in "ab"
    )
    assert first.conversation_id == second.conversation_id
    assert _written(studio)[:2] == (2, 2)


REFUSED = [
    (Words(text=""), "text"),
    (Words(text=" \n"), "text"),
    (Words(text="a", price_cents=299, media=(PICTURE,)), "priceCents"),
    (Words(text="a", price_cents=20_001, media=(PICTURE,)), "priceCents"),
    (Words(text="a", price_cents=300), "attachments"),
    (Words(text="a", currency="EUR"), "currency"),
]


@pytest.mark.parametrize(("words", "field"), REFUSED, ids=str)
def test_what_breaks_a_rule_leaves_nothing(studio: Studio, words: Words, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        studio.parts.messages.send(studio.owner, InConversation(studio.conversation()), Written(words))
    assert [failing.field for failing in refusal.value.fields] == [field]
    assert _written(studio) == (0, 0, 0, 0)


def test_who_is_not_to_be_contacted_is_not(studio: Studio) -> None:
    conversation_id = studio.conversation(do_not_contact=True)
    with pytest.raises(Conflict, match="not to be contacted"):
        _send(studio, conversation_id)
    assert _written(studio) == (0, 0, 0, 0)


def test_while_somebody_answers_nobody_else_does_until_they_take_over(studio: Studio) -> None:
    conversation_id, presence = studio.conversation(), studio.parts.presence
    tom = Principal(
        "tom", studio.workspace_id, add_member(studio.database, studio.workspace_id, "chatter"), Role.CHATTER
    )
    presence.be_there(tom, conversation_id, answering=True)
    with pytest.raises(Conflict, match="is answering this conversation"):
        _send(studio, conversation_id)
    assert _written(studio) == (0, 0, 0, 0)
    presence.be_there(studio.owner, conversation_id, answering=True, take_over=True)
    assert _send(studio, conversation_id).message.status is Status.QUEUED


@pytest.mark.parametrize("platform", [Platform.PATREON, Platform.OTHER])
def test_on_some_platforms_nothing_can_be_sent(studio: Studio, platform: Platform) -> None:
    studio.connect(platform)
    conversation_id = studio.conversation(platform)
    with pytest.raises(Conflict, match=f"Nothing can be sent on {platform}"):
        _send(studio, conversation_id)
    with pytest.raises(Conflict, match=f"Nothing can be sent on {platform}"):
        studio.parts.drafts.write(studio.machine, conversation_id, Words(text="Hello"))
    assert _written(studio) == (0, 0, 0, 0)


def test_without_an_account_the_caller_is_told_what_to_do(studio: Studio) -> None:
    conversation_id = studio.conversation(Platform.FANSLY)
    with pytest.raises(Conflict, match="Connect one"):
        _send(studio, conversation_id)
    studio.connect("fansly", status="expired")
    with pytest.raises(Conflict, match="Connect it again"):
        _send(studio, conversation_id)
    assert _written(studio) == (0, 0, 0, 0)


def test_what_belongs_to_a_deleted_fan_is_hidden_until_the_fan_is_back(studio: Studio) -> None:
    parts, owner, fan_id = studio.parts, studio.owner, studio.fan()
    sent = parts.messages.send(owner, ToFan(fan_id), Written(Words(text="Hello"))).message
    draft = parts.drafts.write(studio.machine, sent.conversation_id, Words(text="More"))
    parts.fans.delete(owner, fan_id)
    hidden = [
        lambda: parts.conversations.get(owner, sent.conversation_id),
        lambda: parts.conversations.change(owner, sent.conversation_id, {"read": True}),
        lambda: parts.conversations.open(owner, fan_id),
        lambda: parts.messages.thread(owner, sent.conversation_id, Listing(100)),
        lambda: parts.messages.get(owner, sent.id),
        lambda: parts.messages.mark_read(owner, sent.id),
        lambda: _send(studio, sent.conversation_id),
        lambda: parts.drafts.get(owner, draft.id),
        lambda: parts.drafts.change(owner, draft.id, {"text": "Less"}),
        lambda: parts.drafts.delete(owner, draft.id),
        lambda: parts.drafts.approve(owner, draft.id, content_hash=draft.content_hash),
    ]
    for act in hidden:
        with pytest.raises(NotFound):
            act()
    assert parts.conversations.page(owner, Filters(), 50).items == ()
    assert parts.messages.page(owner, Listing(100)).items == ()
    assert parts.drafts.page(owner, None, 50).items == ()
    parts.fans.restore(owner, fan_id)
    assert parts.messages.get(owner, sent.id) == sent
    assert parts.drafts.get(owner, draft.id) == draft


def test_a_machine_writes_and_lets_nothing_out(studio: Studio) -> None:
    parts, conversation_id = studio.parts, studio.conversation()
    draft = parts.drafts.write(studio.machine, conversation_id, Words(text="Hello"))
    for act in (
        lambda: parts.drafts.approve(studio.machine, draft.id, content_hash=draft.content_hash),
        lambda: parts.messages.send(studio.machine, InConversation(conversation_id), Written(Words(text="Hello"))),
        lambda: parts.conversations.change(studio.machine, conversation_id, {"read": True}),
        lambda: parts.conversations.open(studio.machine, studio.fan()),
    ):
        with pytest.raises(Forbidden):
            act()
    assert _written(studio) == (0, 0, 1, 0)


def test_an_approved_draft_becomes_the_message_that_was_seen(studio: Studio) -> None:
    parts, conversation_id = studio.parts, studio.conversation()
    draft = parts.drafts.write(studio.machine, conversation_id, Words(text=HOSTILE, price_cents=900, media=(PICTURE,)))
    message = parts.drafts.approve(studio.owner, draft.id, content_hash=draft.content_hash).message
    assert message.content == draft.content == Content(HOSTILE, draft.content.price, (PICTURE,))
    assert (message.sent_by_ai, message.approved_by, message.status) == (
        True,
        studio.owner.member_id,
        Status.QUEUED,
    )
    (hashes,) = studio.run("SELECT content_hash, approved_hash, ai_suggestion FROM messages WHERE id = %s", message.id)
    assert hashes == (draft.content_hash, draft.content_hash, HOSTILE)
    assert _written(studio) == (1, 1, 0, 1)
    with pytest.raises(NotFound):
        parts.drafts.approve(studio.owner, draft.id, content_hash=draft.content_hash)


@pytest.mark.parametrize(
    "changes",
    [{"text": "Otherwise"}, {"price_cents": 1000}, {"media": (PICTURE, PICTURE)}, {"text": "Hello "}],
    ids=str,
)
def test_whatever_changes_needs_a_new_approval(studio: Studio, changes: Changes) -> None:
    parts, conversation_id = studio.parts, studio.conversation()
    words = Words(text="Hello", price_cents=900, media=(PICTURE,))
    seen = parts.drafts.write(studio.machine, conversation_id, words)
    changed = parts.drafts.change(studio.owner, seen.id, changes)
    assert changed.content_hash != seen.content_hash
    for named in ({"content_hash": seen.content_hash}, {"if_match": etag(seen)}):
        with pytest.raises(Stale):
            parts.drafts.approve(studio.owner, seen.id, **named)
    assert _written(studio) == (0, 0, 1, 0)
    message = parts.drafts.approve(studio.owner, seen.id, if_match=etag(changed)).message
    assert (message.content, message.sent_by_ai) == (changed.content, "text" not in changes)


@pytest.mark.parametrize("named", [{}, {"if_match": "*"}, {"if_match": " "}])
def test_an_approval_that_names_nothing_is_none(studio: Studio, named: dict[str, str]) -> None:
    draft = studio.parts.drafts.write(studio.machine, studio.conversation(), Words(text="Hello"))
    with pytest.raises(Invalid):
        studio.parts.drafts.approve(studio.owner, draft.id, **named)


def test_a_draft_for_an_account_that_was_changed_is_approved_anew(studio: Studio) -> None:
    parts, conversation_id = studio.parts, studio.conversation(Platform.FANSLY)
    draft = parts.drafts.write(studio.machine, conversation_id, Words(text="Hello"))
    assert draft.account_id is None
    account_id = studio.connect("fansly")
    with pytest.raises(Conflict, match="Save the draft again"):
        parts.drafts.approve(studio.owner, draft.id, content_hash=draft.content_hash)
    saved = parts.drafts.change(studio.owner, draft.id, {"text": "Hello"})
    assert (saved.account_id, saved.content_hash == draft.content_hash) == (account_id, False)
    assert (
        parts.drafts.approve(studio.owner, draft.id, content_hash=saved.content_hash).message.account_id == account_id
    )


def test_a_draft_that_was_rewritten_in_the_composer_is_used_up(studio: Studio) -> None:
    parts, conversation_id = studio.parts, studio.conversation()
    draft = parts.drafts.write(studio.machine, conversation_id, Words(text="Dear you"))
    written = Written(Words(text="Hey you"), draft_id=draft.id)
    with pytest.raises(NotFound):
        parts.messages.send(studio.owner, InConversation(studio.conversation()), written)
    message = parts.messages.send(studio.owner, InConversation(conversation_id), written).message
    assert not message.sent_by_ai
    assert studio.run("SELECT ai_suggestion FROM messages WHERE id = %s", message.id) == [("Dear you",)]
    assert _written(studio) == (1, 1, 0, 1)


def test_a_machine_leaves_the_drafts_of_people_alone(studio: Studio) -> None:
    parts = studio.parts
    draft = parts.drafts.write(studio.owner, studio.conversation(), Words(text="Mine"))
    for act in (
        lambda: parts.drafts.change(studio.machine, draft.id, {"text": "Ours"}),
        lambda: parts.drafts.delete(studio.machine, draft.id),
    ):
        with pytest.raises(Forbidden):
            act()
    assert parts.drafts.get(studio.machine, draft.id) == draft
    parts.drafts.delete(studio.owner, draft.id)
    assert _written(studio) == (0, 0, 0, 0)
