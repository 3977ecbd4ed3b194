from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judge import accepted_twice, most_in_any_window, out_of_order, said_twice, uncertain, windows_over

Line = dict[str, object]


def arrivals(*times: float, account: str | None = "zoe") -> list[Line]:
    return [{"account": account, "at": at} for at in times]


def sends(*references: str, recipient: str = "fan", account: str = "zoe", text: str | None = None) -> list[Line]:
    return [
        {"account": account, "recipient": recipient, "clientReference": reference, "at": at, "text": text or reference}
        for at, reference in enumerate(references)
    ]


def test_a_window_is_half_open() -> None:
    assert most_in_any_window(arrivals(0, 30, 60), 60) == {"zoe": 2}
    assert most_in_any_window(arrivals(0, 30, 59.999), 60) == {"zoe": 3}


def test_each_account_has_windows_of_its_own_and_order_does_not_matter() -> None:
    both = arrivals(5, 3, 4) + arrivals(3, account="max")
    assert most_in_any_window(both, 10) == {"zoe": 3, "max": 1}


def test_a_request_of_nobody_is_in_no_window() -> None:
    assert most_in_any_window(arrivals(1, 2, account=None), 60) == {}


def test_the_burst_of_a_bucket_that_was_born_full_is_seen() -> None:
    classic = [0.0] * 10 + [6.0 * number for number in range(1, 10)]
    assert most_in_any_window(arrivals(*classic), 60) == {"zoe": 19}
    assert windows_over(arrivals(*classic), 10, 60)[0] == ("zoe", 0.0, 19)


def test_what_keeps_the_limit_has_no_window_over_it() -> None:
    assert windows_over(arrivals(*[0.0] * 10, *[60.0] * 10), 10, 60) == []


@given(st.lists(st.integers(0, 300), min_size=1), st.integers(1, 100))
def test_the_fullest_window_is_that_of_counting_all(times: list[int], seconds: int) -> None:
    counted = max(sum(begin <= at < begin + seconds for at in times) for begin in range(-1, 302))
    assert most_in_any_window(arrivals(*times), seconds) == {"zoe": counted}


def test_a_reference_accepted_twice_is_found() -> None:
    assert accepted_twice(sends("a", "b", "a")) == {("zoe", "a"): 2}
    assert accepted_twice(sends("a") + sends("a", account="max")) == {}


def test_the_same_words_under_two_references_are_found() -> None:
    assert said_twice(sends("a", "b", text="Hello")) == {("zoe", "fan", "Hello"): 2}
    assert said_twice(sends("a", "b")) == {}


@pytest.mark.parametrize(
    ("arrived", "good"), [("abc", True), ("ac", True), ("", True), ("ba", False), ("aa", False), ("ax", False)]
)
def test_a_thread_keeps_the_order_in_which_it_was_approved(arrived: Sequence[str], *, good: bool) -> None:
    strange = out_of_order(sends(*arrived), {("zoe", "fan"): list("abc")})
    assert strange == ([] if good else [("zoe", "fan")])


def test_threads_do_not_depend_on_each_other() -> None:
    mixed = sends("b", recipient="one") + sends("a", recipient="two")
    assert out_of_order(mixed, {("zoe", "one"): ["b"], ("zoe", "two"): ["a"]}) == []


def test_no_answer_and_a_broken_servers_answer_leave_doubt() -> None:
    outcomes = {"cut": None, "broken": 502, "accepted": 201, "throttled": 429}
    attempts = [{"clientReference": reference, "status": status} for reference, status in outcomes.items()]
    assert uncertain(attempts) == {"cut", "broken"}
