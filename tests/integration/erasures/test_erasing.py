"""Erasing a person: looked for everywhere afterwards, in a dump, the bucket, Redis and the logs."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import psycopg
import pytest
import redis
from moto import mock_aws
from psycopg import sql

from huntaze import wiring
from huntaze.errors import Conflict, Forbidden, NotFound
from huntaze.fans.model import Listing, Platform
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.runtime.blobs import Blobs
from huntaze.tombstones.model import Erased
from local.servers import Valkey
from tests.conftest import Database
from tests.integration.erasures import canary
from tests.support.outgoing import message_in
from tests.support.people import new_fan
from tests.support.workspaces import MAX, NOON, ZOE, Workspace, insert, inside

Connection = psycopg.Connection[Any]
BUCKET = "files-of-a-test"
AUDIT = """
SELECT bool_and(hash = audit_hash(audit_log)) AND count(*) = max(position) FROM audit_log WHERE workspace_id = %s
"""

MONEY = """
SELECT sum(amount_cents), count(*), min(occurred_at), max(occurred_at) FROM transactions WHERE workspace_id = %s
"""
TENANT_TABLES = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'workspace_id'
"""
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation, psycopg.errors.NoDataFound)
ASK = """
INSERT INTO erasures (workspace_id, id, fan_id, requested_by, requested_at)
VALUES (%(ws)s, %(id)s, %(fan)s, %(by)s, %(at)s)
"""


@pytest.fixture
def bucket() -> Iterator[Any]:
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        yield s3


@pytest.fixture
def process(parts: wiring.Wiring, bucket: Any) -> wiring.Wiring:
    """The same, with the bucket of files."""
    parts.export_files = Blobs(lambda: BUCKET, "text/csv", lambda: bucket)
    return parts


