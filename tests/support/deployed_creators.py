"""Creators of a test's own on the deployed stack, connected to the simulated platform by the product's use case."""

from typing import Any
from uuid import UUID

import psycopg

from huntaze import wiring
from huntaze.connections.model import Asked
from huntaze.connections.notice import notice
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Queued, ToFan, Words, Written
from huntaze.runtime.keys import Keys
from huntaze.runtime.queues import Queues
from local.local_aws import client
from local.simulator.client import Client
from local.simulator.tokens import token_of
from tests.support.deployed import Deployed
from tests.support.post_office import FAN, PLATFORM, Creator

WORKSPACE = """
INSERT INTO workspaces (id, name) VALUES (%(workspace)s, 'A creator of the tests');
INSERT INTO members (workspace_id, id, subject, email, role)
VALUES (%(workspace)s, %(owner)s, %(subject)s, 'owner@example.com', 'owner')
"""
SCALED = (
    "UPDATE platform_connections SET pace_messages = %(messages)s, pace_seconds = %(seconds)s WHERE id = %(account)s"
)


class DeployedCreators:
    """Makes creators and lets messages out in their names, in this process; the deployed functions do the rest."""

    def __init__(self, deployed: Deployed) -> None:
        servers = deployed.servers
        self._superuser = servers.database("postgres")
        self._bridge = servers.platform
        self.platform = Client(servers.platform)
        self.parts = wiring.Wiring(
            {
                "STAGE": "local",
                "DATABASE_URL": servers.database(),
                "REDIS_ENDPOINT": servers.redis_endpoint,
                "REDIS_AUTH_TOKEN": servers.password,
                "SQS_RATE_LIMITER_QUEUE_URL": deployed.description["queueUrl"],
                "SQS_RATE_LIMITER_DLQ_URL": deployed.description["dlqUrl"],
                "PUBLIC_URL": servers.url,
                "ERASURE_KEY": servers.password,
            }
        )
        self.parts.queues = self.parts.permit_queues = Queues(lambda: client("sqs", servers.aws_endpoint))
        key = deployed.outputs["ConnectionKeyArn"]
        self.parts.keys = Keys(lambda: key, lambda: client("kms", servers.aws_endpoint))

    def creator(
        self, subject: str | None = None, *, messages: int = 10, seconds: int = 60, fans: int = 1, find: bool = True
    ) -> Creator:
        """Somebody with a connected account and fans; `subject` lets a person of the user pool be its owner.

        Without `find` the platform cannot be asked whether it has a message.
        """
        workspace_id, owner_id = new_id(), new_id()
        owner = Principal(subject or f"subject {owner_id}", workspace_id, owner_id, Role.OWNER)
        user_id = f"user-{workspace_id}"
        token = token_of(PLATFORM, user_id)
        self.platform.make_account(user_id, platform=PLATFORM, token=token, find=find)
        self.run(WORKSPACE, workspace=workspace_id, owner=owner_id, subject=owner.subject)
        asked = Asked(Platform.ONLYFANS, self._bridge, token)
        account_id = self.parts.connecting.connect(owner, asked, notice().version).connection.id
        self.run(SCALED, account=account_id, messages=messages, seconds=seconds)
        creator = Creator(workspace_id, account_id, user_id, owner)
        for number in range(fans):
            fan_id = new_id()
            self.run(FAN, workspace=workspace_id, id=fan_id, name=f"Fan {number}", platform_id=f"on-{fan_id}")
            creator.fans.append(fan_id)
        return creator

    def send(self, creator: Creator, text: str, *, fan: int = 0, priority: int = 5) -> Queued:
        """A person lets something out."""
        return self.parts.messages.send(creator.owner, ToFan(creator.fans[fan]), Written(Words(text=text), priority))

    def waiting(self, workspace_id: UUID) -> int:
        """How many messages have not come to an end; a platform that can be asked will tell of the unknown ones."""
        [(count,)] = self.run(
            "SELECT count(*) FROM messages WHERE workspace_id = %(ws)s AND status IN ('queued', 'sending', 'unknown')",
            ws=workspace_id,
        )
        return int(count)

    def run(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """One or more statements of somebody who may do everything."""
        with psycopg.connect(self._superuser) as connection, psycopg.ClientCursor(connection) as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Give the connections back."""
        self.parts.postgres.close()
        self.parts.redis.close()
