"""Saying it otherwise in time: a new approval of new words, before a claim or not at all; never a second message."""

from uuid import UUID

import pytest

from huntaze import wiring
from huntaze.delivery.gate import Gate
from huntaze.delivery.model import Claimed, NothingDue, Outcome
from huntaze.errors import Conflict, Invalid, NotFound, NotQueued, Stale, Unavailable
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Message, Status, Words
from huntaze.outgoing.model import LeftAlready
from huntaze.versions import etag
from tests.integration.conversations.conftest import Studio
from tests.integration.fans.conftest import add_member
from tests.integration.outgoing.test_deciding import ENTRIES, at_once, claimed, refused, sent, unknown

BETTER = Words(text="Better")
STEPS = "SELECT from_status, to_status, actor_id FROM message_transitions WHERE message_id = %s ORDER BY id"
KEPT = """
SELECT status, text, approved_by, approved_hash = content_hash, attempt_id, sent_by_ai FROM messages WHERE id = %s
"""


@pytest.fixture
def ben(studio: Studio) -> Principal:
    member_id = add_member(studio.database, studio.workspace_id, "chatter")
    return Principal("ben", studio.workspace_id, member_id, Role.CHATTER)


def _read(studio: Studio, message: Message) -> Message:
    return studio.parts.messages.get(studio.owner, message.id)


def _actions(studio: Studio, message: Message) -> list[object]:
    return [action for action, _ in studio.run(ENTRIES, studio.workspace_id, message.id)]


def test_what_waits_says_something_else_in_its_place(studio: Studio, ben: Principal) -> None:
    first, second = sent(studio), sent(studio)
    permits = list(studio.queue.permits)
    standing = studio.parts.rewording.reword(ben, first.id, Words(text="Better", price_cents=0))
    after = standing.message
    assert (after.content.text, after.approved_by, after.status) == ("Better", ben.member_id, Status.QUEUED)
    assert (after.queued_at, after.occurred_at, after.priority) == (first.queued_at, first.occurred_at, first.priority)
    assert after.approved_at is not None
    assert first.approved_at is not None
    assert after.approved_at > first.approved_at
    assert standing.estimated_send_time is not None
    assert studio.queue.permits == permits  # it has its permit already
    assert studio.run(KEPT, first.id) == [("queued", "Better", ben.member_id, True, None, False)]
    assert studio.run(STEPS, first.id) == [
        (None, "queued", studio.owner.member_id),
        ("queued", "queued", ben.member_id),
    ]
    assert studio.run(ENTRIES, studio.workspace_id, first.id)[1:] == [("message.reworded", {"was": "queued"})]
    left = claimed(studio, first)
    assert (left.message_id, left.text) == (first.id, "Better")
    assert claimed(studio, second).message_id == second.id


def test_a_price_and_media_change_with_the_words(studio: Studio) -> None:
    from huntaze.attachments.model import Media  # noqa: PLC0415

    message = sent(studio)
    media = (Media("https://media.example.com/1.jpg"),)
    studio.parts.rewording.reword(studio.owner, message.id, Words(text="For you", price_cents=1200, media=media))
    after = _read(studio, message).content
    assert (after.price.cents, after.media) == (1200, media)
    with pytest.raises(Invalid) as refusal:
        studio.parts.rewording.reword(studio.owner, message.id, Words(text="", price_cents=5))
    assert {one.field for one in refusal.value.fields} == {"content", "priceCents", "mediaUrls"}
    assert _read(studio, message).content == after


def test_whoever_saw_other_words_is_told_so(studio: Studio) -> None:
    message = sent(studio)
    seen = etag(message)
    studio.parts.rewording.reword(studio.owner, message.id, BETTER, seen)
    with pytest.raises(Stale):
        studio.parts.rewording.reword(studio.owner, message.id, Words(text="Worse"), seen)
    assert _read(studio, message).content.text == "Better"


def test_what_has_left_stays_as_it_was(studio: Studio) -> None:
    message = sent(studio)
    claim = claimed(studio, message)
    with pytest.raises(LeftAlready) as refusal:
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    assert refusal.value.status is Status.SENDING
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        stores.attempts.accepted(claim.attempt_id, message.id, "there")
    with pytest.raises(LeftAlready, match="is sent now"):
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    assert _read(studio, message).content.text == "Hello"
    assert _actions(studio, message) == ["message.approved"]


