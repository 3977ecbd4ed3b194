"""`./dev bench imports`: a million rows from CSV against a bare COPY of the same rows, and against one INSERT per row.

All on one server that keeps its promises, as it waits for the disk; in tables with all their indexes. One INSERT per
row waits for the server with every row: half a millisecond away, as a function is from its database, and on loopback.
The import is measured from there.
"""

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import psycopg

from bench.distance import away
from bench.imports_data import FILE_COLUMNS, ImportedFan, copy_row, imported_fans, sheet_row
from bench.imports_worker import DiskFiles, Tickets
from bench.report import Row
from huntaze import wiring
from huntaze.fans.model import NewFan, Platform, SubscriptionStatus
from huntaze.ids import new_id
from huntaze.imports.model import Choices, Import, Policy, Status, Ticket
from huntaze.members.model import Principal, Role
from huntaze.migrations import runner
from local.demo.writing import insert
from local.servers import Postgres

ROWS, FEWER = 1_000_000, 100_000
SINGLE = 20_000  # INSERTs, one for each row: the rest is reckoned
WORKSPACE, OWNER = UUID(int=1 << 76 | 1), UUID(int=1 << 76 | 2)
WHO = Principal("owner", WORKSPACE, OWNER, Role.OWNER)

MOST_OF_A_COPY = 2.5
MOST_OF_SINGLE_INSERTS = 1 / 20
AWAY = 500  # microseconds each way: another zone of the same region
MOST_MEGABYTES = 256
AS_MUCH = 1.1

COPY = """
COPY fans (
    workspace_id, id, name, platform, platform_id, handle, email, value_cents, currency, last_seen_at, tags, metadata,
    valued_at, created_at, updated_at
) FROM STDIN
"""


@dataclass(frozen=True)
class Worked:
    """What a process of a worker was."""

    seconds: float
    megabytes: float


def measure(scale: float) -> list[Row]:
    """All figures of imports."""
    rows, fewer, single = (max(100, round(number * scale)) for number in (ROWS, FEWER, SINGLE))
    with TemporaryDirectory() as folder, _server(Path(folder)) as server:
        file = _written(Path(folder) / "fans.csv", rows)
        few = _written(Path(folder) / "few.csv", fewer)
        copied = _copied(server, Path(folder) / "rows", rows)
        near = _one_by_one(server, single, first=10 * ROWS) * rows / single
        with _away(server) as distant:
            far = _one_by_one(distant, single, first=20 * ROWS) * rows / single
            planned, committed, again = _imported(distant, "imported", file)
            few_planned, few_committed, _ = _imported(distant, "few", few)
    both = planned.seconds + committed.seconds
    peak = max(planned.megabytes, committed.megabytes)
    few_peak = max(few_planned.megabytes, few_committed.megabytes)
    return [
        Row("dry run, against a bare COPY", planned.seconds, copied, "s", MOST_OF_A_COPY),
        Row("commit, against a bare COPY", committed.seconds, copied, "s", MOST_OF_A_COPY),
        Row("both, against one INSERT per row", both, far, "s", MOST_OF_SINGLE_INSERTS),
        Row("the same, with those INSERTs on loopback", both, near, "s", MOST_OF_SINGLE_INSERTS),
        Row("peak memory of the worker", peak, None, "MB", MOST_MEGABYTES),
        Row(f"peak memory, against {fewer:,} rows", peak, few_peak, "MB", AS_MUCH),
        Row("rows that a second import changes", again, None, "rows", 0),
    ]


@contextmanager
def _server(folder: Path) -> Iterator[Postgres]:
    folder.chmod(0o711)
    with Postgres(folder / "data", secrets.token_urlsafe(12)) as server:
        yield server


@contextmanager
def _away(server: Postgres) -> Iterator[Postgres]:
    """The same server, for whoever is not on its machine."""
    with away(server.port, AWAY) as port:
        distant = copy(server)
        distant.port = port
        yield distant


def _fresh(server: Postgres, name: str) -> None:
    """A migrated database with one workspace and nobody in it."""
    server.create_database(name)
    runner.migrate(server.admin_conninfo(name), server.password)
    with psycopg.connect(server.superuser_conninfo(name)) as connection:
        insert(connection, "workspaces", [{"id": WORKSPACE, "name": "A creator", "timezone": "Europe/Paris"}])
        member = {"workspace_id": WORKSPACE, "id": OWNER, "subject": "owner", "email": "owner@example.com"}
        insert(connection, "members", [{**member, "role": "owner"}])


