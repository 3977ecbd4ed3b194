"""What the send path runs on, shared by its tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.planting import in_place
from local.local_aws import LocalAws
from local.servers import Valkey
from local.simulator.process import Simulator
from tests.conftest import Database
from tests.support.databases import Databases
from tests.support.post_office import PostOffice
from tests.support.real_send_path import PostgresGround
from tests.support.troubled_office import Nursery, Servers, TroubledOffice, our_log
from tests.support.worker_process import Times


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder: Path = tmp_path_factory.mktemp("simulator")
    with Simulator(folder) as running:
        yield running


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with LocalAws(tmp_path_factory.mktemp("aws")) as running:
        yield f"http://127.0.0.1:{running.port}"


@pytest.fixture
def office(
    database: Database, valkey: Valkey, simulator: Simulator, aws: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostOffice]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    made = PostOffice(database, valkey, simulator, aws)
    yield made
    made.close()
    simulator.client().end_faults()


@pytest.fixture(scope="module")
def stores(databases: Databases) -> Iterator[Database]:
    """For tests that keep apart by a workspace each: making a database takes longer than most of them."""
    with databases.lent() as made:
        yield made


@pytest.fixture
def ground(stores: Database) -> Iterator[PostgresGround]:
    made = PostgresGround(stores)
    yield made
    made.close()


@pytest.fixture
def times() -> Times:
    """How long attempts may take here; production's own times where a test does not say otherwise."""
    return Times()


@pytest.fixture(scope="session")
def servers(simulator: Simulator, aws: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    nursery = Nursery(tmp_path_factory.mktemp("nursery"))
    yield Servers(simulator, aws, nursery)
    nursery.close()


@pytest.fixture
def trouble(  # noqa: PLR0917 - everything that trouble can be made with
    database: Database,
    valkey: Valkey,
    servers: Servers,
    times: Times,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TroubledOffice]:
    """A post office for faults. Whatever happened in it, nothing private may have got anywhere."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with in_place(times.replacements()), our_log(tmp_path / "ours.log"):
        office = TroubledOffice(servers, database, valkey, tmp_path, times)
        try:
            yield office
            assert office.leaks() == []
        finally:
            office.close()
            servers.simulator.client().end_faults()
