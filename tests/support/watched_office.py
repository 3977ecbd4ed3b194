"""A troubled office over whose shoulder CloudWatch looks: the real handlers, minute by minute.

A minute passes by setting back what the database has written down for later, so that a fault of a quarter of an hour
takes seconds. What handlers write into their log is taken as CloudWatch takes it; what AWS measures by itself is taken
from the local queue, from what calls of handlers came to, and from the answers of the API.
"""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from huntaze import wiring
from huntaze.clock import FixedClock
from huntaze.delivery.publishing import Publishing
from huntaze.delivery.queue import SqsPermits
from huntaze.runtime.metrics import EmbeddedMetrics
from infra.constructs.metrics import NAMESPACE
from infra.functions import FUNCTIONS, PERMIT_QUEUE
from infra.stage import Stage
from tests.infra.synthesized import AN_ID
from tests.support import functions
from tests.support.cloudwatch import Figures
from tests.support.post_office import QUEUE_ARN, Creator, Doors
from tests.support.queue_stand_in import StandIn, standing_before
from tests.support.troubled_office import TroubledOffice

MINUTE = 60
TURNS = 4  # of the queue in a minute
LOOKS_EVERY = next(spec.every_minutes or 0 for spec in FUNCTIONS if spec.folder == "upkeep")
# What was to be later is sooner by a minute.
PASS = """
SET session_replication_role = replica;
UPDATE outbox SET due_at = due_at - interval '1 minute', expires_at = expires_at - interval '1 minute';
UPDATE platform_connections SET held_until = held_until - interval '1 minute' WHERE held_until IS NOT NULL;
UPDATE delivery_attempts SET
    lease_until = lease_until - interval '1 minute', look_at = look_at - interval '1 minute',
    token_returns_at = token_returns_at - interval '1 minute', claimed_at = claimed_at - interval '1 minute',
    answered_at = answered_at - interval '1 minute', settled_at = settled_at - interval '1 minute';
"""


