from dataclasses import dataclass

import pytest

from huntaze.edge import rate_limit
from huntaze.errors import TooMany, Unavailable
from huntaze.limits.model import Allowance, Counted
from huntaze.limits.service import OwnCounter, RequestLimit


@dataclass
class Watch:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


class Away:
    def __init__(self) -> None:
        self.asked = 0
        self.is_away = True

    def count(self, _name: str, _window_ms: int) -> Counted:
        self.asked += 1
        if self.is_away:
            raise Unavailable("Away.", retry_after=5)
        return Counted(7, 30_000)


def test_a_minute_begins_with_its_first_request_and_then_anew() -> None:
    watch = Watch()
    limit = RequestLimit(2, None, OwnCounter(watch), watch)
    first, second, third = (limit.count("fans", "zoe") for _ in range(3))
    assert (first, second) == (Allowance(2, 1, 60, is_exceeded=False), Allowance(2, 0, 60, is_exceeded=False))
    assert third == Allowance(2, 0, 60, is_exceeded=True)
    watch.seconds += 59.5
    assert limit.count("fans", "zoe") == Allowance(2, 0, 1, is_exceeded=True)
    watch.seconds += 0.5
    assert limit.count("fans", "zoe") == first


def test_people_and_groups_are_counted_apart() -> None:
    limit = RequestLimit(1, None, OwnCounter())
    assert not any(limit.count(*whose).is_exceeded for whose in [("fans", "zoe"), ("fans", "max"), ("web", "zoe")])
    assert limit.count("fans", "zoe").is_exceeded


def test_while_the_shared_count_is_away_this_process_counts_and_asks_again_after_a_while() -> None:
    watch, away = Watch(), Away()
    limit = RequestLimit(10, away, OwnCounter(watch), watch)
    assert [limit.count("fans", "zoe").left for _ in range(3)] == [9, 8, 7]
    assert away.asked == 1
    watch.seconds += 5
    away.is_away = False
    assert limit.count("fans", "zoe") == Allowance(10, 3, 30, is_exceeded=False)


def test_the_memory_of_a_process_has_an_end() -> None:
    watch = Watch()
    own = OwnCounter(watch)
    for number in range(25_000):
        watch.seconds += 0.01
        own.count(str(number), 1_000)
    assert len(vars(own)["_windows"]) <= 10_001


def test_the_headers_say_what_is_left_and_one_too_many_is_refused() -> None:
    headers = rate_limit.headers(Allowance(60, 12, 34, is_exceeded=False))
    assert headers == {"RateLimit-Policy": '"person";q=60;w=60', "RateLimit": '"person";r=12;t=34'}
    rate_limit.must_be_left(Allowance(60, 0, 34, is_exceeded=False))
    with pytest.raises(TooMany) as raised:
        rate_limit.must_be_left(Allowance(60, 0, 34, is_exceeded=True))
    assert raised.value.retry_after == 34


def test_the_first_request_of_a_process_may_be_counted_alone_and_only_the_first() -> None:
    shared = Away()
    shared.is_away = False
    limit = RequestLimit(60, shared, OwnCounter(), spare_the_first=True)
    assert limit.count("fans", "zoe").left == 59
    assert shared.asked == 0
    assert limit.count("fans", "zoe").left == 53
    assert shared.asked == 1
