"""An export through all of the real parts but the bucket."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from huntaze.exports import writing
from huntaze.exports.model import Status, Ticket
from huntaze.fans.model import Filters, Sort
from huntaze.members.model import Principal, Role
from huntaze.wiring import Wiring
from tests.conftest import Database
from tests.support.export_fakes import FakeExportQueue, FakeFiles
from tests.support.workspaces import ZOE, seed_two_workspaces

MANY = 2_500
FILL = """
INSERT INTO fans (workspace_id, id, name, platform, tags, value_cents)
SELECT workspaces.id, gen_random_uuid(), 'Fan ' || number, 'onlyfans', '["many"]', number %% 700
FROM workspaces, generate_series(1, %s) AS number
"""


@pytest.fixture
def parts(database: Database) -> Iterator[Wiring]:
    seed_two_workspaces(database.hand.connection)
    with psycopg.connect(database.superuser) as superuser:
        superuser.execute(FILL, [MANY])
    wiring = Wiring({"DATABASE_URL": database.app})
    wiring.export_files = FakeFiles()
    wiring.exports._queue = FakeExportQueue()  # noqa: SLF001  (the one part that is not there)
    yield wiring
    wiring.postgres.close()


def test_everybody_who_matches_is_in_the_file_once_and_in_order(parts: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "RENEWED_EVERY", timedelta(0))  # between any two pages
    analyst = Principal("an analyst", ZOE.id, ZOE.of("analyst"), Role.ANALYST)
    asked = parts.exports.request(analyst, Filters(tag="many"), Sort.VALUE)
    parts.export_writer.receive(Ticket(ZOE.id, asked.id).body(), lambda: 900.0)
    export = parts.exports.of(analyst, asked.id)
    assert (export.status, export.rows) == (Status.READY, MANY)
    text = parts.export_files.finished[export.object_key].removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    amounts = [float(row["Total Spent"]) for row in rows]
    assert len({row["Fan ID"] for row in rows}) == len(rows) == MANY
    assert amounts == sorted(amounts, reverse=True)
    with psycopg.connect(parts.settings.database_url) as stranger:
        assert stranger.execute("SELECT count(*) FROM exports").fetchone() == (0,), "without a workspace nothing shows"