def test_a_hold_lets_nothing_out_and_lets_what_waits_be_mended(studio: Studio) -> None:
    waiting, failed = sent(studio), sent(studio)
    claimed(studio, waiting)
    refused(studio, failed)
    another = sent(studio)
    studio.parts.__dict__.pop("rewording", None)
    studio.parts.gate = Gate("Held for the test.")
    assert studio.parts.rewording.reword(studio.owner, another.id, BETTER).message.content.text == "Better"
    with pytest.raises(Unavailable):
        studio.parts.rewording.reword(studio.owner, failed.id, BETTER)
    assert _read(studio, failed).status is Status.FAILED


def test_what_was_not_sent_leaves_once_with_its_new_words(studio: Studio, ben: Principal) -> None:
    message = sent(studio)
    refused(studio, message)
    studio.queue.permits.clear()
    standing = studio.parts.rewording.reword(ben, message.id, BETTER)
    again = standing.message
    assert (again.id, again.status, again.content.text, again.attempts) == (message.id, Status.QUEUED, "Better", 0)
    assert again.queued_at == again.occurred_at > message.occurred_at
    assert [permit.message_id for permit in studio.queue.permits] == [message.id]
    assert studio.run(STEPS, message.id)[-2:] == [
        ("failed", "queued", ben.member_id),
        ("queued", "queued", ben.member_id),
    ]
    assert _actions(studio, message) == ["message.approved", "message.reworded"]
    assert studio.run("SELECT count(*) FROM messages WHERE workspace_id = %s", studio.workspace_id) == [(1,)]
    assert claimed(studio, message).text == "Better"
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        assert message.account_id is not None
        assert isinstance(stores.claims.claim(message.account_id, new_id()), NothingDue)


def test_a_late_answer_to_the_old_words_is_none_to_the_new_ones(studio: Studio) -> None:
    message = sent(studio)
    claim = claimed(studio, message)
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        stores.attempts.refused(claim.attempt_id, message.id, "price", for_good=True)
    studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        assert not stores.attempts.accepted(claim.attempt_id, message.id, "there after all")
        assert not stores.attempts.told(message.id, "there after all", studio.parts.clock.now())
    assert _read(studio, message).status is Status.QUEUED


def test_where_the_old_words_may_have_arrived_they_stay(studio: Studio) -> None:
    """A person has said that it is not there; the next try was refused; they may have been wrong."""
    from huntaze.outgoing.model import Decision  # noqa: PLC0415

    message = sent(studio)
    unknown(studio, message)
    studio.parts.outgoing.resolve(studio.owner, message.id, Decision.SEND_AGAIN)
    with pytest.raises(LeftAlready):
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    refused(studio, message)
    with pytest.raises(LeftAlready):
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    after = _read(studio, message)
    assert (after.status, after.content.text) == (Status.FAILED, "Hello")
    assert studio.parts.outgoing.retry(studio.owner, message.id).message.status is Status.QUEUED
    with pytest.raises(LeftAlready):  # a retry sets the number of claims to nothing, and proves nothing
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)


def test_what_the_platform_has_said_twice_that_it_lacks_can_be_changed(studio: Studio) -> None:
    message = sent(studio)
    claim = claimed(studio, message)
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        stores.attempts.unknown(claim.attempt_id, message.id, "timed out", Outcome.UNKNOWN)
        assert [stores.attempts.absent(claim.attempt_id) for _ in range(2)] == [1, 2]
        assert stores.attempts.proven_absent(claim.attempt_id, message.id, "did_not_arrive")
    assert studio.parts.rewording.reword(studio.owner, message.id, BETTER).message.content.text == "Better"


def test_a_machines_words_are_a_persons_once_they_are_put_otherwise(studio: Studio) -> None:
    draft = studio.parts.drafts.write(studio.machine, studio.conversation(), Words(text="A machine's"))
    message = studio.parts.drafts.approve(studio.owner, draft.id, content_hash=draft.content_hash).message
    assert message.sent_by_ai
    assert not studio.parts.rewording.reword(studio.owner, message.id, BETTER).message.sent_by_ai
    assert studio.parts.rewording.reword(studio.owner, message.id, Words(text="A machine's")).message.sent_by_ai


