"""What the send path asks across workspaces. These functions go by the database's real time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from huntaze.delivery.accounts import EveryAccount
from huntaze.delivery.model import HORIZON, Doubt, Outcome, Pace, Sender
from huntaze.ids import new_id
from tests.support.real_send_path import PostgresGround
from tests.support.send_path import PLATFORM
from tests.support.send_path_contracts import seconds

PACE = Pace(10, 60)


class Asking:
    """A workspace whose clock stands at the real time, and what is said of it."""

    def __init__(self, ground: PostgresGround) -> None:
        ground.now = datetime.now(UTC)
        self.ground = ground
        self.account = ground.new_account(PACE)
        self.app = ground.connected()
        self.every = EveryAccount(lambda query, parameters: self.app.execute(query, parameters).fetchall())

    def do(self, store: str, operation: str, *arguments: Any) -> Any:
        with self.ground.transaction(self.ground.workspace_id) as stores:
            return getattr(getattr(stores, store), operation)(*arguments)

    def add(self, messages: int = 1) -> list[UUID]:
        fan = self.ground.new_fan()
        return [self.ground.new_message(self.account, fan) for _ in range(messages)]

    def put(self, message_id: UUID, wait: float = 0) -> None:
        self.do("outbox", "put_permit", new_id(), self.account, message_id, seconds(wait))

    @property
    def is_woken(self) -> bool:
        return (self.ground.workspace_id, self.account) in self.every.to_wake(10_000)

    @property
    def doubts(self) -> list[Doubt]:
        return [each for each in self.every.in_doubt(10_000) if each.workspace_id == self.ground.workspace_id]


@pytest.fixture
def asking(ground: PostgresGround) -> Iterator[Asking]:
    made = Asking(ground)
    yield made
    made.app.close()


def test_accounts_are_told_as_they_send(asking: Asking) -> None:
    place = asking.ground.workspace_id, asking.account
    sender = Sender(*place, PLATFORM, PACE)
    assert asking.every.to_send([asking.account, asking.account, new_id()]) == {place: sender}
    assert asking.every.to_send([]) == {}


def test_whoever_lacks_permits_is_woken(asking: Asking) -> None:
    assert not asking.is_woken
    first, second = asking.add(2)
    assert asking.is_woken
    asking.put(first)
    assert asking.is_woken
    asking.put(second)
    assert not asking.is_woken
    asking.ground.run("UPDATE outbox SET expires_at = now() WHERE message_id = %(id)s", id=first)
    assert asking.is_woken, "what never fired counts as lost"


def test_permits_beyond_the_number_of_messages_wake_nobody(asking: Asking) -> None:
    sent, *_ = asking.add(2)
    for _ in range(2):
        asking.put(sent)
    assert not asking.is_woken


@pytest.mark.parametrize("operation", [("hold", seconds(60), "too_fast"), ("pause", "forbidden"), ("expire",)])
def test_who_may_not_send_is_not_woken(asking: Asking, operation: tuple[Any, ...]) -> None:
    asking.add()
    name, *words = operation
    asking.do("accounts", name, asking.account, *words)
    assert not asking.is_woken
    asking.ground.run("UPDATE platform_connections SET held_until = now() WHERE held_until IS NOT NULL")
    assert asking.is_woken is (name == "hold")


@pytest.mark.parametrize("pace", [PACE, Pace(7, 45), Pace(1, 60)])
def test_what_waits_beyond_the_horizon_wakes_nobody(asking: Asking, pace: Pace) -> None:
    asking.ground.set_pace(asking.account, pace)
    ahead = HORIZON // pace.spacing
    messages = asking.add(ahead + 20)
    for message_id in messages[: ahead - 1]:
        asking.put(message_id, 800)
    assert asking.is_woken
    asking.put(messages[ahead - 1], 800)
    assert not asking.is_woken, "it would keep others from the round for ever"


def test_attempts_are_in_doubt_once_their_lease_is_over_and_when_it_is_time_to_ask(asking: Asking) -> None:
    ground, attempt_id = asking.ground, new_id()
    [message_id] = asking.add()
    asking.do("claims", "claim", asking.account, attempt_id)
    assert asking.doubts == []
    doubt = Doubt(ground.workspace_id, attempt_id, message_id, asking.account, has_lapsed=True)
    ground.run("UPDATE delivery_attempts SET lease_until = now(), claimed_at = now() - interval '25 s'")
    assert asking.doubts == [doubt]
    asking.do("attempts", "unknown", attempt_id, message_id, "sender_ended", Outcome.LAPSED)
    assert asking.doubts == [], "what left before the deadline may still arrive"
    ground.run("UPDATE delivery_attempts SET look_at = now() WHERE id = %(id)s", id=attempt_id)
    [asked] = asking.doubts
    assert (asked.attempt_id, asked.has_lapsed) == (attempt_id, False)
    asking.do("attempts", "look_no_more", attempt_id)
    assert asking.doubts == []


def test_only_one_at_a_time_wakes_an_account_and_nobody_waits(asking: Asking) -> None:
    ground = asking.ground
    with ground.connected() as other, ground.on(other, ground.workspace_id) as stores:
        assert stores.outbox.lock_account(asking.account)
        assert asking.do("outbox", "lock_account", asking.account) is None
    assert asking.do("outbox", "lock_account", asking.account)
