"""Paces and limits, judged against every window there is; the notice and its versions."""

import hashlib
import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from huntaze.connections.model import FASTEST, USUAL_PACE, fitted, within
from huntaze.connections.notice import notice
from huntaze.delivery.model import Pace
from huntaze.platforms.model import Limits

LIMITS = st.builds(Limits, messages=st.integers(1, 40), seconds=st.integers(1, 200))
PACES = st.builds(
    Pace, messages=st.integers(1, 40), seconds=st.integers(1, 200), gap_seconds=st.just(0) | st.integers(0, 30)
)


def _sent_as_soon_as_may_be(pace: Pace, until: int) -> list[int]:
    """When messages leave that all wait from the beginning; a token returns one window after it was used."""
    sent: list[int] = []
    now = 0
    while now < until:
        if len(sent) >= pace.messages:
            now = max(now, sent[-pace.messages] + math.ceil(pace.seconds))
        sent.append(now)
        now += math.ceil(pace.gap_seconds)
    return sent


@given(PACES, LIMITS)
def test_a_pace_within_limits_never_breaks_them(pace: Pace, limits: Limits) -> None:
    if not within(pace, limits):
        return
    sent = _sent_as_soon_as_may_be(pace, 3 * (limits.seconds + math.ceil(pace.seconds)))
    for begins in sent:
        assert sum(begins <= at < begins + limits.seconds for at in sent) <= limits.messages


@given(PACES, st.lists(LIMITS, max_size=3))
def test_a_fitted_pace_is_within_all_limits_and_untouched_where_it_was(pace: Pace, all_limits: list[Limits]) -> None:
    found = fitted(pace, *all_limits)
    assert all(within(found, limits) for limits in all_limits)
    if all(within(pace, limits) for limits in all_limits):
        assert found == pace


@pytest.mark.parametrize(
    ("pace", "taken"),
    [
        (USUAL_PACE, True),
        (Pace(11, 60), False),
        (Pace(10, 59), False),  # twice ten touch one minute
        (Pace(5, 30), True),
        (Pace(10, 600), True),
        (Pace(100, 600), False),  # all hundred may fall into one minute
        (Pace(100, 600, 6), True),  # unless a gap keeps them apart
        (Pace(10, 2), False),
    ],
)
def test_ten_a_minute_means_any_minute(pace: Pace, *, taken: bool) -> None:
    assert within(pace, FASTEST) is taken


def test_what_a_platform_takes_less_of_is_fitted() -> None:
    assert fitted(USUAL_PACE, FASTEST, Limits(5, 60)) == Pace(5, 60)
    assert fitted(USUAL_PACE, FASTEST, Limits(100, 3600)) == Pace(1, 36)


# A version and what it said. Whoever changes the text makes a new version, and adds its line.
KNOWN = {"2026-01": "5a66f4aa6ba6a10c"}


def test_a_text_that_somebody_agreed_to_never_changes() -> None:
    told = notice()
    digest = hashlib.sha256(repr(sorted(told.text.items())).encode()).hexdigest()[:16]
    assert KNOWN[told.version] == digest
    assert set(told.text) == {"en", "fr"}
    assert len({len(text) for text in told.text.values()}) == 1
