"""What is told of health, to whom, and while what is away."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.connections.model import ConnectionState
from huntaze.delivery.model import QueueDepth
from huntaze.errors import Forbidden, NotFound, Unavailable
from huntaze.ids import new_id
from huntaze.members.model import ALLOWED, Claimant, Permission, Principal, Role
from huntaze.monitoring import service
from huntaze.monitoring.model import Condition, Health, Part, Trouble
from huntaze.monitoring.schema import ADVICE, HealthBody
from huntaze.monitoring.service import Monitoring
from huntaze.platforms.model import AccessRefused, AccountFacts, Away
from tests.support.fake_monitoring import FakeParts, account, facts
from tests.support.functions import ROOT

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CLAIMANT = Claimant("subject", None)
# As they are, before a test makes them shorter.
LIMITS = (service.DATABASE_SECONDS, service.REDIS_SECONDS, service.QUEUE_SECONDS, service.WHOLE_SECONDS)


@pytest.fixture
def parts() -> Iterator[FakeParts]:
    made = FakeParts(Principal("subject", new_id(), new_id(), Role.MANAGER))
    yield made
    made.over.set()


@pytest.fixture(autouse=True)
def _little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers does so at once; what hangs is waited for in vain, and not for long."""
    for name in ("DATABASE_SECONDS", "REDIS_SECONDS", "QUEUE_SECONDS"):
        monkeypatch.setattr(service, name, 0.5)
    monkeypatch.setattr(service, "WHOLE_SECONDS", 1.0)


def _health(parts: FakeParts, *, held: str | None = None) -> Health:
    return Monitoring(lambda: parts, parts, parts, parts, held=held, clock=FixedClock(NOON)).health(CLAIMANT)


def test_all_is_well(parts: FakeParts) -> None:
    health = _health(parts)

    assert health.condition is Condition.OK
    assert {name: part.trouble for name, part in health.parts.items()} == dict.fromkeys(health.parts)
    assert (health.queue.due, health.dead_letters.count, health.unknown_messages.count) == (0, 0, 0)
    assert HealthBody.of(health).retry_after is None


def test_the_times_of_all_parts_together_are_within_three_seconds() -> None:
    """By the limits themselves, whatever this machine does meanwhile: a cold Redis, then the database, then bridges."""
    slowest_request_limit = 0.5 + 0.15
    database, redis, queue, whole = LIMITS
    assert max(database, redis, queue) < whole
    assert slowest_request_limit + whole < 3


@pytest.mark.parametrize("how", ["away", "hanging"])
@pytest.mark.parametrize("name", ["redis", "queue", "dead_letters"])
def test_a_shared_part_that_does_not_answer_is_named_and_the_rest_is_told(
    parts: FakeParts, name: str, how: str
) -> None:
    getattr(parts, how).add(name)

    health = _health(parts)

    assert health.away == (name,)
    assert health.condition is Condition.AWAY
    assert health.platforms[0].condition is Condition.OK
    assert HealthBody.of(health).retry_after is not None


@pytest.mark.parametrize("how", ["away", "hanging"])
def test_without_the_database_only_shared_parts_are_told_and_no_figure(parts: FakeParts, how: str) -> None:
    getattr(parts, how).add("database")
    parts.away.add("redis")
    parts.waiting, parts.dead = QueueDepth(500, 3, 4), 9

    body = HealthBody.of(_health(parts)).model_dump(by_alias=True)

    assert (body["database"]["status"], body["redis"]["status"], body["queue"]["status"]) == ("away", "away", "ok")
    assert (body["queue"]["due"], body["deadLetters"]["count"], body["platforms"]) == (None, None, [])
    assert (body["outbox"]["status"], body["outbox"]["ageSeconds"]) == ("unknown", None)
    assert (body["unknownMessages"]["status"], body["unknownMessages"]["count"]) == ("unknown", None)


def test_a_database_that_hangs_is_cut_off(parts: FakeParts) -> None:
    parts.hanging.add("database")
    _health(parts)
    assert parts.abandoned == 1


@pytest.mark.parametrize("refusal", [Forbidden("no"), NotFound()])
def test_who_may_not_learns_nothing(parts: FakeParts, refusal: Exception) -> None:
    parts.refusal = refusal
    parts.away.add("redis")
    with pytest.raises(type(refusal)):
        _health(parts)


