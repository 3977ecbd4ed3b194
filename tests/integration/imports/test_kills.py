"""Workers that are killed: whoever goes on ends where one who was left alone does, row for row."""

import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huntaze.imports import committing, planning
from huntaze.imports.model import Import, Status
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.support.import_worker import Orders, run
from tests.support.imports import OVERWRITE, Importing, csv, everybody, rows_of
from tests.support.workspaces import MAX, ZOE

Connection = psycopg.Connection[Any]

ROWS, CHUNK = 600, 25
KILLS = {Status.PLANNING: 7, Status.COMMITTING: 7, Status.UNDOING: 6}


@pytest.fixture
def other() -> Principal:
    return Principal(f"owner of {MAX.id}", MAX.id, MAX.of("owner"), Role.OWNER)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (planning, committing):
        monkeypatch.setattr(module, "CHUNK_ROWS", CHUNK)


@dataclass
class Killing:
    """Somebody whose workers are killed, at moments that a number decides."""

    database: Database
    file: Path
    importing: Importing
    chance: random.Random
    killed: int = 0

    def through(self, of: Import) -> Import:
        """Let as many be killed as this step has to see, and one live to its end."""
        step = self.importing.now(of).status
        for _ in range(KILLS[Status.PLANNING if step is Status.UPLOADING else step]):
            assert (
                self._life(of, dies_at=self.chance.randint(1, 4), after=self.chance.random() < 0.5) == -signal.SIGKILL
            )
            self.killed += 1
        assert self._life(of, dies_at=0, after=False) == 0
        return self.importing.now(of)

    def _life(self, of: Import, *, dies_at: int, after: bool) -> int:
        workspace_id = str(self.importing.who.workspace_id)
        return run(
            Orders(self.database.app, str(self.file), workspace_id, str(of.id), CHUNK, dies_at, after_commit=after)
        )


def _rows() -> Iterator[str]:
    """New ones, known ones, ones that stand there twice, and ones that nobody understands."""
    for number in range(ROWS):
        name = "robin" if number == 300 else f"fan{number % 550}"
        yield f"{name},{name}@e.example,{'x' if number % 97 == 0 else number}"


@pytest.mark.parametrize("seed", [8])
def test_twenty_kills_change_nothing(  # noqa: PLR0917  (two workspaces, and what they are compared by)
    importing: Importing,
    other: Principal,
    superuser: Connection,
    database: Database,
    tmp_path: Path,
    small_chunks: None,  # noqa: ARG001
    seed: int,
) -> None:
    text = csv("Username,Email,Total Spent", *_rows())
    file = tmp_path / "fans.csv"
    file.write_text(text)
    killing = Killing(database, file, importing, random.Random(seed))  # noqa: S311  (moments, not secrets)
    seen = everybody(superuser, ZOE.id)

    begun = importing.uploaded(text, **OVERWRITE)
    planned = killing.through(begun)
    assert planned.status is Status.PLANNED
    assert planned.plan_hash is not None
    importing.parts.imports.commit(importing.who, begun.id, planned.plan_hash)
    done = killing.through(begun)

    alone = Importing(importing.parts, other)
    calm = alone.committed(text, **OVERWRITE)
    assert (planned.planned, done.done) == (calm.planned, calm.done)
    assert everybody(superuser, ZOE.id) == everybody(superuser, MAX.id)
    assert rows_of(superuser, ZOE.id, done) == rows_of(superuser, MAX.id, calm)

    importing.parts.imports.undo(importing.who, begun.id)
    undone = killing.through(begun)
    assert undone.undone == alone.undo(calm).undone
    assert undone.status is Status.UNDONE
    assert everybody(superuser, ZOE.id) == seen == everybody(superuser, MAX.id)
    assert killing.killed == 20