def _written(file: Path, rows: int) -> Path:
    with file.open("w") as out:
        out.write(",".join(FILE_COLUMNS) + "\n")
        out.writelines(map(sheet_row, imported_fans(rows)))
    return file


def _copied(server: Postgres, file: Path, rows: int) -> float:
    """Seconds of a COPY of the rows that the import makes, which lie ready as COPY takes them."""
    _fresh(server, "copied")
    with file.open("wb") as out:
        out.writelines(copy_row(fan, WORKSPACE, new_id()) for fan in imported_fans(rows))
    with psycopg.connect(server.superuser_conninfo("copied")) as connection:
        began = time.perf_counter()
        with file.open("rb") as prepared, connection.cursor().copy(COPY) as copy:
            while block := prepared.read(1 << 20):
                copy.write(block)
        connection.commit()
        return time.perf_counter() - began


def _one_by_one(server: Postgres, rows: int, *, first: int) -> float:
    """Seconds of adding fans as a request does, each in its own transaction, into the table that is full by now."""
    parts = wiring.Wiring({"DATABASE_URL": server.app_conninfo("copied")})
    fans = [_new_fan(fan) for fan in imported_fans(rows, first=first)]
    at = parts.clock.now()
    began = time.perf_counter()
    for fan in fans:
        with parts.in_workspace(WHO) as stores:
            stores.fans.add(fan, new_id(), at)
    seconds = time.perf_counter() - began
    parts.postgres.close()
    return seconds


def _imported(server: Postgres, database: str, file: Path) -> tuple[Worked, Worked, int]:
    """The dry run and the commit of a file, each in a process of its own; and how many rows a second import changes."""
    _fresh(server, database)
    parts = wiring.Wiring({"DATABASE_URL": server.app_conninfo(database)})
    parts.import_files = DiskFiles(file)  # type: ignore[assignment]
    parts.import_queue = Tickets()  # type: ignore[assignment]
    planned = _worked(server, database, file, _begun(parts, file, Policy.SKIP))
    committed = _worked(server, database, file, _committing(parts))
    if parts.imports.recent(WHO)[0].status is not Status.COMMITTED:
        raise RuntimeError("the worker has not ended")
    _worked(server, database, file, _begun(parts, file, Policy.OVERWRITE))
    _worked(server, database, file, _committing(parts))
    done = parts.imports.recent(WHO)[0].done
    parts.postgres.close()
    if not done.total:
        raise RuntimeError("the second import found nothing")
    return planned, committed, done.created + done.updated


def _begun(parts: wiring.Wiring, file: Path, policy: Policy) -> Import:
    return parts.imports.begin(WHO, file.name, file.stat().st_size, Choices(policy=policy))[0]


def _committing(parts: wiring.Wiring) -> Import:
    planned = parts.imports.recent(WHO)[0]
    if planned.plan_hash is None:
        raise RuntimeError(f"the import is {planned.status}")
    return parts.imports.commit(WHO, planned.id, planned.plan_hash)


def _worked(server: Postgres, database: str, file: Path, what: Import) -> Worked:
    orders = {"database": server.app_conninfo(database), "file": str(file), "body": Ticket(WORKSPACE, what.id).body()}
    told = subprocess.run(
        [sys.executable, "-m", "bench.imports_worker"],
        input=json.dumps(orders),
        stdout=subprocess.PIPE,  # what goes wrong is shown
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return Worked(**answer)


def _new_fan(fan: ImportedFan) -> NewFan:
    return NewFan(
        name=fan.name,
        platform=Platform.ONLYFANS,
        platform_id=fan.username,
        handle=fan.username,
        email=fan.email,
        phone=None,
        avatar=None,
        tags=(),
        subscription_status=SubscriptionStatus.UNKNOWN,
        last_seen_at=fan.last_seen_at,
        do_not_contact=False,
        notes="",
        metadata={"subscriptionTier": fan.tier},
        value_cents=fan.cents,
        currency="USD",
    )
