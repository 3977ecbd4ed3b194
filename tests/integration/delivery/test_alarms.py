"""Every fault, and the alarms that tell of it: their own definitions, on what is really measured meanwhile."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from huntaze.delivery import postponing
from infra import stage as stages
from local.processes import free_port
from local.servers import Valkey
from local.simulator.faults import KINDS
from tests.infra.synthesized import Resource, monitoring_of
from tests.integration.delivery.faults import FAULTS, MORE, STORMS, Fires, every_fault
from tests.support.cloudwatch import goes_off
from tests.support.mistreated import stop
from tests.support.post_office import Creator
from tests.support.simulator import wait_for
from tests.support.troubled_office import TroubledOffice
from tests.support.watched_office import WatchedOffice, watched
from tests.support.worker_process import IMPATIENT, Times

# Staging while its schedules are awake, under the name that processes of tests have: alarms are asked for by it.
STAGE = replace(stages.STAGING, rests=False, name=stages.LOCAL.name, prefix=stages.LOCAL.prefix)
QUARTER = 16  # minutes, so that three looks are in it


@pytest.fixture(scope="module")
def alarms(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Resource]:
    template = monitoring_of(STAGE, tmp_path_factory.mktemp("monitoring"))
    prefix = STAGE.physical("huntaze-")
    found = [each["Properties"] for each in template["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    return {alarm["AlarmName"].removeprefix(prefix): alarm for alarm in found}


@pytest.fixture
def times() -> Times:
    return IMPATIENT


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with Valkey(tmp_path_factory.mktemp("valkey"), secrets.token_urlsafe(12)) as server:
        yield server


@pytest.fixture
def office(trouble: TroubledOffice, aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[WatchedOffice]:
    monkeypatch.setattr(postponing, "SHORTEST_SECONDS", 0)  # of real time, of which there is little here
    monkeypatch.setattr(postponing, "JITTER_SECONDS", 1)
    with watched(trouble, STAGE, aws, monkeypatch) as made:
        yield made


def fired(alarms: Mapping[str, Resource], office: WatchedOffice) -> set[str]:
    """The alarms that went off."""
    return {name for name, alarm in alarms.items() if goes_off(alarm, office.figures, office.seconds)}


def creators(office: WatchedOffice, count: int = 3, *, messages: int = 20, pace: int = 60) -> list[Creator]:
    """So many, each of whom has said something to each of their fans."""
    made = [office.office.creator(messages=pace, seconds=60, fans=messages) for _ in range(count)]
    for creator in made:
        office.office.send_many(creator, messages)
    return made


def test_every_fault_is_in_the_list() -> None:
    assert set(every_fault()) == set(FAULTS)


def test_every_alarm_of_the_list_is_there(alarms: Mapping[str, Resource]) -> None:
    named = {name for fault in (*FAULTS.values(), *MORE.values()) if isinstance(fault, Fires) for name in fault.alarms}
    assert named <= alarms.keys()
    runs = {fault.run for fault in (*FAULTS.values(), *MORE.values())}
    assert runs == {"storm", *RUNS}


# Of a kind of fault, where its usual form would not show within a quarter of an hour, or not at all.
LASTING: Mapping[str, Mapping[str, object]] = {
    "slow": {"delay": 2},
    "slow-reply": {"delay": 2},
    "429": {"retryAfter": 900},
    "5xx": {"on": "all"},
}
# Where every message waits, a few show it; elsewhere each try takes one away.
ENOUGH = {"refuse": 8, "429": 4, "forbid": 4, "expire-login": 4}
PASSING: Mapping[str, Mapping[str, object]] = {
    "slow": {"delay": 0.2, "times": 1},
    "slow-reply": {"delay": 0.2, "times": 1},
    "429": {"retryAfter": 5, "times": 1},
    "expire-login": {},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_platform_that_treats_everybody_so(alarms: Mapping[str, Resource], office: WatchedOffice, kind: str) -> None:
    for creator in creators(office, messages=ENOUGH.get(kind, 20)):
        office.office.platform.break_down(kind, creator.user_id, **LASTING.get(kind, {}))
    office.pass_minutes(QUARTER)
    expected = STORMS[kind]
    assert expected.alarms <= fired(alarms, office) <= expected.alarms | expected.by_chance


def nothing_but_once(office: WatchedOffice) -> None:
    """Each kind of trouble strikes one message of one creator, among many."""
    made = creators(office, len(KINDS), messages=4)
    for kind, creator in zip(KINDS, made, strict=True):
        office.office.platform.break_down(kind, creator.user_id, **PASSING.get(kind, {"times": 1}))
    office.pass_minutes(QUARTER, lambda: office.ask_to_send(made[0]))
    assert office.asked == {202}


def redis_away(office: WatchedOffice) -> None:
    """It is stopped, for as long as it takes."""
    creators(office)
    come_back = stop(office.office.valkey)  # type: ignore[arg-type]  # it is our own
    office.pass_minutes(QUARTER)
    come_back()


def redis_forgets(office: WatchedOffice) -> None:
    """It is emptied again and again."""
    made = creators(office, 1, messages=4)

    def forget() -> None:
        with office.office.valkey.client() as client:
            client.flushall()
        office.ask_to_send(made[0])

    office.pass_minutes(QUARTER, forget)


def queue_away(office: WatchedOffice) -> None:
    """It answers nobody, neither those who put something in nor those who take it out."""
    made = creators(office, 1)
    office.stand_in.code = "ServiceUnavailable"
    office.serves = False
    office.pass_minutes(QUARTER, lambda: [office.ask_to_send(made[0]) for _ in range(11)])


def database_away(office: WatchedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where it was."""
    made = creators(office, 1)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://huntaze_app:gone@127.0.0.1:{free_port()}/huntaze")
    office.restart()
    office.pass_minutes(QUARTER, lambda: [office.ask_to_send(made[0]) for _ in range(11)])


