"""Questions side by side: who does not answer is left behind."""

import threading

from huntaze.errors import Forbidden, Unavailable
from huntaze.monitoring.asking import Answered, Question

LONG = 30.0


def test_an_answer_comes_with_how_long_it_took() -> None:
    answered = Question("anything", lambda: 7, LONG).answer()

    assert answered.value == 7
    assert answered.milliseconds is not None


def test_who_does_not_answer_in_time_is_left_and_cut_off() -> None:
    hangs, cut = threading.Event(), threading.Event()

    def give_up() -> None:
        cut.set()
        hangs.set()

    assert Question("hangs", hangs.wait, 0.01, give_up).answer() == Answered()
    assert cut.is_set()


def test_nobody_waits_for_the_others() -> None:
    """Each is asked while the one before it still hangs: the second frees the first."""
    hangs = threading.Event()
    first = Question("hangs", lambda: hangs.wait(LONG), LONG)
    second = Question("frees it", hangs.set, LONG)

    assert second.answer().error is None
    assert first.answer().value is True


def test_a_thread_that_hangs_keeps_no_process_alive() -> None:
    hangs = threading.Event()
    Question("hangs", hangs.wait, 0.0).answer()

    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "asking hangs")
    hangs.set()


def test_what_refuses_is_told_and_what_fails_is_no_answer() -> None:
    def refuse() -> None:
        raise Forbidden("no")

    def be_away() -> None:
        raise Unavailable("away", retry_after=5)

    def fail() -> None:
        raise ZeroDivisionError

    assert isinstance(Question("refuses", refuse, LONG).answer().error, Forbidden)
    assert isinstance(Question("is away", be_away, LONG).answer().error, Unavailable)
    assert Question("fails", fail, LONG).answer() == Answered()
