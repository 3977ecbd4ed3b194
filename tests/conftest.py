"""The real servers that tests share, each started once and only when a test asks for it."""

import gc
import secrets
from collections.abc import Iterator

import hypothesis
import pytest

from local.servers import Postgres, Valkey

# Before anything of them is imported: their assertions tell as much as those of the tests.
pytest.register_assert_rewrite("tests.support", "tests.isolation")

from tests.support.budget import Budget  # noqa: E402
from tests.support.databases import Database, Databases  # noqa: E402

__all__ = ["Database"]

# No deadline: machines are noisy, and a slow example is no wrong one. Equal commits get equal examples.
hypothesis.settings.register_profile("every-commit", deadline=None, max_examples=100, derandomize=True, database=None)
hypothesis.settings.register_profile("deep", deadline=None, max_examples=10_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="the full doses of everything that is generated")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("deep" if config.getoption("--deep") else "every-commit")
    config.pluginmanager.register(Budget())


def pytest_collection_finish() -> None:
    """All that was imported stays. Looking through it for garbage again and again took a quarter of the processor."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    data_dir = tmp_path_factory.mktemp("postgres") / "data"
    with Postgres(data_dir, secrets.token_urlsafe(12), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgres: Postgres) -> str:
    from huntaze.migrations.runner import migrate  # noqa: PLC0415  (only tests of the database load the migrations)

    postgres.create_database("migrated")
    migrate(postgres.admin_conninfo("migrated"), postgres.password)
    return "migrated"


@pytest.fixture(scope="session")
def databases(postgres: Postgres, migrated_template: str) -> Iterator[Databases]:
    made = Databases(postgres, migrated_template)
    yield made
    made.close()


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    with databases.lent() as database:
        yield database


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with Valkey(tmp_path_factory.mktemp("valkey"), secrets.token_urlsafe(12)) as server:
        yield server