@pytest.mark.parametrize("role", Role)
def test_a_page_tells_those_who_operate(parts: FakeParts, role: Role) -> None:
    who = Principal("subject", new_id(), new_id(), role)
    monitoring = Monitoring(lambda: parts, parts, parts, parts, held=None, clock=FixedClock(NOON))
    if Permission.OPERATE in ALLOWED[role]:
        assert monitoring.health(who).condition is Condition.OK
    else:
        with pytest.raises(Forbidden):
            monitoring.health(who)


def test_figures_that_somebody_should_look_at(parts: FakeParts) -> None:
    parts.waiting, parts.dead, parts.outbox_age_seconds, parts.unknown = QueueDepth(101, 0, 0), 1, 301.0, 1

    health = _health(parts)

    assert health.condition is Condition.DEGRADED
    assert [health.parts[name].trouble for name in ("queue", "dead_letters", "outbox", "unknown_messages")] == [
        Trouble.PERMITS_WAITING,
        Trouble.DEAD_LETTERS,
        Trouble.OUTBOX_OLD,
        Trouble.MESSAGES_UNKNOWN,
    ]
    assert HealthBody.of(health).retry_after is None


def test_what_an_operator_holds_is_told(parts: FakeParts) -> None:
    health = _health(parts, held="RATE_LIMITER_ENABLED is false.")
    assert (health.condition, health.held) == (Condition.DEGRADED, "RATE_LIMITER_ENABLED is false.")


def _refuses(why: Away) -> AccountFacts:
    raise AccessRefused(why, "no", retry_after=5)


def _fails() -> AccountFacts:
    raise Unavailable("no", retry_after=5)


def _breaks() -> AccountFacts:
    raise ValueError("what it said was nothing that we know")


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (facts, None),
        (lambda: facts(signed_in=False), Trouble.LOGIN_ENDED),
        (lambda: _refuses(Away.LOGIN_EXPIRED), Trouble.LOGIN_ENDED),
        (lambda: _refuses(Away.FORBIDDEN), Trouble.FORBIDDEN),
        (lambda: _refuses(Away.THROTTLED), Trouble.BRIDGE_BUSY),
        (_fails, Trouble.BRIDGE_AWAY),
        (_breaks, Trouble.BRIDGE_AWAY),
    ],
)
def test_what_a_bridge_says_at_this_moment(parts: FakeParts, says: object, trouble: Trouble | None) -> None:
    parts.bridge = says  # type: ignore[assignment]
    assert _health(parts).platforms[0].trouble is trouble


@pytest.mark.parametrize(
    ("row", "state", "trouble"),
    [
        (account(paused_at=NOON), ConnectionState.PAUSED, Trouble.PAUSED),
        (account(held_until=NOON + timedelta(minutes=1)), ConnectionState.HELD, Trouble.HELD),
        (account(status="expired", paused_at=NOON), ConnectionState.EXPIRED, Trouble.LOGIN_ENDED),
    ],
)
def test_what_the_row_of_an_account_says(
    parts: FakeParts, row: object, state: ConnectionState, trouble: Trouble
) -> None:
    parts.accounts = (row,)  # type: ignore[assignment]
    [platform] = _health(parts).platforms
    assert (platform.state, platform.trouble) == (state, trouble)


def test_a_bridge_that_is_away_is_named_although_its_account_rests_anyway(parts: FakeParts) -> None:
    parts.accounts = (account(held_until=NOON + timedelta(minutes=1), held_reason="no_connection"),)
    parts.away.add("bridge")
    assert _health(parts).away == ("platform onlyfans",)


def test_every_trouble_has_advice_and_a_section(parts: FakeParts) -> None:
    assert set(ADVICE) == set(Trouble)
    runbooks = ROOT / "docs" / "runbooks.md"
    if not runbooks.exists():
        pytest.skip("the runbooks come with the alarms")
    parts.away |= {"database", "redis", "queue", "dead_letters"}
    named = {part.runbook for part in _health(parts).parts.values()}
    named |= {Part(trouble=trouble).runbook for trouble in Trouble}
    assert named - set(re.findall(r"^## (.+)$", runbooks.read_text(), re.MULTILINE)) == set()
