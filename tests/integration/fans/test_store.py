import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from huntaze.errors import Conflict
from huntaze.fans.model import Filters, Sort
from huntaze.fans.service import FanStore
from huntaze.fans.store import PostgresFans
from huntaze.ids import new_id
from huntaze.money import Money
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database
from tests.integration.fans.conftest import add_workspace
from tests.support.fan_store_contract import FanStoreContract
from tests.support.people import new_fan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(one_database: Database) -> Database:
    return one_database


class TestPostgresFans(FanStoreContract):
    @pytest.fixture
    def fans(self, process: Postgres, workspace_id: UUID) -> Iterator[FanStore]:
        with process.transaction(workspace_id) as connection:
            yield PostgresFans(connection, workspace_id)

    def test_another_workspace_counts_in_its_own_currency(self, process: Postgres, database: Database) -> None:
        elsewhere = add_workspace(database, "EUR")
        with process.transaction(elsewhere) as connection:
            added = PostgresFans(connection, elsewhere).add(new_fan(value_cents=5), new_id(), NOON)
        assert added.value == Money(5, "EUR")

    def test_names_are_lowered_as_the_database_does(self, process: Postgres, workspace_id: UUID) -> None:
        """Python lowers İ to two letters: a cursor of its making would lead astray."""
        with process.transaction(workspace_id) as connection:
            fans = PostgresFans(connection, workspace_id)
            for number, name in enumerate(["\u0130a", "\u0130b", "\u0131c", "ẞd", "Σς"]):
                fans.add(new_fan(name=name), new_id(), NOON.replace(minute=number))
            everybody = [placed.fan.name for placed in fans.matching(Filters(), Sort.NAME, None, 10)]
            walked: list[str] = []
            after = None
            while page := fans.matching(Filters(), Sort.NAME, after, 1):
                walked.append(page[0].fan.name)
                after = page[0].position
        assert walked == everybody

    def test_a_thousand_fit_on_a_page(self, process: Postgres, workspace_id: UUID, database: Database) -> None:
        crowd = """
            INSERT INTO fans (workspace_id, id, name, platform)
            SELECT %s, gen_random_uuid(), 'Fan ' || number, 'other' FROM generate_series(1, 1500) AS number
        """
        database.run(crowd, workspace_id)
        with process.transaction(workspace_id) as connection:
            fans = PostgresFans(connection, workspace_id)
            for filters in (Filters(), Filters(q="fan")):
                first = fans.matching(filters, Sort.NAME, None, 1_000)
                second = fans.matching(filters, Sort.NAME, first[-1].position, 1_000)
                assert (len({placed.fan.id for placed in [*first, *second]}), len(second)) == (1500, 500)


def test_what_the_api_takes_at_its_widest_the_database_takes_too(process: Postgres, workspace_id: UUID) -> None:
    widest = new_fan(
        name="n" * 200,
        platform_id="p" * 200,
        handle="h" * 200,
        email="e" * 318 + "@x",
        phone="1" * 50,
        avatar="https://" + "a" * 2040,
        tags=tuple(f"{number:03}" + "🎉" * 197 for number in range(100)),
        notes="🎉" * 10_000,
        last_seen_at=datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        metadata={"deep": [[[[[[[[[{"x": "\x01" * 2_000}]]]]]]]]]},
    )
    with process.transaction(workspace_id) as connection:
        PostgresFans(connection, workspace_id).add(widest, new_id(), NOON)


def test_of_many_who_add_the_same_person_at_once_one_succeeds(database: Database, workspace_id: UUID) -> None:
    together = threading.Barrier(8)

    def add(_: int) -> bool:
        process = Postgres(lambda: database.app, Secrets())
        try:
            with process.transaction(workspace_id) as connection:
                together.wait(30)
                PostgresFans(connection, workspace_id).add(new_fan(platform_id="u1"), new_id(), NOON)
        except Conflict:
            return False
        finally:
            process.close()
        return True

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(add, range(8))) == [False] * 7 + [True]


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)])
def test_times_long_ago_are_kept(process: Postgres, workspace_id: UUID, moment: datetime) -> None:
    with process.transaction(workspace_id) as connection:
        added = PostgresFans(connection, workspace_id).add(new_fan(last_seen_at=moment), new_id(), NOON)
    assert added.last_seen_at == moment
