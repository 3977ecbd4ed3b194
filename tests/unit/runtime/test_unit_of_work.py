"""What follows a commit: once, with everything that was handed in, and only if it was committed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.runtime.unit_of_work import UnitOfWork

HERE, ME = new_id(), new_id()


class Connection:
    """A transaction that knows savepoints."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield


class Postgres:
    """Commits unless it is told not to."""

    def __init__(self) -> None:
        self.commits = 0
        self.fails = False

    @contextmanager
    def transaction(self, _workspace_id: UUID, _actor: UUID | None = None) -> Iterator[Connection]:
        yield Connection()
        if self.fails:
            raise ConnectionError
        self.commits += 1


class Acts:
    """Remembers what it was told to do, and how much had been committed by then."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self.done: list[tuple[int, list[Any]]] = []

    def act(self, items: list[Any]) -> None:
        self.done.append((self._postgres.commits, items))

    def other(self, items: list[Any]) -> None:
        self.act(["other", *items])


@pytest.fixture
def postgres() -> Postgres:
    return Postgres()


@pytest.fixture
def work(postgres: Postgres) -> UnitOfWork:
    return UnitOfWork(postgres)  # type: ignore[arg-type]  # keeps the same promise


@pytest.fixture
def acts(postgres: Postgres) -> Acts:
    return Acts(postgres)


def test_where_nothing_is_open_it_is_done_at_once(work: UnitOfWork, acts: Acts) -> None:
    work.afterwards(acts.act, 1)
    assert acts.done == [(0, [1])]


def test_after_a_transaction_of_its_own(work: UnitOfWork, acts: Acts) -> None:
    with work.transaction(HERE, ME):
        work.afterwards(acts.act, 1)
        work.afterwards(acts.act, 2)
        assert acts.done == []
    assert acts.done == [(1, [1, 2])]


def test_after_the_whole_and_not_after_its_parts(work: UnitOfWork, acts: Acts) -> None:
    with work.whole(HERE, ME):
        for number in (1, 2):
            with work.transaction(HERE, ME):
                work.afterwards(acts.act, number)
        work.afterwards(acts.other, 3)
        assert acts.done == []
    assert acts.done == [(1, [1, 2]), (1, ["other", 3])]


def test_not_for_a_part_that_was_taken_back(work: UnitOfWork, acts: Acts) -> None:
    with work.whole(HERE, ME):
        with work.transaction(HERE, ME):
            work.afterwards(acts.act, 1)
        with suppress(LookupError), work.transaction(HERE, ME):
            work.afterwards(acts.act, 2)
            work.afterwards(acts.other, 3)
            raise LookupError
        with work.transaction(HERE, ME):
            work.afterwards(acts.act, 4)
    assert acts.done == [(1, [1, 4])]


def test_not_after_what_failed(work: UnitOfWork, acts: Acts, postgres: Postgres) -> None:
    for opened in (work.whole, work.transaction):
        with suppress(LookupError), opened(HERE, ME):
            work.afterwards(acts.act, 1)
            raise LookupError
        postgres.fails = True
        with pytest.raises(ConnectionError), opened(HERE, ME):
            work.afterwards(acts.act, 2)
        postgres.fails = False
    assert acts.done == []
    with work.transaction(HERE, ME):
        work.afterwards(acts.act, 3)
    assert acts.done == [(1, [3])], "and nothing of before"


def test_who_follows_may_open_transactions_and_be_followed(work: UnitOfWork, acts: Acts) -> None:
    def again(items: list[Any]) -> None:
        with work.transaction(HERE, ME):
            work.afterwards(acts.act, items[0])

    with work.whole(HERE, ME):
        work.afterwards(again, 1)
    assert acts.done == [(2, [1])]


def test_what_fails_afterwards_is_said_to_whoever_opened_it(work: UnitOfWork) -> None:
    def fails(_: list[Any]) -> None:
        raise LookupError

    with pytest.raises(LookupError), work.whole(HERE, ME):
        work.afterwards(fails, 1)


def test_a_part_belongs_to_the_workspace_and_the_member_of_the_whole(work: UnitOfWork) -> None:
    with work.whole(HERE, ME):
        for place in ((new_id(), ME), (HERE, new_id())):
            with pytest.raises(RuntimeError), work.transaction(*place):
                pass


def test_what_is_read_as_one_is_one_transaction(work: UnitOfWork, postgres: Postgres) -> None:
    with work.one(HERE, ME):
        for _ in range(3):
            with work.transaction(HERE, ME) as connection, work.one(HERE, ME):
                assert connection
        assert postgres.commits == 0
    assert postgres.commits == 1
    with work.transaction(HERE, ME):
        pass
    assert postgres.commits == 2


def test_what_fails_in_one_takes_it_with_it(work: UnitOfWork, postgres: Postgres) -> None:
    with pytest.raises(ValueError, match="a part"), work.one(HERE, ME), work.transaction(HERE, ME):
        raise ValueError("a part")
    with pytest.raises(RuntimeError, match="belongs to the workspace"), work.one(HERE, ME), work.transaction(ME, HERE):
        pass
    assert postgres.commits == 0
