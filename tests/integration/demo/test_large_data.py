from pathlib import Path

import psycopg
import pytest

from bench import large_data
from bench.data_sets import EVERYTHING, FANS, DataSet
from bench.large_data import LargeDatabase
from local.demo.crowd import Amount
from local.demo.recount import disagreements
from local.demo.writing import act_as

SMALL = DataSet(
    "small",
    Amount(fans=300, conversations=300, messages=3000, transactions=900),
    2,
    Amount(fans=50, conversations=10, messages=40, transactions=20),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(large_data, "FOLDER", tmp_path)
    return tmp_path


def count(database: LargeDatabase) -> list[int]:
    """The fans of each workspace as the application sees them."""
    found = []
    with psycopg.connect(database.app) as connection:
        for workspace_id in database.workspaces:
            act_as(connection, str(workspace_id))
            assert disagreements(connection, workspace_id) == {}
            row = connection.execute("SELECT count(*) FROM fans").fetchone()
            assert row is not None
            found.append(row[0])
    return found


def test_a_data_set_is_built_once_and_served_again(folder: Path) -> None:
    said: list[str] = []
    with large_data.large_data(SMALL, said.append) as database:
        assert count(database) == [300, 50, 50]
    assert said
    said.clear()
    with large_data.large_data(SMALL, said.append) as database:
        assert count(database) == [300, 50, 50]
    assert said == []
    assert [path.name.partition(".")[0] for path in folder.iterdir() if path.is_dir()] == ["small"]


def test_what_no_run_will_ask_for_again_is_removed_unless_it_is_in_use(folder: Path) -> None:
    for old in ("small.old", "unfinished-small.older", "small.busy", "small-0.1.kept", "fans.kept"):
        (folder / old).mkdir()
    with large_data._alone_with("small.busy"):  # noqa: SLF001  (what another process would hold)
        large_data._forget_older(SMALL, "small.new")  # noqa: SLF001  (the act itself, without building)
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"small.busy", "small-0.1.kept", "fans.kept"}


def test_a_scaled_set_is_another_one_with_less_of_everything() -> None:
    tenth = EVERYTHING.scaled(0.1)
    assert tenth.name == "everything-0.1"
    assert (tenth.large.fans, tenth.large.messages, tenth.other.transactions) == (100_000, 1_000_000, 2500)
    assert FANS.large.fans + FANS.others * FANS.other.fans == 3_000_000
