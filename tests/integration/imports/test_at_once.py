"""Two imports at once into one workspace: they neither wait for each other for ever nor make one fan twice."""

import threading
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.imports import committing, planning
from huntaze.imports.model import Import, Status, Ticket
from huntaze.members.model import Principal
from tests.conftest import Database
from tests.support.imports import OVERWRITE, PLENTY, Importing, csv, fans_of
from tests.support.workspaces import ZOE

Connection = psycopg.Connection[Any]
ROWS = 400
TWICE = """
SELECT handle_key FROM fans WHERE workspace_id = %s AND handle_key IS NOT NULL GROUP BY handle_key HAVING count(*) > 1
"""


def test_two_files_of_the_same_people_at_once(
    importing: Importing, superuser: Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (planning, committing):
        monkeypatch.setattr(module, "CHUNK_ROWS", 20)
    importing.committed(csv("Username,Email", *(f"fan{number},old@e.example" for number in range(0, ROWS, 3))))
    up = csv("Username,Email", *(f"fan{number},up{number}@e.example" for number in range(ROWS)))
    # The other one has numbers, knows half of the usernames, and goes the other way round.
    down = csv(
        "User ID,Username,Email",
        *(
            f"{number + 1000},{f'Fan{number}'},down{number}@e.example"
            for number in reversed(range(ROWS // 2, ROWS + 50))
        ),
    )
    files = [importing.uploaded(text, **OVERWRITE) for text in (up, down)]
    importing.tickets.waiting.clear()

    _both(importing, database, files)
    assert {importing.now(file).status for file in files} == {Status.PLANNED}
    for file in files:
        plan_hash = importing.now(file).plan_hash
        assert plan_hash is not None
        importing.parts.imports.commit(importing.who, file.id, plan_hash)
    importing.tickets.waiting.clear()
    _both(importing, database, files)

    done = [importing.now(file) for file in files]
    assert {one.status for one in done} == {Status.COMMITTED}
    assert superuser.execute(TWICE, [ZOE.id]).fetchall() == []
    assert len([fan for fan in fans_of(superuser, ZOE) if fan["handle_key"]]) == ROWS + 50
    for one in done:
        assert one.done.total == one.done.created + one.done.updated + one.done.skipped == one.planned.total
    new = {fan["platform_id"] for fan in fans_of(superuser, ZOE) if fan["created_at"] > done[0].created_at}
    assert len(new) <= sum(one.done.created for one in done)


def _both(importing: Importing, database: Database, files: list[Import]) -> None:
    """A worker for each, in a process's own parts, at the same time."""
    failed: list[BaseException] = []

    def work(file: Import, who: Principal) -> None:
        parts = wiring.Wiring({"DATABASE_URL": database.app, "ERASURE_KEY": "a key for tests"})
        mine = Importing(parts, who)
        mine.files.kept = importing.files.kept
        try:
            parts.import_worker.receive(Ticket(who.workspace_id, file.id).body(), lambda: PLENTY)
        except BaseException as error:  # noqa: BLE001  (whoever waits for the thread is told)
            failed.append(error)
        finally:
            parts.postgres.close()

    threads = [threading.Thread(target=work, args=(file, importing.who)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
