"""The API of campaigns in this process, on a real database: what the gateway would hand over and send on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from huntaze import wiring
from huntaze.members.model import Role
from tests.integration.fans.conftest import add_member
from tests.support.campaigns import Ground
from tests.support.fake_delivery import RecordedQueue, send_without_servers
from tests.support.functions import CLAIMS, CLIENT, ISSUER, Answer, call
from tests.support.logs import forget_logger

CAMPAIGNS = "/api/crm/campaigns"
BULK = "/api/messages/bulk"
EVERYBODY: dict[str, Any] = {"include": {}, "rules": {"activeChatMinutes": 0}}


@dataclass
class Api:
    """Asks as the owner of the ground, or as somebody else of its workspace."""

    ground: Ground
    parts: wiring.Wiring
    queue: RecordedQueue

    def ask(self, method: str, path: str, body: object = None, *, role: Role = Role.OWNER, **more: Any) -> Answer:
        """One request."""
        member = self.ground.owner.member_id
        if role is not Role.OWNER:
            member = add_member(self.ground.database, self.ground.workspace_id, role)
        claims = {**CLAIMS, "sub": str(member)}
        return call("campaigns", method, path, body=body, claims=claims, **more)

    def draft(self, content: str = "Hi {name|you}", **about: Any) -> dict[str, Any]:
        """A draft to everybody, as it is shown."""
        new = {"name": "Spring", "variants": [{"content": content}], "audience": EVERYBODY, **about}
        answer = self.ask("POST", CAMPAIGNS, new)
        assert answer.status == 201, answer.body
        return dict(answer.json())

    def launch(self, draft: dict[str, Any]) -> Answer:
        """The owner launches what they see."""
        return self.ask("POST", f"{CAMPAIGNS}/{draft['id']}/launch", {"contentHash": draft["contentHash"]})

    def read(self, campaign: dict[str, Any], path: str = "", query: str = "") -> dict[str, Any]:
        """What is said of it."""
        answer = self.ask("GET", f"{CAMPAIGNS}/{campaign['id']}{path}", query=query)
        assert answer.status == 200, answer.body
        return dict(answer.json())


@contextmanager
def api_on(ground: Ground, environment: pytest.MonkeyPatch, **settings: str) -> Iterator[Api]:
    """A process with the settings of a deployment, but for Redis and the queue."""
    told = {
        "STAGE": "local",
        "DATABASE_URL": ground.database.app,
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_CLIENT_ID": CLIENT,
        "REQUESTS_PER_MINUTE": "1000000",
        "ERASURE_KEY": "a key",
        "CURSOR_KEY": "a key for tests",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        **settings,
    }
    for name, value in told.items():
        environment.setenv(name, value)
    wiring.current.cache_clear()
    parts = wiring.current()
    queue = send_without_servers(parts)
    yield Api(ground, parts, queue)
    parts.postgres.close()
    wiring.current.cache_clear()
    forget_logger()
