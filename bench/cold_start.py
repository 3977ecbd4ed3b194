"""Import, construct and first request of each function, beside the same route on FastAPI and Mangum."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psycopg

from bench.layers import built_layers
from bench.report import Row
from bench.rival_packages import install_rivals
from huntaze.migrations.runner import migrate
from local.servers import Postgres

ROOT = Path(__file__).parent.parent
RIVALS = ROOT / "bench" / "rivals"
RUNS = 15
GOAL = 0.8
WORKSPACE = uuid.UUID("01900000-0000-7000-8000-000000000001")
CLIENT, ISSUER, SUBJECT = "bench-client", "https://issuer.invalid/pool", "bench-subject"

# function, its route, and the rival that serves the same
PAIRS = (
    ("fans", "/api/crm/fans", "fans_on_fastapi"),
    ("public", "/api/openapi.json", "openapi_on_fastapi"),
)


def measure() -> list[Row]:
    """Pairs of cold starts in turn, so that both meet the same moods of the machine."""
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder) / "postgres", "bench", durable=False) as server:
        _prepare(server)
        rivals = [RIVALS, install_rivals()]
        rows = []
        for function, path, rival in PAIRS:
            event = Path(folder) / f"{function}.json"
            event.write_text(json.dumps(_event(path)))
            start = partial(_cold_start, event, _environment(server))
            rows.append(_compare(function, partial(start, "handler", _ours(function)), partial(start, rival, rivals)))
        return rows


def _compare(function: str, start_ours: Callable[[], float], start_theirs: Callable[[], float]) -> Row:
    pairs = [(start_ours(), start_theirs()) for _ in range(RUNS)]
    ours, theirs = zip(*pairs, strict=True)
    return Row(f"{function}: first answer of a fresh process", _median(ours), _median(theirs), "ms", GOAL)


def _cold_start(event: Path, environment: dict[str, str], module: str, folders: list[Path]) -> float:
    command = [sys.executable, "-I", "-S", str(ROOT / "bench" / "first_request.py"), module, str(event)]
    ended = subprocess.run([*command, *map(str, folders)], env=environment, check=True, capture_output=True, text=True)
    return float(json.loads(ended.stdout.splitlines()[-1])["milliseconds"])


def _ours(function: str) -> list[Path]:
    return [ROOT / "functions" / function, *built_layers()]


def _median(values: Sequence[float]) -> float:
    return statistics.median(values[1:])  # the first of each only warms the page cache


def _prepare(server: Postgres) -> None:
    server.create_database("bench")
    migrate(server.admin_conninfo("bench"), server.password)
    with psycopg.connect(server.app_conninfo("bench")) as connection, connection.transaction():
        connection.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(WORKSPACE)])
        connection.execute("INSERT INTO workspaces (id, name) VALUES (%s, 'Bench')", [WORKSPACE])
        connection.execute(
            "INSERT INTO members (workspace_id, id, subject, email, role) VALUES (%s, %s, %s, 'b@bench.test', 'owner')",
            [WORKSPACE, uuid.uuid4(), SUBJECT],
        )
        connection.execute(
            "INSERT INTO fans (workspace_id, id, name, platform, platform_id)"
            " SELECT %s, gen_random_uuid(), 'Fan ' || n, 'onlyfans', n::text FROM generate_series(1, 50) n",
            [WORKSPACE],
        )


def _environment(server: Postgres) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "STAGE": "bench",
        "AWS_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "DATABASE_URL": server.app_conninfo("bench"),
        "REDIS_ENDPOINT": "redis://127.0.0.1:6379",
        "REDIS_AUTH_TOKEN": "unused",
        "SQS_RATE_LIMITER_QUEUE_URL": "https://sqs.invalid/queue",
        "SQS_RATE_LIMITER_DLQ_URL": "https://sqs.invalid/dlq",
        "RATE_LIMITER_ENABLED": "true",
        "ONLYFANS_CRM_ENABLED": "true",
        "CLOUDWATCH_NAMESPACE": "Huntaze/OnlyFans",
        "LOG_LEVEL": "INFO",
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_CLIENT_ID": CLIENT,
    }


def _event(path: str) -> dict[str, object]:
    claims = {
        "sub": SUBJECT, "iss": ISSUER, "client_id": CLIENT, "token_use": "access",
        "exp": "4102444800", "iat": "1700000000",
    }  # fmt: skip
    return {
        "version": "2.0",
        "routeKey": f"GET {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "api.invalid", "accept": "application/json"},
        "requestContext": {
            "stage": "$default",
            "requestId": "bench",
            "timeEpoch": 1_700_000_000_000,
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "b"},
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
        "isBase64Encoded": False,
    }
