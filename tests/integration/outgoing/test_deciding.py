"""Deciding about messages on their way, through the use cases: as a whole, once, and whoever else is at it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest

from huntaze import wiring
from huntaze.delivery.gate import Gate
from huntaze.delivery.model import MOST_LAPSES, Claimed, NothingDue, Outcome
from huntaze.errors import Conflict, Invalid, NotFound, NotQueued, Stale, Unavailable
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import InConversation, Message, Queued, Status, ToFan, Words, Written
from huntaze.outgoing.model import Decision, Refused, Send
from tests.integration.conversations.conftest import Studio
from tests.integration.fans.conftest import add_member
from tests.support.fake_delivery import send_without_servers

STEPS = "SELECT to_status, actor_id, reason FROM message_transitions WHERE message_id = %s ORDER BY id"
ENTRIES = "SELECT action, details FROM audit_log WHERE workspace_id = %s AND object_id = %s ORDER BY position"


def sent(studio: Studio, fan_id: UUID | None = None) -> Message:
    to = ToFan(fan_id or studio.fan())
    return studio.parts.messages.send(studio.owner, to, Written(Words(text="Hello"))).message


def claimed(studio: Studio, message: Message) -> Claimed:
    """The sender has the message."""
    assert message.account_id is not None
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        claim = stores.claims.claim(message.account_id, new_id())
    assert isinstance(claim, Claimed)
    return claim


def refused(studio: Studio, message: Message) -> None:
    claim = claimed(studio, message)
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        stores.attempts.refused(claim.attempt_id, message.id, "price", for_good=True)


def unknown(studio: Studio, message: Message) -> None:
    claim = claimed(studio, message)
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        stores.attempts.unknown(claim.attempt_id, message.id, "timed out", Outcome.UNKNOWN)


def _status(studio: Studio, message: Message) -> Status:
    return studio.parts.messages.get(studio.owner, message.id).status


def _entries(studio: Studio, message: Message) -> list[tuple[object, ...]]:
    return studio.run(ENTRIES, studio.workspace_id, message.id)


def test_what_failed_is_tried_again_with_its_old_approval(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    studio.queue.permits.clear()
    standing = studio.parts.outgoing.retry(studio.owner, message.id)
    again = standing.message
    assert (again.status, again.attempts, again.last_error) == (Status.QUEUED, 0, None)
    assert (again.approved_at, again.content) == (message.approved_at, message.content)
    assert again.queued_at == again.occurred_at > message.occurred_at
    assert standing.estimated_send_time is not None
    assert [permit.message_id for permit in studio.queue.permits] == [message.id]
    assert studio.run(STEPS, message.id)[-2:] == [
        ("failed", None, "price"),
        ("queued", studio.owner.member_id, None),
    ]
    assert _entries(studio, message)[1:] == [("message.retried", {})]
    conversation = studio.parts.conversations.get(studio.owner, message.conversation_id)
    assert conversation.last_message_at == again.occurred_at
    assert claimed(studio, message).message_id == message.id


def test_the_count_of_dead_workers_starts_anew_with_a_retry(studio: Studio) -> None:
    message = sent(studio)
    assert message.account_id is not None
    for _ in range(2):
        for _ in range(MOST_LAPSES):
            claim = claimed(studio, message)
            with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
                stores.attempts.unknown(claim.attempt_id, message.id, "its worker died", Outcome.LAPSED)
                assert stores.attempts.proven_absent(claim.attempt_id, message.id, "it never arrived")
        with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
            assert isinstance(stores.claims.claim(message.account_id, new_id()), NothingDue)
        assert _status(studio, message) is Status.FAILED
        studio.parts.outgoing.retry(studio.owner, message.id)
    assert claimed(studio, message).message_id == message.id


def test_what_waits_is_withdrawn_and_never_claimed(studio: Studio) -> None:
    message = sent(studio)
    assert studio.parts.outgoing.cancel(studio.owner, message.id).message.status is Status.CANCELLED
    assert message.account_id is not None
    with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
        assert isinstance(stores.claims.claim(message.account_id, new_id()), NothingDue)
    assert _entries(studio, message)[1:] == [("message.cancelled", {})]
    with pytest.raises(Conflict, match="is cancelled now"):
        studio.parts.outgoing.retry(studio.owner, message.id)


def test_what_is_on_its_way_is_not_withdrawn(studio: Studio) -> None:
    message = sent(studio)
    claimed(studio, message)
    with pytest.raises(Conflict, match="is sending now"):
        studio.parts.outgoing.cancel(studio.owner, message.id)


@pytest.mark.parametrize(("decision", "then"), [(Decision.ARRIVED, Status.SENT), (Decision.SEND_AGAIN, Status.QUEUED)])
def test_a_person_decides_what_nobody_knows(studio: Studio, decision: Decision, then: Status) -> None:
    message = sent(studio)
    unknown(studio, message)
    assert studio.parts.outgoing.resolve(studio.owner, message.id, decision).message.status is then
    assert _entries(studio, message)[1:] == [("message.resolved", {"decision": str(decision)})]
    with pytest.raises(Conflict):
        studio.parts.outgoing.resolve(studio.owner, message.id, decision)


def test_a_fan_who_was_to_be_left_alone_meanwhile_gets_nothing(studio: Studio) -> None:
    fan_id = studio.fan()
    message = sent(studio, fan_id)
    refused(studio, message)
    studio.parts.fans.update(studio.owner, fan_id, {"do_not_contact": True})
    with pytest.raises(Conflict, match="not to be contacted"):
        studio.parts.outgoing.retry(studio.owner, message.id)
    assert _status(studio, message) is Status.FAILED
    assert len(_entries(studio, message)) == 1


def test_while_somebody_answers_nobody_else_says_it_again(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    tom = Principal(
        "tom", studio.workspace_id, add_member(studio.database, studio.workspace_id, "chatter"), Role.CHATTER
    )
    studio.parts.presence.be_there(tom, message.conversation_id, answering=True)
    with pytest.raises(Conflict, match="is answering this conversation"):
        studio.parts.outgoing.retry(studio.owner, message.id)
    assert studio.parts.outgoing.retry(tom, message.id).message.status is Status.QUEUED


def test_an_account_that_was_signed_out_is_named(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    studio.run("UPDATE platform_connections SET status = 'expired' WHERE workspace_id = %s", studio.workspace_id)
    with pytest.raises(Conflict, match="Connect it again"):
        studio.parts.outgoing.retry(studio.owner, message.id)


def test_a_queue_that_takes_nothing_leaves_it_among_those_that_failed(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    studio.queue.is_away = True
    with pytest.raises(NotQueued) as refusal:
        studio.parts.outgoing.retry(studio.owner, message.id)
    assert refusal.value.message_ids == (message.id,)
    assert _status(studio, message) is Status.FAILED


def test_what_is_not_ours_is_not_found(studio: Studio) -> None:
    for act in (
        lambda: studio.parts.outgoing.retry(studio.owner, new_id()),
        lambda: studio.parts.outgoing.cancel(studio.owner, new_id()),
        lambda: studio.parts.outgoing.resolve(studio.owner, new_id(), Decision.ARRIVED),
        lambda: studio.parts.outgoing.send(studio.owner, Send(str(new_id()), Written(Words(text="Hello")))),
    ):
        with pytest.raises(NotFound):
            act()


def at_once(studio: Studio, acts: list[Callable[[wiring.Wiring], object]]) -> list[object]:
    """Each in a process of its own, all at the same moment; what each answers, or the refusal it met."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[wiring.Wiring], object]) -> object:
        parts = wiring.Wiring({"DATABASE_URL": studio.database.app})
        send_without_servers(parts)
        try:
            together.wait(60)
            return act(parts)
        except (Conflict, Stale) as refusal:
            return refusal
        finally:
            parts.postgres.close()

    with ThreadPoolExecutor(len(acts)) as everybody:
        return list(everybody.map(run, acts))


