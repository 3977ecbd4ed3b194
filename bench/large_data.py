"""A cluster with millions of rows for the benches, built once and kept until migrations or the generator change.

`python -m bench.large_data [NAME] [SCALE]` builds one ahead of time.
"""

import contextlib
import fcntl
import hashlib
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

import psycopg

from bench.data_sets import EVERYTHING, FANS, NOW, ROLES, DataSet, member_id, subject_of
from huntaze.migrations import runner
from local.demo.copying import copy, index, suspend_indexes
from local.demo.creator import Creator
from local.demo.crowd import Amount
from local.demo.generator import generate
from local.demo.rows import Story
from local.demo.workplace import workplace
from local.demo.workspaces import DemoWorkspace
from local.demo.writing import insert
from local.servers import Postgres

FOLDER = Path(__file__).parent.parent / "build" / "large-data"
DATABASE = "large"
SEED = 1

# wal_level and autovacuum: nothing is to be replayed, and everything is vacuumed at the end. The defaults of planning
# stay as they are.
SETTINGS = (
    "shared_buffers = '1GB'",
    "maintenance_work_mem = '1GB'",
    "max_wal_size = '8GB'",
    "checkpoint_timeout = '30min'",
    "wal_level = minimal",
    "max_wal_senders = 0",
    "autovacuum = off",
)
_SAY_EVERY = 100_000
_UNFINISHED = "unfinished-"

Say = Callable[[str], None]


@dataclass(frozen=True)
class LargeDatabase:
    """A running server with a data set, and the ways into it."""

    app: str
    admin: str
    superuser: str
    workspaces: tuple[UUID, ...]

    @property
    def workspace(self) -> UUID:
        """The large one."""
        return self.workspaces[0]


@contextmanager
def large_data(wanted: DataSet, say: Say = print) -> Iterator[LargeDatabase]:
    """Serve a data set, building it first if need be. It is shared by all runs: leave it as you found it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = f"{wanted.name}.{_fingerprint(wanted)}"
    with _alone_with(name):
        _forget_older(wanted, name)
        if not (FOLDER / name).exists():
            _build(wanted, FOLDER / name, say)
        with _serving(FOLDER / name) as server:
            yield LargeDatabase(
                server.app_conninfo(DATABASE),
                server.admin_conninfo(DATABASE),
                server.superuser_conninfo(DATABASE),
                wanted.workspaces,
            )


@contextmanager
def _alone_with(name: str, *, patient: bool = True) -> Iterator[None]:
    """One process at a time has this cluster; BlockingIOError for who does not want to wait."""
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _forget_older(wanted: DataSet, name: str) -> None:
    """Clusters of gigabytes that no run will ask for again, and what was never finished, unless somebody is at it."""
    for folder in filter(Path.is_dir, FOLDER.glob(f"*{wanted.name}.*")):
        older = folder.name.removeprefix(_UNFINISHED)
        if older != name and older.startswith(f"{wanted.name}."):
            with contextlib.suppress(BlockingIOError), _alone_with(older, patient=False):
                shutil.rmtree(folder)


def _fingerprint(wanted: DataSet) -> str:
    """Another one as soon as a migration, this file, or anything that the generator says has changed."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + repr(wanted).encode())
    for migration in sorted(runner.HERE.glob("*.sql")):
        digest.update(migration.read_bytes())
    sample = Amount(fans=200, conversations=100, messages=1000, transactions=500)
    for story in generate(_creator(wanted.workspaces[0], 0), sample, seed=SEED, now=NOW):
        digest.update(repr(list(story.rows())).encode())
    return digest.hexdigest()[:16]


def _build(wanted: DataSet, folder: Path, say: Say) -> None:
    """Build beside it and rename last: what has the name is whole."""
    unfinished, began = folder.with_name(_UNFINISHED + folder.name), time.monotonic()
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o711)
    password = unfinished / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(12))
    with _serving(unfinished) as server:
        _settle_in(server)
    with _serving(unfinished) as server:
        _fill(wanted, server, say)
    unfinished.rename(folder)
    say(f"The data set {wanted.name} is ready after {time.monotonic() - began:.0f} s")


def _serving(folder: Path) -> Postgres:
    return Postgres(folder / "data", (folder / "password").read_text(), durable=False)


def _settle_in(server: Postgres) -> None:
    """Make room in memory and keep no log that nobody will replay; these hold from the next start on."""
    with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
        for setting in SETTINGS:
            connection.execute(f"ALTER SYSTEM SET {setting}")
    server.create_database(DATABASE)
    runner.migrate(server.admin_conninfo(DATABASE), server.password)


def _fill(wanted: DataSet, server: Postgres, say: Say) -> None:
    superuser = server.superuser_conninfo(DATABASE)
    with psycopg.connect(superuser) as connection:
        for number, workspace_id in enumerate(wanted.workspaces):
            _furnish(connection, workspace_id, number)
    suspend_indexes(superuser)
    copy(superuser, _with_progress(_stories(wanted), wanted, say))
    index(superuser, say)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(%s))", [DATABASE]).fetchone()
    say(f"It takes {size and size[0]}")


def _furnish(connection: psycopg.Connection, workspace_id: UUID, number: int) -> None:
    creator = _creator(workspace_id, number)
    insert(connection, "workspaces", [{"id": workspace_id, "name": f"Creator {number}", "timezone": creator.zone}])
    insert(
        connection,
        "members",
        [
            {
                "workspace_id": workspace_id,
                "id": member_id(workspace_id, role),
                "subject": subject_of(workspace_id, role),
                "email": f"{role}@example.com",
                "role": role,
            }
            for role in ROLES
        ],
    )
    owner_id = str(member_id(workspace_id, "owner"))
    for table, rows in workplace(DemoWorkspace(creator, owner_id, Amount(fans=1)), NOW):
        insert(connection, table, rows)


def _stories(wanted: DataSet) -> Iterator[Story]:
    for number, workspace_id in enumerate(wanted.workspaces):
        amount = wanted.other if number else wanted.large
        yield from generate(_creator(workspace_id, number), amount, seed=SEED, now=NOW)


def _creator(workspace_id: UUID, number: int) -> Creator:
    return Creator(
        workspace_id=str(workspace_id),
        word=f"creator{number}",
        zone="Europe/Paris",
        subscription_cents=999,
        approvers=[str(member_id(workspace_id, role)) for role in ("chatter", "owner", "manager")],
        accounts={platform: str(uuid5(workspace_id, platform)) for platform in ("onlyfans", "fansly")},
        here_for=timedelta(days=120),
    )


def _with_progress(stories: Iterator[Story], wanted: DataSet, say: Say) -> Iterator[Story]:
    """Say every now and then how far it is; a fan costs by what happened with it, so the rest is an estimate."""
    total, began = wanted.large.fans + wanted.others * wanted.other.fans, time.monotonic()
    for number, story in enumerate(stories, 1):
        if number % _SAY_EVERY == 0:
            say(f"{number:>10,} of {total:,} fans, {time.monotonic() - began:.0f} s")
        yield story


def main(words: list[str]) -> None:
    """Build a data set ahead of the benches."""
    name, factor = (words + ["fans", "1"][len(words) :])[:2]
    wanted = {data.name: data for data in (FANS, EVERYTHING)}[name]
    with large_data(wanted if factor == "1" else wanted.scaled(float(factor))):
        print("It is there and answers.")


if __name__ == "__main__":
    main(sys.argv[1:])
