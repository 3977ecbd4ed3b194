"""The cases of the send path. Theirs has an account, messages, attempts and permits with ids of ours: see `twins`."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from huntaze.delivery.accounts import EveryAccount, PostgresAccounts
from huntaze.delivery.attempts import PostgresAttempts
from huntaze.delivery.claims import PostgresClaims
from huntaze.delivery.model import Claimed, NothingDue, Outcome, Shut
from huntaze.delivery.store import PostgresOutbox
from huntaze.ids import new_id
from tests.isolation.cases import NOON, World, case
from tests.isolation.twins import QUEUED, SENDING, TOLD
from tests.support.outgoing import message_in

A_WHILE = timedelta(seconds=30)


def _claims(world: World) -> PostgresClaims:
    return PostgresClaims(world.connection, world.ours.id)


def _attempts(world: World) -> PostgresAttempts:
    return PostgresAttempts(world.connection, world.ours.id)


def _accounts(world: World) -> PostgresAccounts:
    return PostgresAccounts(world.connection, world.ours.id)


def _outbox(world: World) -> PostgresOutbox:
    return PostgresOutbox(world.connection, world.ours.id)


def _every_account(world: World) -> EveryAccount:
    return EveryAccount(lambda query, parameters: world.connection.execute(query, parameters).fetchall())


def _ours(world: World, column: str, table: str, row_id: UUID) -> Any:
    statement = f"SELECT {column} AS value FROM {table} WHERE workspace_id = %s AND id = %s"  # noqa: S608 - words of ours
    found = world.connection.execute(statement, [world.ours.id, row_id]).fetchone()  # type: ignore[arg-type]
    return found and found["value"]


def _waiting(world: World) -> UUID:
    return message_in(world.connection, world.ours, "queued", QUEUED)


def _begun(world: World, message_id: UUID = SENDING) -> tuple[UUID, UUID]:
    """An attempt at a message, both with ids that theirs has too."""
    message_in(world.connection, world.ours, "sending", message_id)
    world.connection.execute(
        "UPDATE delivery_attempts SET look_at = now() WHERE workspace_id = %s AND message_id = %s",
        [world.ours.id, message_id],
    )
    return world.ours.of(f"attempt at {message_id}"), message_id


@case("PostgresClaims.claim")
def what_waits_in_theirs_is_not_claimed(world: World) -> None:
    assert _claims(world).claim(world.ours.of("account"), new_id()) == NothingDue()
    assert _claims(world).claim(world.theirs.of("account"), new_id()) == Shut()


@case("PostgresClaims.claim")
def their_tokens_and_tries_do_not_hold_ours_back(world: World) -> None:
    world.connection.execute(
        "UPDATE platform_connections SET pace_messages = 1, failures = 5 WHERE workspace_id = %s", [world.ours.id]
    )
    message_id = _waiting(world)
    claimed = _claims(world).claim(world.ours.of("account"), new_id())
    assert isinstance(claimed, Claimed)
    assert (claimed.message_id, claimed.text) == (message_id, "Hello")
    assert _ours(world, "status", "messages", message_id) == "sending"


@case("PostgresClaims.claim")
def what_ends_unsent_ends_in_ours(world: World) -> None:
    _waiting(world)
    world.connection.execute(
        "UPDATE fans SET platform_id = NULL, handle = NULL WHERE workspace_id = %s AND id = %s",
        [world.ours.id, world.ours.of("fan")],
    )
    assert _claims(world).claim(world.ours.of("account"), new_id()) == NothingDue()
    assert _ours(world, "status", "messages", QUEUED) == "failed"


@case("PostgresClaims.tokens_out")
def tokens_of_theirs_are_not_told(world: World) -> None:
    assert _claims(world).tokens_out(world.ours.of("account")) == []


@case("PostgresAttempts.accepted")
def what_arrived_is_sent_in_ours(world: World) -> None:
    assert _attempts(world).accepted(*_begun(world), "p-1")
    assert not _attempts(world).accepted(world.theirs.of("an attempt of theirs"), TOLD, "p-2")


@case("PostgresAttempts.refused")
def a_refusal_is_counted_in_ours(world: World) -> None:
    assert _attempts(world).refused(*_begun(world), "content", for_good=False)
    assert _ours(world, "attempts", "messages", SENDING) == 1


@case("PostgresAttempts.refused")
def a_refusal_for_good_ends_ours(world: World) -> None:
    assert not _attempts(world).refused(*_begun(world), "content", for_good=True)
    assert _ours(world, "status", "messages", SENDING) == "failed"


@case("PostgresAttempts.not_accepted")
def what_waits_again_waits_in_ours(world: World) -> None:
    assert _attempts(world).not_accepted(*_begun(world), "too_fast", reached=True)


@case("PostgresAttempts.unknown")
def what_nobody_knows_is_ours(world: World) -> None:
    assert _attempts(world).unknown(*_begun(world), "no_answer", Outcome.UNKNOWN)


@case("PostgresAttempts.absent")
def absences_of_theirs_are_not_counted(world: World) -> None:
    assert _attempts(world).absent(_begun(world)[0]) == 1
    assert _attempts(world).absent(world.theirs.of("an attempt of theirs")) == 0


@case("PostgresAttempts.proven_absent")
def what_never_arrived_waits_in_ours(world: World) -> None:
    assert _attempts(world).proven_absent(*_begun(world), "did_not_arrive")


@case("PostgresAttempts.look_again")
def when_ours_is_asked_about_again_says_nothing_of_theirs(world: World) -> None:
    _attempts(world).look_again(_begun(world)[0], A_WHILE)


@case("PostgresAttempts.look_no_more")
def theirs_is_asked_about_as_before(world: World) -> None:
    _attempts(world).look_no_more(_begun(world)[0])


@case("PostgresAttempts.told")
def what_the_platform_tells_is_of_ours(world: World) -> None:
    attempt_id, message_id = _begun(world, TOLD)
    assert _attempts(world).told(message_id, "p-1", NOON)
    assert _ours(world, "outcome", "delivery_attempts", attempt_id) == "accepted"


@case("PostgresAttempts.spent_elsewhere")
def what_was_sent_elsewhere_spends_a_token_of_ours(world: World) -> None:
    told = (world.ours.of("draft message"), datetime.now(UTC))
    pace = _attempts(world).spent_elsewhere(new_id(), world.ours.of("account"), *told)
    assert pace is not None
    assert pace.messages == 10
    assert _attempts(world).spent_elsewhere(new_id(), world.theirs.of("account"), *told) is None


@case("PostgresAttempts.note")
def a_reason_is_kept_on_ours(world: World) -> None:
    _attempts(world).note(_waiting(world), "permit_unreadable")


@case("PostgresAttempts.not_queued")
def a_queue_that_is_away_fails_ours(world: World) -> None:
    assert _attempts(world).not_queued(_waiting(world))


@case("PostgresAccounts.hold")
def our_account_is_held(world: World) -> None:
    _accounts(world).hold(world.ours.of("account"), A_WHILE, "too_fast")


@case("PostgresAccounts.expire")
def our_login_has_ended(world: World) -> None:
    _accounts(world).expire(world.ours.of("account"), new_id())


@case("PostgresAccounts.pause")
def our_account_is_paused(world: World) -> None:
    _accounts(world).pause(world.ours.of("account"), "forbidden")


@case("PostgresAccounts.failed")
def our_failures_are_counted(world: World) -> None:
    assert _accounts(world).failed(world.ours.of("account")) == 1
    assert _accounts(world).failed(world.theirs.of("account")) == 0


@case("PostgresAccounts.works")
def our_failures_are_forgotten(world: World) -> None:
    _accounts(world).works(world.ours.of("account"))


@case("EveryAccount.to_send")
def an_account_of_theirs_with_an_id_of_ours_is_another(world: World) -> None:
    senders = _every_account(world).to_send([world.ours.of("account")])
    assert {workspace_id: sender.pace.messages for (workspace_id, _), sender in senders.items()} == {
        world.ours.id: 10,
        world.theirs.id: 3,
    }


@case("EveryAccount.to_wake")
def who_is_to_be_woken_is_told_with_the_workspace(world: World) -> None:
    _waiting(world)
    woken = _every_account(world).to_wake(100)
    assert {workspace_id for workspace_id, _ in woken} == {world.ours.id, world.theirs.id}


@case("EveryAccount.in_doubt")
def what_is_in_doubt_is_told_with_the_workspace(world: World) -> None:
    doubts = {(doubt.workspace_id, doubt.attempt_id) for doubt in _every_account(world).in_doubt(100)}
    assert doubts >= {(workspace.id, workspace.of("attempt")) for workspace in (world.ours, world.theirs)}
    assert (world.ours.id, world.theirs.of("attempt")) not in doubts


@case("PostgresOutbox.put_permit")
def a_permit_with_an_id_of_theirs_is_ours(world: World) -> None:
    ours = (world.ours.of("account"), _waiting(world))
    _outbox(world).put_permit(world.theirs.of("permit"), *ours, A_WHILE)


@case("PostgresOutbox.is_a_copy")
def permits_and_messages_of_theirs_make_no_copy(world: World) -> None:
    ours = (world.ours.of("account"), _waiting(world))
    assert not _outbox(world).is_a_copy(*ours), "nothing of ours has a permit"
    _outbox(world).put_permit(world.ours.of("permit"), *ours, A_WHILE)
    assert _outbox(world).is_a_copy(*ours)


@case("PostgresOutbox.is_a_copy")
def their_messages_want_no_permit_of_ours(world: World) -> None:
    ours = (world.ours.of("account"), _waiting(world))
    elsewhere = message_in(world.connection, world.ours, "cancelled")
    _outbox(world).put_permit(new_id(), ours[0], elsewhere, A_WHILE)
    assert _outbox(world).is_a_copy(*ours), "one waits, and one permit is on its way"


@case("PostgresOutbox.put_back")
def our_permit_is_put_back(world: World) -> None:
    ours = (world.ours.of("account"), _waiting(world))
    _outbox(world).put_permit(world.ours.of("permit"), *ours, A_WHILE)
    _outbox(world).put_back(new_id(), *ours, A_WHILE)
    assert len(_permits(world)) == 1


@case("PostgresOutbox.put_back")
def a_message_of_theirs_gets_no_permit_in_ours(world: World) -> None:
    _outbox(world).put_back(new_id(), world.ours.of("account"), world.theirs.of("draft message"), A_WHILE)
    assert _permits(world) == []


@case("PostgresOutbox.drop_permit")
def our_permit_is_dropped(world: World) -> None:
    _outbox(world).put_permit(world.ours.of("permit"), world.ours.of("account"), _waiting(world), A_WHILE)
    _outbox(world).drop_permit(QUEUED)
    assert _permits(world) == []


@case("PostgresOutbox.lock_account")
def an_account_of_theirs_is_not_woken(world: World) -> None:
    assert _outbox(world).lock_account(world.theirs.of("account")) is None
    found = _outbox(world).lock_account(world.ours.of("account"))
    assert found is not None
    assert found.pace.messages == 10


@case("PostgresOutbox.drop_lost")
def lost_permits_of_theirs_stay(world: World) -> None:
    assert _outbox(world).drop_lost(world.ours.of("account")) == 0


@case("PostgresOutbox.lacking")
def permits_and_messages_of_theirs_are_not_counted(world: World) -> None:
    message_id = _waiting(world)
    [lacking] = _outbox(world).lacking(world.ours.of("account"), 100)
    assert (lacking.message_id, lacking.approved_by) == (message_id, world.ours.of("chatter"))


@case("PostgresOutbox.lacking")
def their_messages_need_no_permits_of_ours(world: World) -> None:
    _waiting(world)
    elsewhere = message_in(world.connection, world.ours, "cancelled")
    _outbox(world).put_permit(new_id(), world.ours.of("account"), elsewhere, A_WHILE)
    assert _outbox(world).lacking(world.ours.of("account"), 100) == []


@case("PostgresOutbox.road")
def nobody_of_theirs_is_ahead(world: World) -> None:
    road = _outbox(world).road(_waiting(world))
    assert (road.sender.workspace_id, road.sender.pace.messages, road.ahead, road.out) == (world.ours.id, 10, 0, 0)


def _permits(world: World) -> list[Any]:
    statement = "SELECT id FROM outbox WHERE workspace_id = %s AND kind = 'permit'"
    return world.connection.execute(statement, [world.ours.id]).fetchall()
