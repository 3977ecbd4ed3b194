"""Messages on their way."""

from datetime import UTC, datetime

from huntaze.fans.model import Platform
from huntaze.messages.model import Content, Status
from huntaze.money import Money
from huntaze.outgoing.model import Rewording, Today
from huntaze.outgoing.store import EveryOutgoing, PostgresOutgoing
from tests.isolation.cases import NOON, World, case
from tests.support.outgoing import message_in

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _outgoing(world: World) -> PostgresOutgoing:
    return PostgresOutgoing(world.connection, world.ours.id)


@case("PostgresOutgoing.fan_called")
def their_fan_is_nobody_here(world: World) -> None:
    called = _outgoing(world).fan_called
    assert called(Platform.ONLYFANS, "robin", world.ours.of("fan")) == world.ours.of("fan")
    assert called(Platform.ONLYFANS, "nobody", world.theirs.of("fan")) is None
    assert called(Platform.ONLYFANS, "only theirs", None) is None


@case("PostgresOutgoing.account_of")
def their_message_leaves_through_no_account_of_ours(world: World) -> None:
    found = _outgoing(world).account_of(world.ours.of("draft message"))
    assert found is not None
    assert found[1].id == world.ours.of("account")
    assert _outgoing(world).account_of(world.theirs.of("a failed message")) is None


@case("PostgresOutgoing.put_back")
def their_message_is_not_put_back(world: World) -> None:
    assert not _outgoing(world).put_back(world.theirs.of("a failed message"), Status.FAILED, NOON)


@case("PostgresOutgoing.withdraw")
def their_message_is_not_withdrawn(world: World) -> None:
    assert not _outgoing(world).withdraw(world.theirs.of("a queued message"))


@case("PostgresOutgoing.withdraw")
def of_two_campaigns_with_one_message_id_ours_is_told(world: World) -> None:
    twin = message_in(world.connection, world.ours, "queued", world.theirs.of("a queued message"))
    assert _outgoing(world).withdraw(twin)


@case("PostgresOutgoing.note_arrived")
def nobody_says_of_their_message_that_it_arrived(world: World) -> None:
    assert not _outgoing(world).note_arrived(world.theirs.of("a unknown message"), NOON)


@case("PostgresOutgoing.note_arrived")
def of_two_with_one_id_theirs_is_asked_about_all_the_same(world: World) -> None:
    twin = message_in(world.connection, world.ours, "unknown", world.theirs.of("a unknown message"))
    assert _outgoing(world).note_arrived(twin, NOON)


@case("PostgresOutgoing.reword")
def their_message_gets_no_other_words(world: World) -> None:
    new = Rewording(Content("Ours now", Money(0, "USD"), ()))
    assert not _outgoing(world).reword(world.theirs.of("a queued message"), new, world.ours.of("owner"), NOON)


@case("PostgresOutgoing.reword")
def of_two_with_one_id_ours_gets_other_words(world: World) -> None:
    twin = message_in(world.connection, world.ours, "queued", world.theirs.of("a queued message"))
    new = Rewording(Content("Better", Money(0, "USD"), ()))
    assert _outgoing(world).reword(twin, new, world.ours.of("owner"), NOON)


@case("PostgresOutgoing.ask_again")
def nobody_asks_about_their_message(world: World) -> None:
    assert not _outgoing(world).ask_again(world.theirs.of("a unknown message"))


@case("PostgresOutgoing.ask_again")
def of_two_with_one_id_ours_is_asked_about(world: World) -> None:
    twin = message_in(world.connection, world.ours, "unknown", world.theirs.of("a unknown message"))
    can_find = "UPDATE platform_connections SET capabilities = '{find}' WHERE workspace_id = %s"
    world.connection.execute(can_find, [world.ours.id])
    assert _outgoing(world).ask_again(twin)


@case("PostgresOutgoing.tries")
def their_tries_are_not_told(world: World) -> None:
    known = _outgoing(world).tries([world.ours.of("draft message"), world.theirs.of("draft message")])
    assert set(known) == {world.ours.of("draft message")}


@case("PostgresOutgoing.accounts")
def our_accounts_are_told_only(world: World) -> None:
    assert [account.id for account in _outgoing(world).accounts()] == [world.ours.of("account")]


@case("PostgresOutgoing.since")
def what_they_send_is_not_counted(world: World) -> None:
    assert _outgoing(world).since(LONG_AGO) == Today(0, 0, 0)


@case("PostgresOutgoing.last_processed_at")
def when_they_sent_is_not_told(world: World) -> None:
    assert _outgoing(world).last_processed_at() is None


@case("EveryOutgoing.outbox_age_seconds")
def how_long_the_oldest_waits_is_told_to_a_schedule(world: World) -> None:
    assert _every(world).outbox_age_seconds() >= 0


@case("EveryOutgoing.unknown_messages")
def how_many_are_unknown_is_told_to_a_schedule(world: World) -> None:
    assert _every(world).unknown_messages() == 1


@case("EveryOutgoing.activity")
def how_much_there_is_to_send_is_told_to_a_schedule(world: World) -> None:
    assert _every(world).activity().waiting == 2, "numbers alone, of both"


def _every(world: World) -> EveryOutgoing:
    return EveryOutgoing(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