class WatchedOffice:
    """Serves, keeps the schedules and takes figures down, one minute after the other."""

    def __init__(self, office: TroubledOffice, stage: Stage, stand_in: StandIn) -> None:
        self.office = office
        self.stand_in = stand_in  # between all that is watched and the queue
        self.figures = Figures()
        self.seconds = 0
        self.serves = True
        self.asked: set[int] = set()  # with what the API answered
        self._stage = stage
        self._touched_at = 0
        self._written = io.StringIO()
        self.restart()

    def restart(self) -> None:
        """Every process finds its parts anew, in the environment."""
        wiring.current.cache_clear()
        parts = wiring.current()
        parts.doors = Doors(parts)
        clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))
        parts.measures = EmbeddedMetrics(NAMESPACE, self._stage.name, clock, self._written)
        parts.publishing = Publishing(SqsPermits(parts.permit_queues, parts._permit_queue), sleep=lambda _: None)  # noqa: SLF001
        self.office.parts.postgres.close()
        self.office.parts = parts
        self.office.worker = self.office.worker.through(parts)

    def pass_minutes(self, count: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        """So many, in each of which this is done too."""
        for _ in range(count):
            with suppress(Exception):
                self.office.run(PASS)
            meanwhile()
            if self.serves:
                self._serve()
            self._keep_schedules()
            self._take()
            self.seconds += MINUTE

    def ask_to_send(self, creator: Creator, *, fan: int = 0) -> int:
        """A person asks the API; with what status it answers."""
        claims = {**functions.CLAIMS, "sub": creator.owner.subject}
        body = {"recipientId": str(creator.fans[fan]), "content": "KANARI-TEXT"}
        event = functions.http_event("POST", "/api/onlyfans/messages/send", body=body, claims=claims)
        answer = self.call("onlyfans", event)
        status = int(answer["statusCode"])
        self.asked.add(status)
        if status >= 500:
            self.figures.put_aws("AWS/ApiGateway", "5xx", ("ApiId", AN_ID), self.seconds, 1)
        return status

    def call(self, folder: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call a handler as Lambda does, and measure what Lambda measures."""
        began = time.monotonic()
        failed = 0
        answer: dict[str, Any] = {}
        try:
            answer = functions.load(folder).handler(event, functions.Context()) or {}
        except Exception:  # noqa: BLE001 - Lambda counts it, whatever it is
            failed = 1
        took = (time.monotonic() - began) * 1000
        for name, value in (("Invocations", 1), ("Errors", failed), ("Duration", took)):
            self._lambda(folder, name, value)
        return answer

    def lost(self, folder: str) -> None:
        """A process of a function was killed: Lambda counts a call that failed."""
        self._lambda(folder, "Errors", 1)

    def _lambda(self, folder: str, metric: str, value: float) -> None:
        [spec] = [spec for spec in FUNCTIONS if spec.folder == folder]
        where = ("FunctionName", self._stage.physical(spec.name))
        self.figures.put_aws("AWS/Lambda", metric, where, self.seconds, value)

    def _serve(self) -> None:
        """Whatever is due, and once more what that put back at once."""
        sqs, url = self.office.sqs, self.office.queue_url
        for _ in range(TURNS):
            named = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"]}
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **named).get("Messages", [])
            if not found:
                return
            answer = self.call("rate_limiter", {"Records": [_record(each) for each in found]})
            self._touched_at = self.seconds
            failed = {each["itemIdentifier"] for each in answer.get("batchItemFailures", [{"itemIdentifier": "all"}])}
            through = {
                each["MessageId"]: each["ReceiptHandle"] for each in found if not failed & {each["MessageId"], "all"}
            }
            if through:
                entries = [{"Id": name, "ReceiptHandle": handle} for name, handle in through.items()]
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)

    def _keep_schedules(self) -> None:
        """Those of a minute, and every few minutes the one that looks."""
        self.call("flow", {})
        self._relay()
        if self.seconds % (LOOKS_EVERY * MINUTE) == 0:
            self.call("upkeep", {})

    def _relay(self) -> None:
        """As its handler does, but for one pass: a real one lasts for most of a minute."""
        failed = 0
        try:
            self.office.mend(late=10_000)
        except Exception:  # noqa: BLE001 - Lambda counts it, whatever it is
            failed = 1
        self._lambda("relay", "Errors", failed)

    def _take(self) -> None:
        """What was written, and what AWS sees of the queue."""
        self.figures.take(self._written.getvalue().splitlines(), self.seconds)
        self._written.truncate(0)
        self._written.seek(0)
        seen, held, delayed = self.office.depth()
        dead = self._dead()
        queue = self._stage.physical(PERMIT_QUEUE)
        if not seen + held + delayed:
            self._touched_at = self.seconds
        # SQS does not tell the age: what nobody has taken since is at least as old.
        for name, value in (("NumberOfMessagesVisible", seen), ("AgeOfOldestMessage", self.seconds - self._touched_at)):
            self.figures.put_aws("AWS/SQS", f"Approximate{name}", ("QueueName", queue), self.seconds, value)
        visible, letters = "ApproximateNumberOfMessagesVisible", ("QueueName", f"{queue}-dlq")
        self.figures.put_aws("AWS/SQS", visible, letters, self.seconds, dead)

    def _dead(self) -> int:
        names = ["ApproximateNumberOfMessages"]
        found = self.office.sqs.get_queue_attributes(QueueUrl=self.office.dead_url, AttributeNames=names)
        return int(found["Attributes"][names[0]])


def _record(found: dict[str, Any]) -> dict[str, Any]:
    """A message as Lambda hands it over."""
    attributes = found.get("MessageAttributes", {})
    return {
        "messageId": found["MessageId"],
        "body": found["Body"],
        "eventSourceARN": QUEUE_ARN,
        "eventSource": "aws:sqs",
        "attributes": found["Attributes"],
        "messageAttributes": {
            name: {"stringValue": value["StringValue"], "dataType": "String"} for name, value in attributes.items()
        },
    }


@contextmanager
def watched(
    office: TroubledOffice, stage: Stage, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WatchedOffice]:
    """The office, whose handlers find their parts in the environment, as everywhere."""
    caller = {"TOKEN_ISSUER": functions.ISSUER, "TOKEN_CLIENT_ID": functions.CLIENT, "REQUESTS_PER_MINUTE": "1000"}
    with standing_before(endpoint) as stand_in:
        queue = f"{stand_in.address}/{office.queue_url.split('/', 3)[3]}"
        reached = {"AWS_ENDPOINT_URL": stand_in.address, "SQS_RATE_LIMITER_QUEUE_URL": queue}
        for name, value in {**office.settings, **caller, **reached}.items():
            monkeypatch.setenv(name, value)
        queues = (office.queue_url, office.dead_url)
        _empty(office, queues)  # another test may have had queues of these names
        try:
            yield WatchedOffice(office, stage, stand_in)
        finally:
            wiring.current.cache_clear()
            _empty(office, queues)


def _empty(office: TroubledOffice, queues: Iterable[str]) -> None:
    for queue in queues:
        office.sqs.purge_queue(QueueUrl=queue)
