"""Least privilege, by use: each function may do what it was seen to do, and nothing that it was not.

All functions are driven (`drives.py`) with the variables of production's own templates, and every call to AWS is held
against the statements of the function's role: a call without a right fails here, and so does a right without a call.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from botocore import xform_name
from botocore.session import get_session
from moto import mock_aws

from huntaze.connections.vault import Vault
from huntaze.platforms.model import Credentials
from huntaze.runtime.keys import Keys
from huntaze.webhooks import signature
from infra import static
from infra.assets import ROOT
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
def seen(  # noqa: PLR0917 - fixtures
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
        seed_two_workspaces(database.hand.connection)
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

# Signed to learn where a bucket is (`Blobs.origin`), and never followed.
NEVER_FOLLOWED = Call("s3:GetObject", "arn:aws:s3:::huntaze-files/x")

# (function, action, on what) → why it is allowed although nothing here makes the function use it.
UNUSED = {
    ("flow", "sqs:SendMessage", "huntaze-rate-limiter-queue"): "It wakes the accounts of campaigns whose next messages"
    " are due, which the seeds have none of: tests/functions/test_flow.py and the campaign of tests/e2e do.",
    ("flow", "secretsmanager:GetSecretValue", "CacheToken"): "The same: it asks the pace before it wakes them.",
    ("founding", "cognito-idp:AdminGetUser", "userpool"): "It asks whether an owner who has an account already has ever"
    " signed in, and the pool here refuses no new account: tests/e2e/test_operations.py founds twice.",
}


def is_listed(folder: str, grant: Grant) -> bool:
    return any((folder, grant.action) == (whose, action) and part in grant.resource for whose, action, part in UNUSED)


@EACH
def test_a_function_may_do_all_that_it_does(folder: str, seen: dict[str, Seen]) -> None:
    its = seen[folder]
    assert [call for call in its.called - {NEVER_FOLLOWED} | its.by_lambda if not may(its.held, call)] == []


def never_used(its: Seen) -> list[Grant]:
    used = its.called | its.by_lambda
    return [each for each in its.held if each.effect == "Allow" and not any(each.covers(call) for call in used)]


@EACH
def test_a_function_may_do_nothing_else(folder: str, seen: dict[str, Seen]) -> None:
    its = seen[folder]
    unused = {str(grant) for grant in never_used(its) if not is_listed(folder, grant)}
    assert unused == set()


def test_what_is_listed_as_unused_is(seen: dict[str, Seen]) -> None:
    listed = {(folder, str(grant)) for folder, its in seen.items() for grant in never_used(its)}
    assert len(listed) == len(UNUSED)
    assert all(reason.endswith(".") for reason in UNUSED.values())


@pytest.mark.usefixtures("seen")
def test_no_call_in_the_code_was_left_out(recorder: Recorder) -> None:
    """A call that nobody drives would need no right here, and fail where it runs."""
    called = {
        node.func.attr
        for path in (ROOT / "layers" / "shared" / "python" / "huntaze" / "runtime").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_client(node.func.value)
    }
    services = map(get_session().get_service_model, ("cognito-idp", "kms", "s3", "secretsmanager", "sqs"))
    of_aws = {
        xform_name(name)
        for service in services
        for name in service.operation_names
        if service.operation_model(name).auth_type != "none"
    }
    assert called & of_aws - {xform_name(name) for name in recorder.methods} == set()


def is_client(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in {"client", "_client"}
