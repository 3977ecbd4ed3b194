"""Signing in and out, without a page and without a database."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.limits.model import Counted
from huntaze.limits.service import OwnCounter
from huntaze.sessions.model import NOTED_EVERY, PasswordNeeded, Preferences, Proven, Refusal, SignInRefused, Theme
from huntaze.sessions.service import CountedAttempts, Sessions
from tests.support.people_of_pages import RIGHT_CODE, Account, FakePool
from tests.support.sessions import FakeSessions

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANA = Proven("ana", "ana@example.com")
HERE = "203.0.113.5"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def pool() -> FakePool:
    return FakePool({ANA.email: Account(ANA.subject, "right")})


@pytest.fixture
def sessions(clock: FixedClock, pool: FakePool) -> Sessions:
    tokens = (f"token {number}" for number in itertools.count(1))
    return Sessions(pool, FakeSessions(), CountedAttempts(None, OwnCounter()), clock, lambda: next(tokens))


def _begin(sessions: Sessions) -> str:
    return sessions.begin(ANA, Preferences(), None)


def test_a_password_proves_who_somebody_is(sessions: Sessions) -> None:
    assert sessions.sign_in(ANA.email, "right", HERE) == ANA
    with pytest.raises(SignInRefused):
        sessions.sign_in(ANA.email, "wrong", HERE)


def test_an_invitation_asks_for_a_password_of_ones_own(sessions: Sessions, pool: FakePool) -> None:
    pool.accounts[ANA.email].invited = True
    needed = sessions.sign_in(ANA.email, "right", HERE)
    assert isinstance(needed, PasswordNeeded)
    assert sessions.choose_first_password(needed, "own 1", HERE) == ANA


def test_each_session_has_a_token_of_its_own(sessions: Sessions) -> None:
    first, second = _begin(sessions), _begin(sessions)
    assert first != second
    assert sessions.find(first) != sessions.find(second)


def test_a_new_session_ends_the_one_that_came_along(sessions: Sessions) -> None:
    first = _begin(sessions)
    second = sessions.begin(ANA, Preferences(), sessions.find(first))
    assert sessions.find(first) is None
    assert sessions.find(second) is not None


@pytest.mark.parametrize("token", [None, "", "never given"])
def test_what_is_no_token_finds_nobody(sessions: Sessions, token: str | None) -> None:
    assert sessions.find(token) is None


def test_use_is_noted_now_and_then(sessions: Sessions, clock: FixedClock) -> None:
    token = _begin(sessions)
    clock.advance(NOTED_EVERY - timedelta(seconds=1))
    sessions.find(token)
    assert sessions.find(token).seen_at == NOON
    clock.advance(timedelta(seconds=1))
    sessions.find(token)
    assert sessions.find(token).seen_at == NOON + NOTED_EVERY


def test_what_is_chosen_stays_beside_what_was_chosen(sessions: Sessions) -> None:
    token, workspace_id = _begin(sessions), new_id()
    sessions.choose_workspace(sessions.find(token), workspace_id)
    sessions.prefer(sessions.find(token), Preferences(locale="fr", theme=Theme.DARK))
    found = sessions.find(token)
    assert found.chosen_workspace_id == workspace_id
    assert found.preferences == Preferences(locale="fr", theme=Theme.DARK)


def test_a_new_password_ends_what_was_begun_with_the_old_one(sessions: Sessions, pool: FakePool) -> None:
    token = _begin(sessions)
    sessions.set_password(ANA.email, RIGHT_CODE, "new 1", HERE)
    assert sessions.find(token) is None
    assert pool.ended == [ANA.subject]


def test_who_was_let_in_by_the_old_password_a_moment_ago_is_out_too(
    sessions: Sessions, pool: FakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def away(_: str) -> None:
        begun.append(_begin(sessions))
        raise Unavailable("Sign-in cannot be reached right now.", retry_after=5)

    monkeypatch.setattr(pool, "end_tokens", away)
    sessions.set_password(ANA.email, RIGHT_CODE, "new 1", HERE)
    assert sessions.find(begun[0]) is None


def test_a_password_that_was_set_is_not_said_to_have_failed(
    sessions: Sessions, pool: FakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("Sign-in cannot be reached right now.", retry_after=5)

    monkeypatch.setattr(pool, "end_tokens", away)
    sessions.set_password(ANA.email, RIGHT_CODE, "new 1", HERE)
    assert pool.accounts[ANA.email].password == "new 1"


def test_attempts_are_counted_for_the_account_in_any_spelling(sessions: Sessions) -> None:
    for number in range(10):
        with pytest.raises(SignInRefused, match="wrong"):
            sessions.sign_in(ANA.email, "wrong", f"203.0.113.{number}")
    with pytest.raises(SignInRefused) as refused:
        sessions.sign_in(ANA.email.upper(), "right", "203.0.113.99")
    assert refused.value.reason is Refusal.TOO_MANY
    assert "right" not in str(refused.value)


class Away:
    """A shared counter that cannot be reached."""

    def count(self, name: str, window_ms: int) -> Counted:
        raise Unavailable(f"{name} cannot be counted within {window_ms}.", retry_after=1)


def test_while_the_shared_counter_is_away_this_process_counts() -> None:
    attempts = CountedAttempts(Away(), OwnCounter())
    assert [attempts.may_try("x", 2, 60) for _ in range(3)] == [True, True, False]


def test_a_window_ends() -> None:
    now = [0.0]
    attempts = CountedAttempts(None, OwnCounter(lambda: now[0]))
    assert [attempts.may_try("x", 1, 60) for _ in range(2)] == [True, False]
    now[0] = 61.0
    assert attempts.may_try("x", 1, 60)
