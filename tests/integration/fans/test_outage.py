"""PostgreSQL goes away and comes back; nobody restarts anything else."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from huntaze import wiring
from huntaze.ids import new_id
from huntaze.migrations.runner import migrate
from local.servers import Postgres
from tests.support.functions import CLIENT, ISSUER, SUBJECT, call
from tests.support.logs import forget_logger

PATH = "/api/crm/fans"
BODY = {"name": "Robin", "platform": "onlyfans", "platformId": "u1"}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    """A server of this test's own, with a workspace in it, and a process that reaches it."""
    tmp_path.chmod(0o755)
    with Postgres(tmp_path / "data", secrets.token_urlsafe(12), durable=False) as running:
        running.create_database("huntaze")
        migrate(running.admin_conninfo("huntaze"), running.password)
        _fill(running)
        settings = {"DATABASE_URL": running.app_conninfo("huntaze"), "TOKEN_ISSUER": ISSUER, "TOKEN_CLIENT_ID": CLIENT}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        wiring.current.cache_clear()
        yield running
        wiring.current().postgres.close()
        wiring.current.cache_clear()
        forget_logger()


def _fill(server: Postgres) -> None:
    workspace_id = new_id()
    with psycopg.connect(server.superuser_conninfo("huntaze"), autocommit=True) as superuser:
        superuser.execute("INSERT INTO workspaces (id, name) VALUES (%s, 'A creator')", [workspace_id])
        superuser.execute(
            "INSERT INTO members (workspace_id, id, subject, email, role) VALUES (%s, %s, %s, 'z@a.example', 'owner')",
            [workspace_id, new_id(), SUBJECT],
        )
        superuser.execute("CHECKPOINT")  # a crash of a server that is not durable forgets what is not written


def test_everybody_is_asked_to_come_back_and_then_served_as_if_nothing_was(server: Postgres) -> None:
    key = {"idempotency-key": "k1"}
    assert call("fans", "GET", PATH).json()["fans"] == []
    server.kill()
    for _ in range(2):
        for answer in (call("fans", "GET", PATH), call("fans", "POST", PATH, body=BODY, headers=key)):
            assert answer.status == 503
            assert answer.json()["code"] == "unavailable"
            assert int(answer.headers["Retry-After"]) > 0
    server.start()
    created = call("fans", "POST", PATH, body=BODY, headers=key)
    assert created.status == 201, "what failed was not kept"
    assert call("fans", "GET", PATH).json()["fans"] == [created.json()]
