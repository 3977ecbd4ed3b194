"""A small Huntaze that really sends: PostgreSQL, Valkey, a local AWS, and the simulated platform."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import boto3

from huntaze import wiring
from huntaze.errors import NotFound
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Queued, ToFan, Words, Written
from huntaze.platforms.model import Credentials, Door
from local.servers import Valkey
from local.simulator.process import Simulator
from local.simulator.tokens import token_of
from tests.conftest import Database

PLATFORM = "onlyfans"
QUEUE = "huntaze-rate-limiter-queue"
QUEUE_ARN = f"arn:aws:sqs:us-east-1:000000000000:{QUEUE}"
AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}

# All that an account needs to send, as a person who connects it would leave it behind.
SEEDS = (
    "INSERT INTO workspaces (id, name) VALUES (%(workspace)s, 'Zoe')",
    """
INSERT INTO members (workspace_id, id, subject, email, role)
VALUES (%(workspace)s, %(owner)s, %(subject)s, 'zoe@example.com', 'owner')
""",
    """
INSERT INTO platform_connections (
    workspace_id, id, platform, platform_user_id, bridge_url, consent_by, consent_at, consent_notice, pace_messages,
    pace_seconds
) VALUES (
    %(workspace)s, %(account)s, %(platform)s, %(user_id)s, %(bridge)s, %(owner)s, now(), '1', %(messages)s, %(seconds)s
)
""",
)
FAN = """
INSERT INTO fans (workspace_id, id, name, platform, platform_id)
VALUES (%(workspace)s, %(id)s, %(name)s, 'onlyfans', %(platform_id)s)
"""


@dataclass(frozen=True)
class Doors:
    """Doors of accounts whose token everybody knows."""

    parts: wiring.Wiring

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        with self.parts.postgres.transaction(workspace_id) as connection:
            row = connection.execute(
                "SELECT platform, platform_user_id, bridge_url, signed_in_at FROM platform_connections"
                " WHERE workspace_id = %s AND id = %s AND status <> 'revoked'",
                [workspace_id, connection_id],
            ).fetchone()
        if row is None:
            raise NotFound
        token = token_of(row["platform"], row["platform_user_id"])
        return Door(row["platform"], row["bridge_url"], Credentials(token, "whsec_unused"), row["signed_in_at"])


@dataclass(frozen=True)
class Creator:
    """A workspace with one account."""

    workspace_id: UUID
    account_id: UUID
    user_id: str
    owner: Principal
    fans: list[UUID] = field(default_factory=list)


def environment(database: Database, valkey: Valkey, queue_url: str, endpoint: str) -> dict[str, str]:
    """What a worker of this post office finds in its environment."""
    return {
        "STAGE": "local",
        "DATABASE_URL": database.app,
        "REDIS_ENDPOINT": f"redis://127.0.0.1:{valkey.port}",
        "REDIS_AUTH_TOKEN": valkey.password,
        "SQS_RATE_LIMITER_QUEUE_URL": queue_url,
        "SQS_RATE_LIMITER_DLQ_URL": f"{queue_url}-dlq",
        "ERASURE_KEY": "a key",
        "AWS_ENDPOINT_URL": endpoint,
        **AWS,
    }


def parts_of(settings: Mapping[str, str]) -> wiring.Wiring:
    """A process of this post office."""
    parts = wiring.Wiring(settings)
    parts.doors = Doors(parts)  # type: ignore[assignment]  # it can be asked the same
    return parts


class Worker:
    """Serves the queue as Lambda's event source does: ten at a time, deleting what was not given back."""

    def __init__(self, parts: wiring.Wiring, sqs: Any, queue_url: str) -> None:
        self._parts = parts
        self._sqs = sqs
        self._queue_url = queue_url

    def through(self, parts: wiring.Wiring) -> "Worker":
        """The same queue, served by another process."""
        return Worker(parts, self._sqs, self._queue_url)

    def turn(self, *, wait_seconds: int = 0) -> int:
        """One batch; how many messages it had."""
        found = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=wait_seconds,
            MessageAttributeNames=["All"],
            AttributeNames=["All"],
        ).get("Messages", [])
        if not found:
            return 0
        messages = [_Record(each) for each in found]
        failed = self._parts.consumer(QUEUE_ARN).receive(messages, time.monotonic() + 27)
        for message in messages:
            if message.id not in failed:
                with suppress(self._sqs.exceptions.ReceiptHandleIsInvalid):  # it has been brought again meanwhile
                    self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message.handle)
        return len(found)


