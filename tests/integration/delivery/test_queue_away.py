"""A queue that refuses, forbids, throttles or cannot be reached: the caller is told, and nothing is lost or doubled."""

import dataclasses
from collections.abc import Iterator
from uuid import UUID

import pytest

from huntaze.delivery.publishing import Publishing
from huntaze.delivery.queue import SqsPermits
from huntaze.errors import NotQueued
from huntaze.idempotency.model import Answer, Keyed
from local.processes import free_port
from tests.support.post_office import Creator, PostOffice, parts_of
from tests.support.queue_stand_in import StandIn, standing_before
from tests.support.troubled_office import TroubledOffice
from tests.support.worker_process import IMPATIENT, Times


@pytest.fixture
def times() -> Times:
    return IMPATIENT


@dataclasses.dataclass
class Person:
    """A process that people use, which reaches the queue through a stand-in; it waits for nobody."""

    office: TroubledOffice
    stand_in: StandIn
    waits: list[float]
    now: float = 0.0

    def reach(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the queue is from now on."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        path = self.office.queue_url.split("/", 3)[3]
        parts = parts_of({**self.office.settings, "SQS_RATE_LIMITER_QUEUE_URL": f"{address}/{path}"})
        queue = SqsPermits(parts.permit_queues, parts._permit_queue)  # noqa: SLF001
        parts.publishing = Publishing(queue, sleep=self.waits.append, now=lambda: self.now)
        self.office.parts.postgres.close()
        self.office.parts = parts
        self.office.worker = self.office.worker.through(parts)

    def is_refused(self, creator: Creator, text: str) -> UUID:
        """They send something and are told that it is not possible."""
        with pytest.raises(NotQueued) as refusal:
            self.office.send(creator, text)
        self.office.errors.append(refusal.value)
        [message_id] = refusal.value.message_ids
        assert str(message_id) not in str(self.office.told.approved)
        self.office.told.approved[creator.user_id, f"on-{creator.fans[0]}"].append(str(message_id))
        return message_id


@pytest.fixture
def person(trouble: TroubledOffice, aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    with standing_before(aws) as stand_in:
        made = Person(trouble, stand_in, [])
        made.reach(stand_in.address, monkeypatch)
        yield made


def has_failed(office: PostOffice, message_id: UUID) -> bool:
    """It stands in the failed list, says why, and nothing is on its way for it."""
    [row] = office.run("SELECT status, last_error FROM messages WHERE id = %(id)s", id=message_id)
    permits = office.run("SELECT count(*) FROM outbox WHERE message_id = %(id)s", id=message_id)
    return (row, permits) == (("failed", "queue_unreachable"), [(0,)])


@pytest.mark.parametrize(
    ("code", "attempts"),
    [
        ("ThrottlingException", 3),
        ("ServiceUnavailable", 3),
        ("AccessDenied", 1),
        ("ExpiredToken", 1),
    ],
)
def test_a_queue_that_says_no(person: Person, code: str, attempts: int) -> None:
    creator = person.office.creator()
    person.stand_in.code = code
    message_id = person.is_refused(creator, "refused")
    assert has_failed(person.office, message_id)
    assert person.stand_in.asked == attempts
    assert [round(wait - 0.01) for wait in person.waits] in ([0], [0, 1, 2])
    assert len(person.waits) == attempts
    person.stand_in.code = None
    person.office.send(creator, "all is well again")
    person.office.go_on(lambda: person.office.ended)
    person.office.judge()
    assert person.office.statuses(creator) == {"failed": 1, "sent": 1}


def test_a_queue_that_cannot_be_reached(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    creator = person.office.creator()
    person.reach(f"http://127.0.0.1:{free_port()}", monkeypatch)
    message_id = person.is_refused(creator, "nobody there")
    assert has_failed(person.office, message_id)
    assert len(person.waits) == 3


def test_after_five_failures_the_queue_is_left_alone_for_a_minute(person: Person) -> None:
    creator = person.office.creator()
    person.stand_in.code = "ServiceUnavailable"
    for number in range(5):
        person.is_refused(creator, f"refused {number}")
    asked = person.stand_in.asked
    person.stand_in.code = None
    person.now = 59
    assert has_failed(person.office, person.is_refused(creator, "not even tried"))
    assert person.stand_in.asked == asked
    person.now = 61
    person.office.send(creator, "tried again")
    person.office.go_on(lambda: person.office.ended)
    person.office.judge()
    assert person.office.statuses(creator) == {"failed": 6, "sent": 1}


@pytest.mark.parametrize("cuts", [1, 3])
def test_answers_that_are_lost_double_nothing(person: Person, cuts: int) -> None:
    creator = person.office.creator()
    person.stand_in.cuts = cuts
    if cuts < 3:
        person.office.send(creator, "put twice")
    else:
        assert has_failed(person.office, person.is_refused(creator, "put thrice, and called failed"))
    assert person.stand_in.asked == min(cuts + 1, 3)
    person.office.go_on(lambda: person.office.ended and person.office.depth() == (0, 0, 0))
    person.office.judge()
    assert person.office.statuses(creator) == ({"sent": 1} if cuts < 3 else {"failed": 1})


def test_the_same_request_sends_the_very_message_that_could_not_be_queued(person: Person) -> None:
    office, creator = person.office, person.office.creator()
    request = Keyed("a key", b"f" * 32)

    def send() -> Answer:
        return Answer(202, {}, str(office.send(creator, "asked twice").message.id))

    person.stand_in.code = "AccessDenied"
    with pytest.raises(NotQueued) as refusal:
        office.parts.idempotency.once(creator.owner, request, send)
    [message_id] = refusal.value.message_ids
    assert has_failed(office, message_id)
    with pytest.raises(NotQueued) as refusal:
        office.parts.idempotency.once(creator.owner, request, send)
    assert refusal.value.message_ids == (message_id,), "it has failed again, and is still the same"
    person.stand_in.code = None
    for _ in range(2):
        answer = office.parts.idempotency.once(creator.owner, request, send)
        assert answer == Answer(202, {}, str(message_id))
    office.go_on(lambda: office.ended)
    office.judge()
    assert office.statuses(creator) == {"sent": 1}


def test_who_dies_between_the_commit_and_the_queue_leaves_a_message_that_the_relay_wakes(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, creator = person.office, person.office.creator()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(office.parts.waking, "_publish", die)
        with pytest.raises(KeyboardInterrupt):
            office.send(creator, "committed")
    assert office.depth() == (0, 0, 0)
    assert office.statuses(creator) == {"queued": 1}
    [(message_id,)] = office.run("SELECT id FROM messages WHERE workspace_id = %(ws)s", ws=creator.workspace_id)
    office.told.approved[creator.user_id, f"on-{creator.fans[0]}"].append(str(message_id))
    office.go_on(lambda: office.ended)
    office.judge()
    assert office.statuses(creator) == {"sent": 1}
