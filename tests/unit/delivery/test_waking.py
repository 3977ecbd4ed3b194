"""Waking the sender for what a person lets out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest

from huntaze.delivery.model import Pace
from huntaze.delivery.permits import Planned
from huntaze.delivery.planning import Planner
from huntaze.delivery.waking import RETRY_AFTER, Waking
from huntaze.errors import NotQueued
from huntaze.ids import new_id
from tests.support.fake_send_path import FakeGround
from tests.support.fake_senders import FakePlans, GroundClock, Published, waiting_of
from tests.support.send_path_contracts import PACE, seconds


class Room:
    """Where messages are let out; what follows the commit waits until it is told to happen."""

    def __init__(self) -> None:
        self.ground, self.published, self.plans = FakeGround(), Published(), FakePlans()
        self.account = self.ground.new_account(PACE)
        self.later: dict[Callable[[list[Planned]], None], list[Planned]] = {}
        clock = GroundClock(self.ground)
        planner = Planner(self.plans, clock, new_id)
        machine: Callable[[UUID], AbstractContextManager[Any]] = self.ground.transaction
        self.waking = Waking(planner, self.published.publish, self._afterwards, machine, clock)

    def wake(self) -> tuple[UUID, object]:
        message_id = self.ground.new_message(self.account, self.ground.new_fan())
        return message_id, self.waking.wake(self.ground.stores.outbox, waiting_of(self.ground, message_id))

    def commit(self) -> None:
        [(act, items)] = self.later.items()
        self.later = {}
        act(items)

    def _afterwards(self, act: Callable[[list[Planned]], None], item: Planned) -> None:
        self.later.setdefault(act, []).append(item)


@pytest.fixture
def room() -> Room:
    return Room()


def test_permits_are_written_at_once_and_queued_after_the_commit_together(room: Room) -> None:
    messages = [room.wake()[0] for _ in range(3)]
    assert sorted(each.message_id for each in room.ground.permits(room.account)) == sorted(messages)
    assert room.published.planned == []
    room.commit()
    assert [each for each, _ in room.published.waits] == messages


def test_when_it_will_leave_is_said_as_far_as_it_can_be(room: Room) -> None:
    room.ground.set_pace(room.account, Pace(2, 60))
    said = [room.wake()[1] for _ in range(4)]
    now, spacing = room.ground.now, Pace(2, 60).spacing
    assert said == [now, now, now + seconds(60), now + seconds(60) + spacing]


def test_an_account_that_sends_nothing_is_not_woken(room: Room) -> None:
    room.ground.stores.accounts.hold(room.account, seconds(60), "too_fast")
    message_id, said = room.wake()
    assert (said, room.later, room.ground.permits(room.account)) == (None, {}, [])
    assert room.ground.message(message_id).status == "queued", "the relay wakes it when the hold is over"


def test_far_ahead_no_permit_is_made_but_the_time_is_said(room: Room) -> None:
    room.plans.burst = seconds(900)
    _, said = room.wake()
    assert said is not None
    assert (room.later, room.ground.permits(room.account)) == ({}, [])


def test_a_queue_that_takes_nothing_fails_the_messages_and_says_which(room: Room) -> None:
    messages = [room.wake()[0] for _ in range(2)]
    room.published.refuses = True
    with pytest.raises(NotQueued) as raised:
        room.commit()
    assert (raised.value.message_ids, raised.value.retry_after) == (tuple(messages), RETRY_AFTER)
    for message_id in messages:
        facts = room.ground.message(message_id)
        assert (facts.status, facts.last_error) == ("failed", "queue_unreachable")
    assert room.ground.permits(room.account) == []


def test_what_left_through_another_permit_meanwhile_has_not_failed(room: Room) -> None:
    taken, waiting = room.wake()[0], room.wake()[0]
    room.ground.stores.claims.claim(room.account, new_id())
    room.published.refuses = True
    with pytest.raises(NotQueued) as raised:
        room.commit()
    assert raised.value.message_ids == (waiting,)
    assert room.ground.message(taken).status == "sending"


def test_when_all_have_left_nobody_is_told_of_a_failure(room: Room) -> None:
    room.wake()
    room.ground.stores.claims.claim(room.account, new_id())
    room.published.refuses = True
    room.commit()