class _Record:
    def __init__(self, found: Mapping[str, Any]) -> None:
        self.id: str = found["MessageId"]
        self.body: str = found["Body"]
        self.handle: str = found["ReceiptHandle"]
        self.attributes = {name: value["StringValue"] for name, value in found.get("MessageAttributes", {}).items()}


class PostOffice:
    """The servers together, and one process that people and permits use."""

    def __init__(self, database: Database, valkey: Valkey, simulator: Simulator, endpoint: str) -> None:
        self.database = database
        self.simulator = simulator
        self.platform = simulator.client()
        self.bridge_address = simulator.address
        self.sqs = boto3.client("sqs", endpoint_url=endpoint, region_name="us-east-1")
        self.queue_url: str = self.sqs.create_queue(QueueName=f"{QUEUE}-{database.name}")["QueueUrl"]
        self.settings = environment(database, valkey, self.queue_url, endpoint)
        self.parts = parts_of(self.settings)
        self.parts.queues = self.parts.permit_queues = _queues(self.sqs)
        self.worker = Worker(self.parts, self.sqs, self.queue_url)

    def creator(self, *, messages: int = 10, seconds: int = 2, fans: int = 1, find: bool = True) -> Creator:
        """Somebody with an account that the simulated platform knows, and fans."""
        workspace_id, account_id, owner_id = new_id(), new_id(), new_id()
        user_id = f"user-{account_id}"
        self.platform.make_account(user_id, platform=PLATFORM, token=token_of(PLATFORM, user_id), find=find)
        owner = Principal(f"subject-{owner_id}", workspace_id, owner_id, Role.OWNER)
        creator = Creator(workspace_id, account_id, user_id, owner)
        seed = {
            "workspace": workspace_id,
            "owner": owner_id,
            "subject": owner.subject,
            "account": account_id,
            "platform": PLATFORM,
            "user_id": user_id,
            "bridge": self.bridge_address,
            "messages": messages,
            "seconds": seconds,
        }
        for statement in SEEDS:
            self.run(statement, **seed)
        for number in range(fans):
            self.fan(creator, f"Fan {number}")
        return creator

    def fan(self, creator: Creator, name: str) -> UUID:
        """One more fan."""
        fan_id = new_id()
        row = {"workspace": creator.workspace_id, "id": fan_id, "name": name, "platform_id": f"on-{fan_id}"}
        self.run(FAN, **row)
        creator.fans.append(fan_id)
        return fan_id

    def send(self, creator: Creator, text: str, *, fan: int = 0, priority: int = 5) -> Queued:
        """A person lets something out."""
        return self.parts.messages.send(creator.owner, ToFan(creator.fans[fan]), Written(Words(text=text), priority))

    def work(self, *, seconds: float = 20, done: Any = None) -> None:
        """Serve the queue until this is so, or for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not (done and done()):
            if not self.worker.turn():
                time.sleep(0.05)

    def statuses(self, creator: Creator) -> dict[str, int]:
        """How many of the creator's messages are in which state."""
        rows = self.run(
            "SELECT status, count(*) FROM messages WHERE workspace_id = %(ws)s GROUP BY status", ws=creator.workspace_id
        )
        return dict(rows)

    def run(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """One statement of somebody who may do everything."""
        return self.database.run(statement, **parameters)

    def account_of(self, creator: Creator) -> str:
        """The account's name on the simulated platform."""
        return creator.user_id

    def close(self) -> None:
        """Give the connections back."""
        self.parts.postgres.close()
        self.parts.redis.close()


def _queues(sqs: Any) -> Any:
    from huntaze.runtime.queues import Queues  # noqa: PLC0415  (only here)

    return Queues(lambda: sqs)
