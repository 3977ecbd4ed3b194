"""The same request many times at once under one Idempotency-Key: one effect, one answer, byte for byte."""

import json
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from bench.in_process import claims_of, functions_on
from bench.report import Row
from huntaze.migrations.runner import migrate
from local.servers import Postgres
from tests.support.functions import Context, http_event, load

AT_ONCE, TIMES = 50, 200
SUBJECT = "bench"
FANS = "/api/crm/fans"
CREATED = 201

# The first process forks the others, so that all share one copy of what they imported.
_FORKING = multiprocessing.get_context("fork")


def measure() -> list[Row]:
    """Half of the requests add a fan; half write a note, which nothing but the key keeps from being written twice."""
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder) / "postgres", "bench") as server:
        fan_id = _prepare(server)
        events = [_request(number, fan_id) for number in range(TIMES)]
        answers = _answers(server, events)
        effects = _effects(server)
    surplus = sum(abs(effects[_word(number)] - 1) for number in range(TIMES))
    differing = sum(_differing(told) for told in answers)
    asked = f"{AT_ONCE} identical POSTs at once, {TIMES} times"
    return [
        Row(f"{asked}: effects", surplus, None, "too many or few", 0),
        Row(f"{asked}: answers", differing, None, "differ", 0),
    ]


def _request(number: int, fan_id: UUID) -> dict[str, Any]:
    word = _word(number)
    if number % 2:
        path, body = FANS, {"name": word, "platform": "onlyfans", "platformId": word, "notes": "Zoë's 🎉"}
    else:
        path, body = f"{FANS}/{fan_id}/notes", {"text": word}
    return http_event("POST", path, body=body, headers={"idempotency-key": word}, claims=claims_of(SUBJECT))


def _word(number: int) -> str:
    return f"request {number}"


def _answers(server: Postgres, events: list[dict[str, Any]]) -> list[list[str]]:
    """What all processes got, request by request."""
    load("fans")
    together = _FORKING.Barrier(AT_ONCE)
    with ExitStack() as running:
        pipes = [running.enter_context(_asker(server.app_conninfo("bench"), events, together)) for _ in range(AT_ONCE)]
        got = [pipe.recv() for pipe in pipes]
    return [list(told) for told in zip(*got, strict=True)]


@contextmanager
def _asker(database_url: str, events: list[dict[str, Any]], together: Any) -> Iterator[Connection]:
    ours, its = _FORKING.Pipe()
    process = _FORKING.Process(target=_ask, args=(database_url, events, together, its), daemon=True)
    process.start()
    its.close()  # so that the end of the process is the end of the pipe
    try:
        yield ours
    finally:
        process.join()


def _ask(database_url: str, events: list[dict[str, Any]], together: Any, pipe: Connection) -> None:
    """One of many processes, each with its own connection, that wait for each other before every request."""
    answers = []
    with functions_on(database_url):
        for event in events:
            together.wait(60)
            answers.append(_told(load("fans").handler(event, Context())))
    pipe.send(answers)


def _told(answer: dict[str, Any]) -> str:
    """All of an answer but what is left of the minute's requests."""
    headers = {name: value for name, value in answer["headers"].items() if not name.startswith("RateLimit")}
    return json.dumps([answer["statusCode"], headers, answer["body"]], sort_keys=True)


def _differing(told: list[str]) -> int:
    """How many are not the one answer that says that it is done."""
    done = next((answer for answer in told if json.loads(answer)[0] == CREATED), None)
    return sum(answer != done for answer in told)


def _prepare(server: Postgres) -> UUID:
    """A workspace with one fan, whom notes are written about."""
    server.create_database("bench")
    migrate(server.admin_conninfo("bench"), server.password)
    workspace_id, fan_id = uuid4(), uuid4()
    with psycopg.connect(server.superuser_conninfo("bench")) as superuser:
        superuser.execute("INSERT INTO workspaces (id, name) VALUES (%s, 'Bench')", [workspace_id])
        superuser.execute(
            "INSERT INTO members (workspace_id, id, subject, email, role) VALUES (%s, %s, %s, 'b@bench.test', 'owner')",
            [workspace_id, uuid4(), SUBJECT],
        )
        superuser.execute(
            "INSERT INTO fans (workspace_id, id, name, platform, platform_id) VALUES (%s, %s, 'Zoë', 'onlyfans', 'z')",
            [workspace_id, fan_id],
        )
    return fan_id


def _effects(server: Postgres) -> Counter[str]:
    with psycopg.connect(server.superuser_conninfo("bench")) as superuser:
        made = superuser.execute("SELECT text FROM fan_notes UNION ALL SELECT name FROM fans").fetchall()
    return Counter(word for (word,) in made)