def test_of_many_who_try_again_one_does(studio: Studio) -> None:
    message = sent(studio)
    refused(studio, message)
    answers = at_once(studio, [lambda parts: parts.outgoing.retry(studio.owner, message.id)] * 8)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 7
    assert [action for action, _ in _entries(studio, message)] == ["message.approved", "message.retried"]


def test_of_people_who_decide_differently_one_counts(studio: Studio) -> None:
    message = sent(studio)
    unknown(studio, message)
    answers = at_once(
        studio,
        [
            lambda parts, decision=decision: parts.outgoing.resolve(studio.owner, message.id, decision)  # type: ignore[misc]
            for decision in (Decision.ARRIVED, Decision.SEND_AGAIN) * 4
        ],
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 7
    assert len(_entries(studio, message)) == 2


def test_a_message_is_withdrawn_or_claimed_and_never_both(studio: Studio) -> None:
    for _ in range(5):
        message = sent(studio)

        def claim(parts: wiring.Wiring, account_id: UUID | None = message.account_id) -> object:
            assert account_id is not None
            with parts.in_workspace_as_machine(studio.workspace_id) as stores:
                return stores.claims.claim(account_id, new_id())

        withdrawn, taken = at_once(
            studio, [lambda parts, one=message.id: parts.outgoing.cancel(studio.owner, one), claim]
        )
        assert isinstance(withdrawn, Conflict) is isinstance(taken, Claimed)
        assert _status(studio, message) in {Status.CANCELLED, Status.SENDING}


def test_of_a_batch_each_is_told_apart(studio: Studio) -> None:
    fan_id, shy = studio.fan(platform_id="robin"), studio.fan(do_not_contact=True)
    hello = Written(Words(text="Hello"))
    told = studio.parts.outgoing.send_all(
        studio.owner,
        [
            Send("robin", hello),
            Send("nobody", hello),
            Send(str(shy), hello),
            Send(str(fan_id), Written(Words(text="", price_cents=900))),
            Send(str(fan_id), hello),
        ],
    )
    assert [type(one.reason) if isinstance(one, Refused) else type(one) for one in told] == [
        Queued,
        NotFound,
        Conflict,
        Invalid,
        Queued,
    ]
    wrong = told[3]
    assert isinstance(wrong, Refused)
    assert isinstance(wrong.reason, Invalid)
    assert {failing.field for failing in wrong.reason.fields} == {"content", "mediaUrls"}
    assert len(studio.queue.permits) == 2


def test_of_a_batch_that_the_queue_does_not_take_each_is_told_so_and_stands_among_the_failed(studio: Studio) -> None:
    studio.fan(platform_id="robin")
    studio.queue.is_away = True
    told = studio.parts.outgoing.send_all(
        studio.owner, [Send("robin", Written(Words(text=f"Line {number}"))) for number in range(12)]
    )
    assert all(isinstance(one, Refused) and isinstance(one.reason, NotQueued) for one in told)
    failed = studio.run(
        "SELECT count(*) FROM messages WHERE workspace_id = %s AND status = 'failed'", studio.workspace_id
    )
    assert failed == [(12,)]


def test_while_sending_is_held_no_row_is_written_whoever_sends(studio: Studio) -> None:
    conversation_id = studio.conversation()
    draft = studio.parts.drafts.write(studio.machine, conversation_id, Words(text="Hello"))
    count = "SELECT count(*) FROM {} WHERE workspace_id = %s"
    new_fan, tables = studio.fan(), ("conversations", "audit_log", "drafts")
    before = [studio.run(count.format(table), studio.workspace_id) for table in tables]
    shut = wiring.Wiring({"DATABASE_URL": studio.database.app, "RATE_LIMITER_ENABLED": "false"})
    for act in (
        lambda: shut.messages.send(studio.owner, InConversation(conversation_id), Written(Words(text="Hello"))),
        lambda: shut.messages.send(studio.owner, ToFan(new_fan), Written(Words(text="Hello"))),
        lambda: shut.drafts.approve(studio.owner, draft.id, content_hash=draft.content_hash),
        lambda: shut.outgoing.send(studio.owner, Send(str(new_fan), Written(Words(text="Hello")))),
    ):
        with pytest.raises(Unavailable):
            act()
    shut.postgres.close()
    assert [studio.run(count.format(table), studio.workspace_id) for table in tables] == before
    assert studio.run(count.format("messages"), studio.workspace_id) == [(0,)]


def test_a_hold_is_told_as_what_it_is() -> None:
    gate = Gate("RATE_LIMITER_ENABLED is false.")
    with pytest.raises(Unavailable, match="on hold"):
        gate.must_be_open()
    replace(gate, held=None).must_be_open()