def _files(bucket: Any) -> set[str]:
    return {found["Key"] for found in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def _put(bucket: Any, key: str) -> str:
    bucket.put_object(Bucket=BUCKET, Key=key, Body=f"Display Name\n{canary.NAME}\n".encode())
    return key


def _money(superuser: Connection, workspace: Workspace) -> object:
    return superuser.execute(MONEY, [workspace.id]).fetchone()


def test_afterwards_the_person_is_nowhere(  # noqa: PLR0917  (everywhere is many places)
    process: wiring.Wiring,
    owner: Principal,
    superuser: Connection,
    database: Database,
    bucket: Any,
    valkey: Valkey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "huntaze")
    shown, merged = canary.put_everywhere(superuser, ZOE)
    process.request_limit  # noqa: B018  (what a request leaves in Redis)
    before = _money(superuser, ZOE)
    _put(bucket, f"exports/{ZOE.id}/{ZOE.of('canary')}/{new_id()}.csv")
    _put(bucket, f"imports/{ZOE.id}/{canary.WORD}.csv")
    assert len(canary.traces(canary.dump(database.superuser))) > 40, "the person is really there"

    erasure = process.erasures.erase(owner, merged)
    process.sweeping.sweep(ZOE.id, erasure.id)

    assert canary.traces(canary.dump(database.superuser)) == []
    assert _files(bucket) == set()
    cache = redis.Redis(port=valkey.port, password=valkey.password)
    assert canary.traces("\n".join(f"{key} {cache.dump(key)!r}" for key in cache.keys("*"))) == []
    assert canary.traces("\n".join(str(vars(record)) for record in caplog.records)) == []
    assert _money(superuser, ZOE) == before
    assert superuser.execute(AUDIT, [ZOE.id]).fetchone() == (True,)
    assert erasure.fan_id == shown
    assert erasure.removed == {
        "fans": 2,
        "notes": 2,
        "conversations": 2,
        "messages": 14,
        "drafts": 2,
        "platformEvents": 4,
        "paymentsKept": 2,
    }


def test_nobody_else_is_touched(process: wiring.Wiring, owner: Principal, superuser: Connection, bucket: Any) -> None:
    others = _everything(superuser, ZOE)
    canary.put_everywhere(superuser, MAX)
    shown, _ = canary.put_everywhere(superuser, ZOE)
    theirs = {
        _put(bucket, f"exports/{MAX.id}/{new_id()}/{new_id()}.csv"),
        _put(bucket, f"imports/{MAX.id}/{canary.WORD}.csv"),
    }
    before = _everything(superuser, MAX)
    erasure = process.erasures.erase(owner, shown)
    process.sweeping.sweep(ZOE.id, erasure.id)
    assert _everything(superuser, MAX) == before
    assert _files(bucket) == theirs
    # Of the same workspace nothing is missing but files and what was asked of them.
    after = _everything(superuser, ZOE)
    kept = {"exports", "imports", "audit_heads", "campaign_tallies"}  # these are folded: their sums are as they were
    assert {table for table, rows in others.items() if rows - after[table]} <= kept


def _everything(superuser: Connection, workspace: Workspace) -> dict[str, set[str]]:
    found = {}
    for (table,) in superuser.execute(TENANT_TABLES).fetchall():
        statement = sql.SQL("SELECT one::text FROM {} AS one WHERE workspace_id = %s").format(sql.Identifier(table))
        rows = superuser.execute(statement, [workspace.id])
        found[table] = {row for (row,) in rows}
    return found


def test_it_is_done_once_whoever_asks_again(
    process: wiring.Wiring, owner: Principal, superuser: Connection, bucket: Any
) -> None:
    assert bucket
    shown, merged = canary.put_everywhere(superuser, ZOE)
    first = process.erasures.erase(owner, shown)
    for fan_id in (shown, merged):
        assert process.erasures.erase(owner, fan_id) == first
    assert [one.id for one in process.erasures.page(owner, 10).items] == [first.id, ZOE.of("erasure")]
    for act in (
        lambda: process.fans.get(owner, shown),
        lambda: process.fans.restore(owner, shown),
        lambda: process.merges.merge(owner, ZOE.of("fan"), shown),
        lambda: process.dossiers.of(owner, shown),
    ):
        with pytest.raises(NotFound):
            act()
    assert shown not in [one.fan.id for one in process.fans.deleted(owner, 100).items]


def test_whoever_was_deleted_can_be_erased_too(process: wiring.Wiring, owner: Principal) -> None:
    fan = process.fans.create(owner, new_fan(name="Gone"))
    process.fans.delete(owner, fan.id)
    assert process.erasures.erase(owner, fan.id).fan_id == fan.id


def test_only_an_owner_erases_and_only_their_own(process: wiring.Wiring, owner: Principal) -> None:
    for role in (Role.MANAGER, Role.CHATTER, Role.ANALYST, Role.MACHINE):
        with pytest.raises(Forbidden):
            process.erasures.erase(replace(owner, role=role), ZOE.of("fan"))
    for strange in (MAX.of("fan"), new_id()):
        with pytest.raises(NotFound):
            process.erasures.erase(owner, strange)


def test_a_message_on_its_way_must_arrive_first(
    process: wiring.Wiring, owner: Principal, superuser: Connection
) -> None:
    with inside(superuser, ZOE):
        message_in(superuser, ZOE, "sending")
    with pytest.raises(Conflict, match="Try again in a minute"):
        process.erasures.erase(owner, ZOE.of("fan"))
    assert process.fans.get(owner, ZOE.of("fan")).name == "Robin"
    assert [one.id for one in process.erasures.page(owner, 10).items] == [ZOE.of("erasure")]


def _named(process: wiring.Wiring, owner: Principal, **about: object) -> object:
    return process.fans.create(owner, new_fan(**about))


COMING_BACK: list[dict[str, object]] = [
    {"platform_id": "Ada-1"},
    {"platform_id": "ada"},  # an import without ids takes the handle for one
    {"handle": "ADA"},
    {"email": "Ada@Example.com", "platform": Platform.FANSLY},
]


@pytest.mark.parametrize("about", COMING_BACK, ids=str)
def test_nobody_comes_back_by_being_added(process: wiring.Wiring, owner: Principal, about: dict[str, object]) -> None:
    known = {"platform_id": "ada-1", "handle": "Ada", "email": "ada@example.com"}
    fan = process.fans.create(owner, new_fan(**known))
    process.erasures.erase(owner, fan.id)
    with pytest.raises(Erased, match="erased from this workspace at their request"):
        process.fans.create(owner, new_fan(**about))
    assert process.fans.create(owner, new_fan(handle="ada", platform=Platform.FANSLY)), "a handle is of a platform"
    elsewhere = Principal(f"owner of {MAX.id}", MAX.id, MAX.of("owner"), Role.OWNER)
    assert process.fans.create(elsewhere, new_fan(**known)), "another workspace never heard of it"


def test_tombstones_tell_nothing_without_the_key(
    process: wiring.Wiring, owner: Principal, superuser: Connection
) -> None:
    fan = process.fans.create(owner, new_fan(platform_id="ada-1", email="ada@example.com"))
    process.erasures.erase(owner, fan.id)
    kept = superuser.execute("SELECT kind, hash FROM tombstones WHERE workspace_id = %s", [ZOE.id]).fetchall()
    assert sorted(kind for kind, _ in kept) == ["account", "email", "email"]
    other = wiring.Wiring({"DATABASE_URL": process.settings.database_url, "ERASURE_KEY": "another key"})
    assert other.fans.create(owner, new_fan(platform_id="ada-1"))
    other.postgres.close()


def test_files_go_also_when_the_process_died_after_the_commit(
    process: wiring.Wiring, owner: Principal, superuser: Connection, bucket: Any
) -> None:
    shown, _ = canary.put_everywhere(superuser, ZOE)
    erasure = process.erasures.erase(owner, shown)  # and here the process dies
    late = _put(bucket, f"exports/{ZOE.id}/{ZOE.of('canary')}/{new_id()}.csv")
    process.sweeping.round()
    assert late not in _files(bucket)
    assert process.erasures.page(owner, 10).items[0].state == "sweeping"
    process.clock.advance(timedelta(minutes=17))  # type: ignore[attr-defined]  # a fixed one
    later = _put(bucket, f"exports/{ZOE.id}/{ZOE.of('canary')}/{new_id()}.csv")  # whoever wrote it was slow
    process.sweeping.round()
    assert later not in _files(bucket)
    (done, _) = process.erasures.page(owner, 10).items
    assert (done.id, done.state) == (erasure.id, "done")
    assert (ZOE.id, erasure.id) not in process.sweeping._unfinished.oldest(100)  # noqa: SLF001


def test_files_of_whoever_asked_afterwards_stay(
    process: wiring.Wiring, owner: Principal, superuser: Connection, bucket: Any
) -> None:
    erasure = process.erasures.erase(owner, ZOE.of("fan"))
    asked, key = new_id(), f"imports/{ZOE.id}/{new_id()}.csv"
    with inside(superuser, ZOE):
        row = {"workspace_id": ZOE.id, "requested_by": ZOE.of("owner")}
        insert(superuser, "exports", {**row, "id": asked, "sort": "name"})
        insert(superuser, "imports", {**row, "id": new_id(), "object_key": key})
    kept = {_put(bucket, f"exports/{ZOE.id}/{asked}/{new_id()}.csv"), _put(bucket, key)}
    _put(bucket, f"exports/{ZOE.id}/nonsense")
    process.sweeping.sweep(ZOE.id, erasure.id)
    assert _files(bucket) == kept


def test_a_bucket_that_is_away_is_asked_again_later(process: wiring.Wiring, owner: Principal, bucket: Any) -> None:
    erasure = process.erasures.erase(owner, ZOE.of("fan"))
    bucket.delete_bucket(Bucket=BUCKET)
    process.sweeping.soon(ZOE.id, erasure.id)
    assert process.erasures.page(owner, 1).items[0].swept_at is None
    bucket.create_bucket(Bucket=BUCKET)
    assert process.sweeping.round() == 3  # the seeded ones of both workspaces too
    assert process.erasures.page(owner, 1).items[0].swept_at is not None


ATTEMPTS = [
    "DELETE FROM messages WHERE workspace_id = %(ws)s",
    "UPDATE fans SET erased_at = now() WHERE id = %(fan)s",
    "UPDATE erasures SET erased_at = now() WHERE workspace_id = %(ws)s",
    "DELETE FROM erasures WHERE workspace_id = %(ws)s",
    "DELETE FROM tombstones WHERE workspace_id = %(ws)s",
    "SELECT erase_person(%(erasure)s)",  # done already
    "SELECT erase_person(gen_random_uuid())",
    "SELECT forget_answers('{}', '{}')",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_application_erases_in_no_other_way(process: wiring.Wiring, owner: Principal, attempt: str) -> None:
    ids = {"ws": ZOE.id, "fan": ZOE.of("fan"), "erasure": ZOE.of("erasure")}
    with (
        pytest.raises(
            (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation, psycopg.errors.NoDataFound)
        ),
        process.postgres.transaction(ZOE.id, owner.member_id) as connection,
    ):
        connection.execute(attempt, ids)  # type: ignore[arg-type]  # a literal of the list above


@pytest.mark.parametrize("actor", ["manager", "chatter", None])
def test_the_database_itself_asks_for_an_owner_who_acts(process: wiring.Wiring, actor: str | None) -> None:
    asked = {"ws": ZOE.id, "id": new_id(), "fan": ZOE.of("fan"), "by": ZOE.of(actor or "owner"), "at": NOON}
    with process.postgres.transaction(ZOE.id, ZOE.of(actor) if actor else None) as connection:
        connection.execute(ASK, asked)
        with pytest.raises(psycopg.errors.NoDataFound), connection.transaction():
            connection.execute("SELECT erase_person(%(id)s)", asked)


def test_what_belongs_to_a_conversation_or_a_message_goes_with_it(superuser: Connection) -> None:
    """A new table that hangs on them says ON DELETE CASCADE, or erase_person must know it."""
    stay = superuser.execute("""
        SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
        WHERE contype = 'f' AND confrelid::regclass::text IN ('conversations', 'messages', 'drafts')
            AND confdeltype <> 'c' ORDER BY 1, 2
    """).fetchall()
    assert stay == [
        ("campaign_recipients", "messages"),
        ("drafts", "conversations"),
        ("messages", "conversations"),
        ("transactions", "messages"),
    ]


def test_the_log_of_what_people_did_names_nobody(
    process: wiring.Wiring, owner: Principal, superuser: Connection
) -> None:
    about = {"name": f"Ada {canary.WORD}", "handle": canary.WORD, "tags": (canary.WORD,), "platform_id": canary.WORD}
    fan = process.fans.create(owner, new_fan(**about))
    process.fans.update(owner, fan.id, {"notes": canary.WORD, "email": f"{canary.WORD}@example.com"})
    process.notes.add(owner, fan.id, canary.WORD)
    process.tags.rename(owner, canary.WORD, f"{canary.WORD}2")
    other = process.fans.create(owner, new_fan(name=canary.WORD))
    process.merges.undo(owner, process.merges.merge(owner, fan.id, other.id).merge.id)
    process.erasures.erase(owner, fan.id)
    entries = superuser.execute("SELECT action, details FROM audit_log WHERE workspace_id = %s", [ZOE.id]).fetchall()
    assert len(entries) > 8
    assert canary.traces(json.dumps(entries)) == []


def test_the_list_is_as_it_was_without_them(process: wiring.Wiring, owner: Principal) -> None:
    fan = process.fans.create(owner, new_fan())
    process.erasures.erase(owner, fan.id)
    assert [one.id for one in process.fans.page(owner, Listing(10)).fans] == [ZOE.of("fan")]
