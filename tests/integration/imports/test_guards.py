"""What the database itself refuses, who is never brought back, and what is seen to when nobody works."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from huntaze.errors import Conflict
from huntaze.ids import new_id
from huntaze.imports import planning, rejected
from huntaze.imports.model import Action, Choices, Policy, Status, Ticket
from huntaze.imports.tending import ABANDONED_AFTER
from tests.conftest import Database
from tests.support.imports import OVERWRITE, Importing, csv, fans_of
from tests.support.workspaces import ZOE, inside

Connection = psycopg.Connection[Any]
FILE = csv("Username,Email", "ada,a@e.example", "robin,r@e.example", "berta,nonsense")
HANGS_ON = """
SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = 'fans'::regclass
"""

ATTEMPTS = [
    "UPDATE import_rows SET action = 'skip', reason = 'known' WHERE import_id = %(id)s",
    "UPDATE import_rows SET name = 'Somebody else' WHERE import_id = %(id)s",
    "UPDATE import_rows SET fan_id = gen_random_uuid() WHERE import_id = %(id)s",
    "UPDATE import_rows SET cells = '[\"other\"]' WHERE import_id = %(id)s AND action = 'reject'",
    "DELETE FROM import_rows WHERE import_id = %(id)s",
    """
    INSERT INTO import_rows (workspace_id, import_id, plan, number, action, reason)
    VALUES (current_workspace(), %(id)s, 1, 9, 'skip', 'known')
    """,
    "UPDATE imports SET plan_hash = sha256('other') WHERE id = %(id)s",
    "UPDATE imports SET planned = '{}' WHERE id = %(id)s",
    "UPDATE imports SET status = 'committed', committed_at = now() WHERE id = %(id)s",
    "UPDATE imports SET status = 'planning' WHERE id = %(id)s",
    "UPDATE imports SET status = 'undoing' WHERE id = %(id)s",
    "UPDATE imports SET policy = 'skip' WHERE id = %(id)s",
    "DELETE FROM imports WHERE id = %(id)s",
    "SELECT undo_import_rows(%(id)s, 0, 10)",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_plan_cannot_be_changed(importing: Importing, database: Database, attempt: str) -> None:
    planned = importing.planned(FILE, **OVERWRITE)
    with psycopg.connect(database.app) as app, pytest.raises(psycopg.Error) as refused, inside(app, ZOE):
        app.execute(attempt, {"id": planned.id})  # type: ignore[arg-type]  # one of those above
    assert refused.value.sqlstate in {"23514", "42501", "55000"}
    assert importing.now(planned) == planned


def test_rows_are_forgotten_only_when_nobody_needs_them(importing: Importing, database: Database) -> None:
    done = importing.committed(FILE)
    with psycopg.connect(database.app, autocommit=True) as app, inside(app, ZOE):
        assert app.execute("SELECT forget_import_rows(%s, 100)", [done.id]).fetchone() == (0,)


def test_every_table_that_fans_hang_on_keeps_a_fan_from_being_removed(superuser: Connection) -> None:
    hangs_on = superuser.execute(HANGS_ON).fetchall()
    asked = superuser.execute("SELECT pg_get_functiondef('stands_alone(uuid)'::regprocedure)").fetchone()
    assert asked is not None
    assert {table for (table,) in hangs_on if f" {table}" not in asked[0]} == set()


def test_who_was_erased_does_not_come_back(importing: Importing, superuser: Connection) -> None:
    importing.committed(csv("User ID,Username,Email", "77,ada,ada@example.com"))
    planned = importing.planned(csv("Username,Email", "ADA,x@e.example", "eve,ada@example.com", "free,f@e.example"))
    ids = {fan["handle"]: fan["id"] for fan in fans_of(superuser, ZOE)}
    importing.parts.erasures.erase(importing.who, ids["ada"])
    done = importing.commit(planned)
    assert (done.done.created, done.done.reasons.get("since_gone", 0)) == (1, 0), "her rows went with her"
    later = importing.planned(csv("Username,Email", "ada,", "eve,ADA@example.com", "fresh,"), **OVERWRITE)
    assert later.planned.reasons == {"erased": 2}
    assert {"ada", "eve"}.isdisjoint(fan["handle_key"] for fan in fans_of(superuser, ZOE))


def test_who_is_erased_after_the_plan_is_left_out_and_the_rest_is_done(
    importing: Importing, superuser: Connection
) -> None:
    planned = importing.planned(csv("Username,Email", "ada,a@e.example", "berta,b@e.example", "carla,"))
    names = {"platform": "onlyfans", "platform_id": "berta", "handle": None, "email": None}
    kept = importing.parts.tombstones.of(ZOE.id, [importing.identity(**names)])
    with importing.parts.in_workspace(importing.who) as stores:
        stores.tombstones.keep(ZOE.of("erasure"), kept)
    done = importing.commit(planned)
    assert (done.done.created, done.done.skipped, done.done.reasons) == (2, 1, {"since_gone": 1})
    assert "berta" not in {fan["handle"] for fan in fans_of(superuser, ZOE)}


def test_a_file_that_is_not_planned_yet_is_gone_when_somebody_is_erased(
    importing: Importing, superuser: Connection
) -> None:
    begun = importing.uploaded(FILE)
    planned = importing.parts.imports.recent(importing.who)
    importing.parts.erasures.erase(importing.who, ZOE.of("fan"))
    importing.work()
    assert (importing.now(begun).status, importing.now(begun).error) == (Status.FAILED, "gone")
    assert len(planned) == 2
    with pytest.raises(Conflict, match="not there any more"):
        importing.parts.imports.plan(importing.who, begun.id, Choices())
    assert superuser.execute("SELECT count(*) FROM import_rows WHERE cells IS NOT NULL").fetchone() == (0,)


def test_whoever_runs_out_of_time_puts_a_ticket_and_another_goes_on(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK_ROWS", 10)
    begun = importing.uploaded(csv("Username", *(f"fan{number}" for number in range(35))))
    ticket = importing.tickets.waiting.pop()
    for reached in (10, 20, 30):
        importing.parts.import_worker.receive(ticket.body(), lambda: 1.0)
        assert importing.tickets.waiting.pop() == ticket
        now = importing.now(begun)
        assert (now.status, now.last_row) == (Status.PLANNING, reached)
        assert 0 < now.progress <= 1
    importing.parts.import_worker.receive(ticket.body(), lambda: 1000.0)
    assert importing.now(begun).planned.created == 35


def test_no_plan_is_made_of_halves_of_two_files(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "CHUNK_ROWS", 10)
    begun = importing.uploaded(csv("Username", *(f"fan{number}" for number in range(35))))
    ticket = importing.tickets.waiting.pop()
    importing.parts.import_worker.receive(ticket.body(), lambda: 1.0)
    importing.files.put(ticket.key, csv("Username", *(f"other{number}" for number in range(35))).encode())
    importing.parts.import_worker.receive(ticket.body(), lambda: 1000.0)
    assert (importing.now(begun).status, importing.now(begun).error) == (Status.FAILED, "replaced")

    importing.parts.imports.plan(importing.who, begun.id, Choices())
    importing.work()
    assert importing.now(begun).planned.created == 35
    (first, *_) = importing.parts.imports.rows(importing.who, begun.id)
    assert first.name == "other0"


def test_what_was_looked_at_before_files_were_told_apart_is_read_and_can_be_planned_again(
    importing: Importing, superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK_ROWS", 10)
    begun = importing.uploaded(csv("Username", *(f"fan{number}" for number in range(35))))
    ticket = importing.tickets.waiting.pop()
    importing.parts.import_worker.receive(ticket.body(), lambda: 1.0)
    superuser.execute("UPDATE imports SET layout = layout - 'version' WHERE id = %s", [begun.id])
    superuser.commit()
    assert begun.id in {one.id for one in importing.parts.imports.recent(importing.who)}
    importing.parts.import_worker.receive(ticket.body(), lambda: 1000.0)
    assert (importing.now(begun).status, importing.now(begun).error) == (Status.FAILED, "replaced")
    importing.parts.imports.plan(importing.who, begun.id, Choices())
    importing.work()
    assert importing.now(begun).planned.created == 35


def test_whose_worker_died_is_told_again_and_whose_file_never_came_ends(importing: Importing) -> None:
    importing.parts.imports.begin(importing.who, "never.csv", 5, Choices())
    (never, *_) = importing.parts.imports.recent(importing.who)
    importing.parts.clock.advance(timedelta(minutes=3))  # type: ignore[attr-defined]  # a fixed one
    importing.parts.import_tending.round()
    assert Ticket(ZOE.id, never.id) in importing.tickets.waiting
    assert Ticket(ZOE.id, ZOE.of("import")) in importing.tickets.waiting, "it stands there as being planned"
    importing.tickets.waiting.clear()
    importing.parts.clock.advance(ABANDONED_AFTER)  # type: ignore[attr-defined]  # the same
    importing.parts.import_tending.round()
    assert (importing.now(never).status, importing.now(never).error) == (Status.FAILED, "gone")


def test_after_its_time_neither_rows_nor_files_are_kept(importing: Importing, superuser: Connection) -> None:
    done = importing.committed(FILE)
    importing.parts.clock.advance(timedelta(days=29))  # type: ignore[attr-defined]  # a fixed one
    importing.parts.import_tending.round()
    assert importing.files.kept
    importing.parts.clock.advance(timedelta(days=1, minutes=1))  # type: ignore[attr-defined]  # the same
    with pytest.raises(Conflict, match="30 days"):
        importing.parts.imports.undo(importing.who, done.id)
    with inside(superuser, ZOE):
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(
            "UPDATE imports SET committed_at = committed_at - interval '31 days' WHERE id = %s", [done.id]
        )
    importing.parts.import_tending.round()
    assert importing.files.kept == {}
    assert superuser.execute("SELECT count(*) FROM import_rows WHERE import_id = %s", [done.id]).fetchone() == (0,)
    assert importing.now(done).object_key is None
    assert importing.now(done).done == done.done


def test_many_rejected_rows_are_a_file(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejected, "MOST_BYTES_AT_ONCE", 10)
    planned = importing.planned(csv("Username,Email", "ada,=HYPERLINK(1)", "berta,nonsense"))
    link = importing.parts.imports.rejected(importing.who, planned.id).link
    assert planned.rejected_key is not None
    assert link is not None
    assert planned.rejected_key in link
    text = importing.files.kept[planned.rejected_key].decode("utf-8-sig")
    assert text.splitlines()[0] == "Import row,Import column,Import problem,Username,Email"
    assert text.splitlines()[1].endswith("ada,'=HYPERLINK(1)")
    mended = text.replace("'=HYPERLINK(1)", "ada@e.example")
    again = importing.planned(mended)
    assert (again.planned.created, again.planned.rejected) == (1, 1)
    rows = importing.parts.imports.rows(importing.who, again.id, Action.REJECT)
    assert [row.reason for row in rows] == ["bad_email"]


def test_the_bucket_tells_of_a_file_by_its_name(importing: Importing) -> None:
    begun = importing.uploaded(FILE, policy=Policy.FILL)
    ticket = importing.tickets.waiting.pop()
    told = f'{{"Records": [{{"s3": {{"object": {{"key": "{ticket.key}"}}}}}}]}}'
    ours = told.replace("file.csv", "rejected-1.csv")
    for body in (ours, '{"Event": "s3:TestEvent"}', told.replace(str(ticket.import_id), str(new_id()))):
        importing.parts.import_worker.receive(body, lambda: 1000.0)
        assert importing.now(begun).status is Status.UPLOADING
    importing.parts.import_worker.receive(told, lambda: 1000.0)
    assert importing.now(begun).status is Status.PLANNED
