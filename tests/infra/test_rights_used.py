"""Least privilege, by use: each function may do what it was seen to do, and nothing that it was not.

All functions are driven (`drives.py`) with the variables of production's own templates, and every call to AWS is held
against the statements of the function's role: a call without a right fails here, and so does a right without a call.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from moto import mock_aws

from huntaze.connections.vault import Vault
from huntaze.platforms.model import Credentials
from huntaze.runtime.keys import Keys
from huntaze.webhooks import signature
from infra import static
from infra.functions import FUNCTIONS
from local.servers import Postgres, Valkey
from tests.access.stage import add_accounts, add_imports, add_people
from tests.infra.account import EMAIL, SUBJECT, Account
from tests.infra.driven import Deployment, Recorder
from tests.infra.drives import drive
from tests.infra.rights import Call, Grant, called_by_lambda, grants, may
from tests.infra.synthesized import Synthesized
from tests.support.databases import Databases
from tests.support.logs import forget_logger
from tests.support.workspaces import ZOE, seed_two_workspaces


@dataclass(frozen=True)
class Seen:
    """One function: what its role says, what it did and what Lambda does for it."""

    held: list[Grant]
    called: set[Call]
    by_lambda: set[Call]


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def seen(
    prod: Synthesized, postgres: Postgres, databases: Databases, valkey: Valkey, recorder: Recorder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Seen]]:  # fmt: skip
    folder = tmp_path_factory.mktemp("static") / "static"
    static.build(folder)
    with databases.lent() as database, mock_aws(), recorder.forms_too(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        recorder.listen()
        secrets = {
            "AppLogin": postgres.app_conninfo(database.name),
            "DatabaseAdminLogin": postgres.admin_conninfo(database.name),
            "CacheToken": valkey.password,
            "ErasureKey": "a key for tests, which is long enough to be one",
        }
        recorder.account = account = Account(prod, secrets)
        seed_two_workspaces(database.admin)
        for add in (add_people, add_accounts, add_imports):
            add(database.superuser)
        secret = signature.made_up()
        with psycopg.connect(database.superuser) as connection:
            prepare(connection, account, secret)
        endpoint = f"redis://{valkey.endpoint.removeprefix('redis://')}"
        deployment = Deployment(prod, account, recorder, database.superuser, endpoint, folder)
        drive(deployment, secret)
        yield {spec.folder: look(prod, account, recorder, spec.folder, spec.name) for spec in FUNCTIONS}
    forget_logger()


def prepare(connection: psycopg.Connection, account: Account, secret: str) -> None:
    """The owner is who signs in, and the account opens with the key of this deployment."""
    connection.execute(
        "UPDATE members SET subject = %s, email = %s WHERE workspace_id = %s AND subject = %s",
        [SUBJECT, EMAIL, ZOE.id, f"owner-of-{ZOE.id}"],
    )
    vault = Vault(Keys(lambda: account.arn("ConnectionKey")))
    sealed = vault.seal(ZOE.id, ZOE.of("account"), Credentials(f"creator {ZOE.id}", secret))
    connection.execute("UPDATE platform_connections SET credentials = %s WHERE id = %s", [sealed, ZOE.of("account")])


def look(prod: Synthesized, account: Account, recorder: Recorder, folder: str, name: str) -> Seen:
    function = prod.function(prod.stage.physical(name))
    by_lambda = set(called_by_lambda(prod, account, function))
    return Seen(grants(prod, account, function), recorder.heard[folder], by_lambda)


EACH = pytest.mark.parametrize("folder", [spec.folder for spec in FUNCTIONS])

# (function, action) → why it is allowed although nothing here makes the function use it.
UNUSED: dict[tuple[str, str], str] = {}


@EACH
def test_a_function_may_do_all_that_it_does(folder: str, seen: dict[str, Seen]) -> None:
    its = seen[folder]
    assert [call for call in its.called | its.by_lambda if not may(its.held, call)] == []


@EACH
def test_a_function_may_do_nothing_else(folder: str, seen: dict[str, Seen]) -> None:
    its = seen[folder]
    unused = {
        str(grant)
        for grant in its.held
        if grant.effect == "Allow"
        and not any(grant.covers(call) for call in its.called | its.by_lambda)
        and (folder, grant.action) not in UNUSED
    }
    assert unused == set()
