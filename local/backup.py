"""`./dev backup FILE` and `./dev restore FILE`: the local database as one file, and back again.

In AWS Aurora keeps backups itself, and no administrator there could read all rows: row-level security binds whoever is
no superuser. What is restored there is a whole cluster (docs/operations.md).
"""

import contextlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from huntaze.migrations.runner import migrate
from local import supervision
from local.processes import StartFailed
from local.servers import POSTGRES_PROGRAMS
from local.stack import DATABASE, Servers
from local.up import FOLDER

RESTORED = f"{DATABASE}_restored"
BEFORE = f"{DATABASE}_before_restore"
TRIES = 5  # each waits five seconds for whoever is still there

_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


def backup(file: Path) -> int:
    """Write the running local database into one file, as it is at one moment; nobody waits for that."""
    dump(_running().database("postgres"), file)
    print(f"{file}: {file.stat().st_size:,} bytes. It holds everything of everybody: keep it like the database.")
    return 0


def restore(file: Path) -> int:
    """Put what is in the file in the place of the running local database, which stays beside it under another name."""
    if not file.is_file():
        raise StartFailed(f"There is no file {file}.")
    servers = _running()
    with psycopg.connect(servers.database("postgres", "postgres"), autocommit=True) as server:
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", RESTORED)
        _run(server, "CREATE DATABASE {} OWNER huntaze_admin TEMPLATE template0", RESTORED)
        load(file, servers.database("postgres", RESTORED))
        applied = migrate(servers.database("huntaze_admin", RESTORED), servers.password)
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", BEFORE)
        put_in_place(server, RESTORED, DATABASE, BEFORE)
    newer = f" Migrations that it did not have yet: {', '.join(applied)}." if applied else ""
    print(f"The database is what {file} says. What was there before is in {BEFORE}.{newer}")
    return 0


def dump(conninfo: str, file: Path) -> None:
    """Write a database into a file that is whole or not there, and that nobody else may read."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.touch(mode=0o600)
    _postgres_program("pg_dump", ["--format=custom", f"--file={unfinished}", f"--dbname={conninfo}"])
    unfinished.replace(file)


def load(file: Path, conninfo: str) -> None:
    """Read such a file into an empty database of a server that knows our roles: all of it or nothing."""
    words = ["--exit-on-error", "--single-transaction", f"--dbname={conninfo}", str(file)]
    _postgres_program("pg_restore", words)


def _postgres_program(name: str, words: Sequence[str]) -> None:
    done = subprocess.run(
        [str(POSTGRES_PROGRAMS / name), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGOPTIONS": "-c lock_timeout=30s"},
    )
    if done.returncode != 0:
        raise StartFailed(f"{name} ended with status {done.returncode}:\n{done.stderr}")


def put_in_place(server: psycopg.Connection, restored: str, current: str, before: str) -> None:
    """Change both names at once. Whoever was connected connects anew at their next request, to the restored one.

    No database is closed to everybody at any time: whoever ends this half way leaves one that can be used.
    """
    for _ in range(TRIES):
        for name in (current, restored):
            server.execute(_END_SESSIONS, [name])
        with contextlib.suppress(psycopg.errors.ObjectInUse):  # somebody came back in between
            with server.transaction():
                _run(server, "ALTER DATABASE {} RENAME TO {}", current, before)
                _run(server, "ALTER DATABASE {} RENAME TO {}", restored, current)
            return
    raise StartFailed("Somebody connects to the database again and again. Nothing has changed; try once more.")


def _run(server: psycopg.Connection, statement: LiteralString, *databases: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, databases)))


def _running() -> Servers:
    if not supervision.is_running(FOLDER):
        raise StartFailed("The local stack does not run: ./dev up")
    return Servers.read(FOLDER)
