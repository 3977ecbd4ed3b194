"""Dead letters go back into the queue: what is a permit, so many at a time, so long."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from huntaze.audit.model import Action
from huntaze.delivery import redriving
from huntaze.delivery.gate import Gate
from huntaze.delivery.model import Redriven
from huntaze.delivery.redriving import DeadLetter, Redriving
from huntaze.errors import Forbidden, Unavailable
from huntaze.members.model import Principal, Role
from tests.support.fake_delivery import FakeDeadLetters, dead_permit
from tests.support.fakes import FakeStores
from tests.support.people import principal

POISON = DeadLetter("poison", {}, object())


def _dead(number: int) -> list[DeadLetter]:
    return [dataclasses.replace(dead_permit(), receipt=each) for each in range(number)]


def _redriving(
    letters: FakeDeadLetters,
    stores: FakeStores,
    elapsed: Callable[[], float] = lambda: 0.0,
    held: str | None = None,
) -> Redriving:
    @contextmanager
    def transactions(_who: Principal) -> Iterator[Any]:
        yield stores

    return Redriving(transactions, letters, Gate(held).must_be_open, elapsed)


def test_permits_go_back_and_poison_stays() -> None:
    good, letters, stores = _dead(23), FakeDeadLetters(), FakeStores()
    letters.dead = [POISON, *good]
    assert _redriving(letters, stores).redrive(principal(Role.MANAGER)) == Redriven(moved=23, left=1)
    assert (letters.queue, letters.dead) == (good, [POISON])
    assert stores.audit.entries == [(Action.DELIVERY_REDRIVEN, None, {"moved": 23, "left": 1})]


def test_one_call_moves_so_many_and_the_next_goes_on() -> None:
    letters = FakeDeadLetters(_dead(redriving.AT_MOST + 7))
    act = _redriving(letters, FakeStores())
    assert act.redrive(principal(Role.OWNER)).moved == redriving.AT_MOST
    assert act.redrive(principal(Role.OWNER)).moved == 7
    assert act.redrive(principal(Role.OWNER)) == Redriven(0, 0)


def test_one_call_takes_so_long() -> None:
    seconds = iter(range(0, 1000, 4))
    letters = FakeDeadLetters(_dead(100))
    moved = _redriving(letters, FakeStores(), lambda: float(next(seconds))).redrive(principal(Role.OWNER)).moved
    assert moved == 20


def test_who_does_not_operate_moves_nothing() -> None:
    letters = FakeDeadLetters(_dead(1))
    with pytest.raises(Forbidden):
        _redriving(letters, FakeStores()).redrive(principal(Role.CHATTER))
    assert letters.queue == []


def test_while_sending_is_held_they_stay() -> None:
    letters, stores = FakeDeadLetters(_dead(1)), FakeStores()
    with pytest.raises(Unavailable):
        _redriving(letters, stores, held="RATE_LIMITER_ENABLED is false.").redrive(principal(Role.OWNER))
    assert (letters.queue, stores.audit.entries) == ([], [])
