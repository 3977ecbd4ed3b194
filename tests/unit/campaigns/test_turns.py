"""Campaigns of an account take turns: a model that is played, message by message."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from huntaze.campaigns.letting_out import message_id, places, turns
from huntaze.campaigns.model import Schedule
from huntaze.campaigns.steps import Ready
from huntaze.ids import new_id

A, B, C = (UUID(int=number) for number in range(3))
LAUNCH = datetime(2026, 6, 1, 12, 0, 0, 123_456, tzinfo=UTC)


def test_whoever_has_fewest_waiting_comes_next() -> None:
    assert turns(3, {A: 5, B: 0}, {A: 9, B: 9}) == [B, B, B]
    assert turns(4, {A: 0, B: 0}, {A: 9, B: 9}) == [A, B, A, B]


def test_whoever_has_nobody_left_leaves_the_room_to_others() -> None:
    assert turns(5, {A: 0, B: 0}, {A: 1, B: 9}) == [A, B, B, B, B]
    assert turns(5, {A: 0, B: 0}, {A: 0, B: 2}) == [B, B]


def test_a_campaign_that_comes_later_catches_up_and_then_both_go_on_alike() -> None:
    waiting, left = Counter({A: 140, B: 0}), Counter({A: 500, B: 500})
    for _ in range(60):
        for key, _ in zip(sorted(waiting, key=lambda one: -waiting[one]), range(10), strict=False):
            waiting[key] = max(0, waiting[key] - 5)
        order = turns(max(0, 146 - sum(waiting.values())), waiting, left)
        waiting.update(order)
        left.subtract(order)
    assert abs(waiting[A] - waiting[B]) <= 1


@given(st.integers(0, 200), st.lists(st.tuples(st.integers(0, 150), st.integers(0, 150)), min_size=1, max_size=6))
def test_nobody_gets_two_turns_while_somebody_with_fewer_waits(room: int, campaigns: list[tuple[int, int]]) -> None:
    waiting = {UUID(int=place): out for place, (out, _) in enumerate(campaigns)}
    left = {UUID(int=place): more for place, (_, more) in enumerate(campaigns)}
    order = turns(room, waiting, left)
    assert len(order) == min(room, sum(left.values()))
    now, still = dict(waiting), dict(left)
    for key in order:
        assert now[key] == min(out for other, out in now.items() if still[other])
        now[key] += 1
        still[key] -= 1


def test_the_id_of_a_message_is_made_of_campaign_fan_and_launch_alone() -> None:
    campaign = Ready(id=new_id(), launched_at=LAUNCH, schedule=Schedule())
    fan, other = new_id(), new_id()
    assert message_id(campaign, fan) == message_id(campaign, fan)
    assert message_id(campaign, fan) != message_id(campaign, other)
    assert message_id(campaign, fan).version == 7
    made_at = message_id(campaign, fan).int >> 80
    assert datetime.fromtimestamp(made_at / 1000, UTC) - LAUNCH < timedelta(milliseconds=1)


def test_who_comes_later_is_put_beside_what_waits_and_not_behind_all_of_it() -> None:
    line = tuple(LAUNCH + timedelta(milliseconds=number) for number in range(5))
    first = Ready(id=A, launched_at=LAUNCH, schedule=Schedule(), queued=line)
    second = Ready(id=B, launched_at=LAUNCH, schedule=Schedule(), queued=line[:2])
    later = LAUNCH + timedelta(minutes=1)
    moments = places([first, second], later)
    beside = [next(moments[B]) for _ in range(4)]
    assert all(own < place < after for own, place, after in zip(line[2:4], beside[:2], line[3:], strict=True))
    assert beside[2] == line[4] + timedelta(microseconds=1)
    assert beside[3] == later
    assert [next(moments[A]) for _ in range(2)] == [later, later + timedelta(milliseconds=1)]