def test_while_somebody_answers_nobody_else_changes_it(studio: Studio, ben: Principal) -> None:
    message = sent(studio)
    studio.parts.presence.be_there(ben, message.conversation_id, answering=True)
    with pytest.raises(Conflict, match="is answering this conversation"):
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    assert studio.parts.rewording.reword(ben, message.id, BETTER).message.content.text == "Better"


def test_a_queue_that_takes_nothing_leaves_it_among_the_failed_with_its_new_words(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    studio.queue.is_away = True
    with pytest.raises(NotQueued):
        studio.parts.rewording.reword(studio.owner, message.id, BETTER)
    after = _read(studio, message)
    assert (after.status, after.content.text) == (Status.FAILED, "Better")


def test_what_is_not_ours_is_not_found(studio: Studio) -> None:
    with pytest.raises(NotFound):
        studio.parts.rewording.reword(studio.owner, new_id(), BETTER)


def test_a_claim_takes_the_old_words_or_the_new_ones_and_never_both(studio: Studio) -> None:
    left = set()
    for number in range(8):
        message = sent(studio)
        better = Words(text=f"Better {number}")

        def claim(parts: wiring.Wiring, account_id: UUID | None = message.account_id) -> object:
            assert account_id is not None
            with parts.in_workspace_as_machine(studio.workspace_id) as stores:
                return stores.claims.claim(account_id, new_id())

        def reword(parts: wiring.Wiring, one: UUID = message.id, words: Words = better) -> object:
            return parts.rewording.reword(studio.owner, one, words)

        reworded, taken = at_once(studio, [reword, claim])
        assert isinstance(taken, Claimed)
        too_late = isinstance(reworded, LeftAlready)
        assert taken.text == ("Hello" if too_late else better.text)
        after = _read(studio, message)
        assert (after.status, after.content.text) == (Status.SENDING, taken.text)
        assert len(_actions(studio, message)) == (1 if too_late else 2)
        left.add(too_late)
        with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
            stores.attempts.accepted(taken.attempt_id, message.id, f"there {message.id}")
        studio.run("UPDATE delivery_attempts SET token_returns_at = claimed_at WHERE message_id = %s", message.id)


def test_of_many_who_change_what_failed_one_does(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    seen = etag(_read(studio, message))
    answers = at_once(
        studio,
        [
            lambda parts, text=f"Line {number}": parts.rewording.reword(  # type: ignore[misc]
                studio.owner, message.id, Words(text=text), seen
            )
            for number in range(6)
        ],
    )
    assert sum(isinstance(answer, Stale) for answer in answers) == 5
    assert _actions(studio, message) == ["message.approved", "message.reworded"]
    assert len(studio.run(STEPS, message.id)) == 5  # made, sending, failed, queued, approved anew


def test_the_platform_is_asked_again_where_it_can_tell(studio: Studio) -> None:
    message = sent(studio)
    with pytest.raises(Conflict, match="is queued now"):
        studio.parts.outgoing.check(studio.owner, message.id)
    unknown(studio, message)
    with pytest.raises(Conflict, match="cannot be asked"):
        studio.parts.outgoing.check(studio.owner, message.id)
    studio.run("UPDATE platform_connections SET capabilities = '{find}' WHERE id = %s", message.account_id)
    studio.run("UPDATE delivery_attempts SET look_at = NULL, absences = 1 WHERE message_id = %s", message.id)
    assert studio.parts.outgoing.check(studio.owner, message.id).message.status is Status.UNKNOWN
    asked = studio.run(
        "SELECT look_at >= claimed_at + interval '30 seconds', absences FROM delivery_attempts WHERE message_id = %s",
        message.id,
    )
    assert asked == [(True, 0)]  # not before an absence would be a proof
    assert _actions(studio, message) == ["message.approved", "message.checked"]
    studio.run("UPDATE platform_connections SET bridge_url = 'https://b.example' WHERE id = %s", message.account_id)
    with pytest.raises(Conflict, match="cannot be asked"):  # another bridge was never given it
        studio.parts.outgoing.check(studio.owner, message.id)
