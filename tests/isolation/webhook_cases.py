"""The cases of what platforms tell: events, fans as platforms know them, and payments."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from huntaze.conversations.store import PostgresConversations
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.followers.store import PostgresFollowers
from huntaze.ids import new_id
from huntaze.messages.store import PostgresMessages
from huntaze.money import Money
from huntaze.payments.model import Kind, Payment
from huntaze.payments.store import PostgresPayments
from huntaze.webhooks.model import Outcome, Told
from huntaze.webhooks.store import ConnectionsOfAll, ForgottenEvents, PostgresWebhooks
from tests.isolation.cases import NOON, World, case
from tests.support.people import new_fan

TOLD = Told("message.received", {"type": "message.received"})
FAR_AHEAD = NOON + timedelta(days=9_999)


def _webhooks(world: World) -> PostgresWebhooks:
    return PostgresWebhooks(world.connection, world.ours.id)


def _followers(world: World) -> PostgresFollowers:
    return PostgresFollowers(world.connection, world.ours.id)


def _payments(world: World) -> PostgresPayments:
    return PostgresPayments(world.connection, world.ours.id)


def _look_up(world: World) -> Any:
    return lambda query, parameters: world.connection.execute(query, parameters).fetchall()


@case("PostgresWebhooks.keep")
def an_event_with_ids_of_theirs_is_ours(world: World) -> None:
    assert _webhooks(world).keep(world.ours.of("account"), "event-2", TOLD, world.theirs.of("webhook event"))
    kept = _webhooks(world).to_do(world.theirs.of("webhook event"))
    assert kept is not None
    assert kept.connection_id == world.ours.of("account")


@case("PostgresWebhooks.to_do")
def an_event_of_theirs_is_not_ours_to_do(world: World) -> None:
    assert _webhooks(world).to_do(world.ours.of("webhook event")) is not None
    assert _webhooks(world).to_do(world.theirs.of("webhook event")) is None


@case("PostgresWebhooks.end")
def an_event_of_theirs_is_not_ended(world: World) -> None:
    assert not _webhooks(world).end(world.theirs.of("webhook event"), Outcome.DONE, None, NOON)


@case("PostgresWebhooks.count_try")
def no_try_of_theirs_is_counted(world: World) -> None:
    _webhooks(world).count_try(world.theirs.of("webhook event"), "A mistake")


@case("PostgresWebhooks.empty")
def what_their_events_say_is_not_forgotten(world: World) -> None:
    assert _webhooks(world).empty(FAR_AHEAD, NOON) == 1


@case("PostgresWebhooks.signed_out")
def an_account_of_theirs_is_not_signed_out(world: World) -> None:
    assert not _webhooks(world).signed_out(world.theirs.of("account"), FAR_AHEAD)
    assert _webhooks(world).signed_out(world.ours.of("account"), FAR_AHEAD)


@case("ConnectionsOfAll.workspace_of")
def whose_connection_it_is_is_told_to_who_names_it_with_its_platform(world: World) -> None:
    connections = ConnectionsOfAll(_look_up(world))
    assert connections.workspace_of(world.ours.of("account"), "onlyfans") == world.ours.id
    assert connections.workspace_of(world.ours.of("account"), "fansly") is None
    assert connections.workspace_of(new_id(), "onlyfans") is None


@case("ForgottenEvents.waiting")
def what_waits_is_told_by_ids_of_all(world: World) -> None:
    found = ForgottenEvents(_look_up(world)).waiting(FAR_AHEAD, 10, 100)
    assert {(one.workspace_id, one.event_id) for one in found} == {
        (workspace.id, workspace.of("webhook event")) for workspace in (world.ours, world.theirs)
    }


@case("ForgottenEvents.with_old_words")
def who_keeps_old_words_is_told_by_ids_of_all(world: World) -> None:
    found = ForgottenEvents(_look_up(world)).with_old_words(FAR_AHEAD, 100)
    assert set(found) == {world.ours.id, world.theirs.id}


@case("PostgresFollowers.wait_for_imports")
def waiting_for_imports_reads_nothing(world: World) -> None:
    _followers(world).wait_for_imports()


@case("PostgresFollowers.known")
def a_fan_of_theirs_is_not_known(world: World) -> None:
    followers = _followers(world)
    assert followers.known("onlyfans", "robin", None) == world.ours.of("fan")
    assert followers.known("onlyfans", "only theirs", None) is None
    assert followers.known("onlyfans", "another id", "only theirs") is None
    assert followers.known("other", "another id", "only theirs") is None


@case("PostgresFollowers.name_by_id")
def their_fan_is_not_named(world: World) -> None:
    _followers(world).name_by_id(world.theirs.of("fan"), "ours now", None)


@case("PostgresFollowers.hold")
def their_fan_is_not_held_and_their_merges_are_not_ours(world: World) -> None:
    both = [world.ours.of("merged fan"), world.ours.of("fan")]
    assert _held(world, world.ours.of("merged fan")) == both
    assert _held(world, world.theirs.of("fan")) is None
    twin = world.fans.add(new_fan(), world.theirs.of("merged fan"), NOON)
    assert _held(world, twin.id) == [twin.id]


def _held(world: World, fan_id: UUID) -> list[UUID] | None:
    try:
        return _followers(world).hold(fan_id)
    except Conflict:
        return None


@case("PostgresFollowers.seen")
def their_fan_is_not_seen(world: World) -> None:
    _followers(world).seen([world.theirs.of("fan")], FAR_AHEAD)


@case("PostgresFollowers.subscribed")
def their_fan_is_not_subscribed(world: World) -> None:
    assert not _followers(world).subscribed([world.theirs.of("fan")], "active", FAR_AHEAD)
    assert _followers(world).subscribed([world.ours.of("fan")], "active", FAR_AHEAD)


def _payment(world: World) -> Payment:
    about = {"platform": "onlyfans", "platform_id": "tip-9", "fan_id": world.ours.of("fan")}
    return Payment(kind=Kind.TIP, amount=Money(5, "USD"), at=FAR_AHEAD, **about)


@case("PostgresPayments.add")
def a_payment_with_an_id_of_theirs_is_ours(world: World) -> None:
    assert _payments(world).add(_payment(world), world.theirs.of("tip"))
    assert not _payments(world).add(_payment(world), new_id())


@case("PostgresPayments.count")
def what_is_paid_here_counts_for_none_of_theirs(world: World) -> None:
    payments, payment = _payments(world), _payment(world)
    assert not payments.count(payment, [world.theirs.of("fan")])
    assert payments.count(payment, [world.ours.of("fan"), world.theirs.of("fan"), world.theirs.of("merged fan")])
    assert world.fans.get(world.ours.of("fan")).value.cents == 5


@case("PostgresMessages.is_ours")
def a_message_of_theirs_is_not_ours(world: World) -> None:
    messages = PostgresMessages(world.connection, world.ours.id)
    assert messages.is_ours(world.ours.of("draft message"), world.ours.of("account"))
    assert not messages.is_ours(world.theirs.of("draft message"), world.theirs.of("account"))


@case("PostgresConversations.place")
def where_they_talk_is_not_told(world: World) -> None:
    conversations = PostgresConversations(world.connection, world.ours.id)
    assert conversations.place(world.ours.of("fan"), Platform.ONLYFANS) == world.ours.of("conversation")
    assert conversations.place(world.theirs.of("fan"), Platform.ONLYFANS) is None
