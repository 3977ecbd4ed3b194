"""Clocks of bridges, under a clock of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.platforms.bridge_clocks import BridgeClocks

BRIDGE = "https://bridge.example.com"


class Now:
    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def clocks(now: Now) -> BridgeClocks:
    return BridgeClocks(now)


def test_nothing_is_known_before_a_bridge_has_said_it(clocks: BridgeClocks) -> None:
    assert clocks.reading(BRIDGE, 1000.0) is None


def test_time_passes_there_as_it_does_here(clocks: BridgeClocks) -> None:
    clocks.learn(BRIDGE, 5_000_000, 1000.0)
    assert clocks.reading(BRIDGE, 1010.5) == 5_010_500
    assert clocks.reading("https://other.example.com", 1010.5) is None


def test_what_was_learnt_is_kept_for_ten_minutes(clocks: BridgeClocks, now: Now) -> None:
    clocks.learn(BRIDGE, 5_000_000, 1000.0)
    now.moment = 1600.0
    assert clocks.reading(BRIDGE, 1600.0) == 5_600_000
    now.moment = 1600.1
    assert clocks.reading(BRIDGE, 1600.1) is None


def test_the_newest_counts_also_when_it_is_told_later(clocks: BridgeClocks) -> None:
    clocks.learn(BRIDGE, 9_000_000, 1000.0)
    clocks.learn(BRIDGE, 5_000_000, 999.0)  # another thread was slower to come here
    assert clocks.reading(BRIDGE, 1000.0) == 9_000_000
    clocks.learn(BRIDGE, 4_000_000, 1001.0)  # set back
    assert clocks.reading(BRIDGE, 1001.0) == 4_000_000


def test_what_is_wrong_is_forgotten(clocks: BridgeClocks) -> None:
    clocks.learn(BRIDGE, 5_000_000, 1000.0)
    clocks.forget(BRIDGE)
    clocks.forget(BRIDGE)
    assert clocks.reading(BRIDGE, 1000.0) is None


def test_of_very_many_bridges_the_one_unheard_for_longest_is_forgotten(clocks: BridgeClocks) -> None:
    clocks.learn(BRIDGE, 1, 1000.0)
    for number in range(999):
        clocks.learn(f"https://{number}.example.com", 1, 1000.0)
    clocks.learn(BRIDGE, 2, 1000.5)
    clocks.learn("https://one-more.example.com", 1, 1001.0)
    assert clocks.reading(BRIDGE, 1000.5) == 2
    assert clocks.reading("https://0.example.com", 1000.0) is None


@given(there=st.integers(0, 10**13), out=st.floats(0, 30), back=st.floats(0, 30), later=st.floats(0, 600))
def test_a_deadline_is_never_later_than_it_is_meant(there: int, out: float, back: float, later: float) -> None:
    """The bridge stamps `out` seconds after it was asked and is heard `back` seconds after that."""
    stamped_at = 1000.0 + out
    heard_at = stamped_at + back
    clocks = BridgeClocks(lambda: heard_at)
    clocks.learn(BRIDGE, there, heard_at)
    moment = heard_at + later
    reading = clocks.reading(BRIDGE, moment)
    truth = there + (moment - stamped_at) * 1000
    assert reading is not None
    assert truth - back * 1000 - 2 <= reading <= truth + 1e-3 * 1000
