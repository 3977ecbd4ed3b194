import itertools
import threading
from uuid import UUID

from huntaze.ids import IdMaker, new_id

A_MOMENT = 1_795_000_000_123


def _standing_still(milliseconds: int = A_MOMENT) -> IdMaker:
    return IdMaker(nanoseconds=lambda: milliseconds * 1_000_000)


def test_an_id_is_a_version_7_uuid_with_the_time_in_front() -> None:
    made = _standing_still()()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == A_MOMENT


def test_ids_of_one_millisecond_still_grow() -> None:
    make = _standing_still()
    made = [make() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {one.version for one in made} == {7}


def test_ids_grow_when_the_clock_steps_back() -> None:
    times = iter([A_MOMENT, A_MOMENT - 60_000, A_MOMENT - 1, A_MOMENT + 1])
    make = IdMaker(nanoseconds=lambda: next(times) * 1_000_000)
    made = [make() for _ in range(4)]
    assert made == sorted(set(made))


def test_a_millisecond_that_is_used_up_borrows_from_the_next() -> None:
    def largest(bits: int) -> int:
        return (1 << bits) - 1

    make = IdMaker(nanoseconds=lambda: A_MOMENT * 1_000_000, random_bits=largest)
    make._tail, make._milliseconds = (1 << 74) - 2, A_MOMENT  # noqa: SLF001 - two steps before the end
    made = make()
    assert made.int >> 80 == A_MOMENT + 1
    assert made.version == 7


def test_the_next_id_cannot_be_guessed_from_the_last() -> None:
    make = _standing_still()
    steps = {after.int - before.int for before, after in itertools.pairwise(make() for _ in range(100))}
    assert len(steps) == 99


def test_two_makers_do_not_meet() -> None:
    one, other = _standing_still(), _standing_still()
    assert not {one() for _ in range(1_000)} & {other() for _ in range(1_000)}


def test_threads_get_different_ids() -> None:
    made: list[UUID] = []

    def make_some() -> None:
        made.extend(new_id() for _ in range(500))

    threads = [threading.Thread(target=make_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4_000