def nobody_serves(office: WatchedOffice) -> None:
    """The function that takes permits is not started any more."""
    creators(office, 3, messages=40)
    office.serves = False
    office.pass_minutes(QUARTER + 7)


def poison(office: WatchedOffice, count: int = 1) -> None:
    """What nobody can read is brought again and again."""
    office.office.sqs.set_queue_attributes(QueueUrl=office.office.queue_url, Attributes={"VisibilityTimeout": "0"})
    for _ in range(count):
        office.office.sqs.send_message(QueueUrl=office.office.queue_url, MessageBody="no permit at all")
    office.pass_minutes(8)


def much_poison(office: WatchedOffice) -> None:
    """There is a lot of it."""
    poison(office, 11)


def bridge_down(office: WatchedOffice) -> None:
    """Nobody listens where the bridges were."""
    away = f"http://127.0.0.1:{free_port()}"
    creators(office)
    office.office.run("UPDATE platform_connections SET bridge_url = %(away)s", away=away)
    office.pass_minutes(QUARTER)


def no_look_up(office: WatchedOffice) -> None:
    """An answer is lost, and the platform cannot be asked what arrived."""
    creator = office.office.creator(messages=60, seconds=60, fans=1, find=False)
    office.office.platform.break_down("drop-reply", creator.user_id, times=1)
    office.office.send_many(creator, 1)
    office.pass_minutes(QUARTER)


def killed(office: WatchedOffice) -> None:
    """A worker dies with a message in its hands."""
    creators(office, 1, messages=6)
    worker = office.office.start_worker(dies="after_claim_commit")
    wait_for(lambda: not worker.alive)
    office.lost("rate_limiter")
    office.figures.take(worker.log.read_text().splitlines(), office.seconds)
    office.pass_minutes(QUARTER)


RUNS: Mapping[str, Callable[..., None]] = {
    "once": nothing_but_once,
    "redis-away": redis_away,
    "redis-forgets": redis_forgets,
    "queue-away": queue_away,
    "database-away": database_away,
    "nobody-serves": nobody_serves,
    "poison": poison,
    "much-poison": much_poison,
    "bridge-down": bridge_down,
    "no-look-up": no_look_up,
    "killed": killed,
}


@pytest.mark.parametrize("run", RUNS)
def test_the_alarms_of_a_fault_go_off_and_no_others(
    alarms: Mapping[str, Resource], office: WatchedOffice, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [expected] = {
        fault.alarms if isinstance(fault, Fires) else frozenset()
        for fault in (*FAULTS.values(), *MORE.values())
        if fault.run == run
    }
    more = {"monkeypatch": monkeypatch} if run == "database-away" else {}
    RUNS[run](office, **more)
    assert fired(alarms, office) == expected
