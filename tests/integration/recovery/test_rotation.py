"""The functions' password changes on a real PostgreSQL while processes go on, and wherever the change is broken off."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import boto3
import psycopg
import pytest
from moto import mock_aws
from psycopg.conninfo import conninfo_to_dict

from huntaze import wiring
from huntaze.ids import new_id
from huntaze.migrations.runner import migrate
from huntaze.runtime.postgres import Postgres as Connected
from huntaze.runtime.secrets import Secrets
from local.cloud.account import Aws
from local.cloud.rotating import rotate_app_login
from local.servers import Postgres
from tests.support.functions import Context, load
from tests.support.logs import forget_logger

DATABASE = "rotated"
NEW = "the next password of the functions"


class BrokenOff(Exception):
    """The operator's machine died here."""


class Process:
    """One process of a function: it remembers its secret, and connects when it has no connection."""

    def __init__(self, arn: str, store: Any) -> None:
        self._postgres = Connected(lambda: arn, Secrets(lambda: store))

    def works(self) -> bool:
        with self._postgres.transaction(new_id()) as connection:
            return connection.execute("SELECT 1").fetchone() is not None

    def works_anew(self) -> bool:
        self._postgres.close()
        return self.works()

    def close(self) -> None:
        self._postgres.close()


class Store:
    """Secrets Manager: moto's, which forgets what is in force where nobody names that."""

    def __init__(self) -> None:
        self._moto = boto3.client("secretsmanager", region_name="us-east-1")

    def get_secret_value(self, SecretId: str, VersionStage: str = "AWSCURRENT") -> Any:  # noqa: N803 - boto3's own
        return self._moto.get_secret_value(SecretId=SecretId, VersionStage=VersionStage)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._moto, name)


class Stage:
    """A database, its secrets, the function that migrates, and processes that must not notice anything."""

    def __init__(self, server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.steps = server, 0
        self.break_off_after: int | None = None
        self.store = Store()
        self.arns = {
            name: self.store.create_secret(Name=name, SecretString=self._login(conninfo))["ARN"]
            for name, conninfo in (
                ("DATABASE_URL", server.app_conninfo(DATABASE)),
                ("MIGRATOR_DATABASE_URL", server.admin_conninfo(DATABASE)),
            )
        }
        for name, arn in self.arns.items():
            monkeypatch.setenv(name, arn)
        wiring.current.cache_clear()
        wiring.current().secrets = Secrets(lambda: self.store)
        self.long_known = [Process(self.arns["DATABASE_URL"], self.store) for _ in range(2)]
        self.aws = Aws("111122223333", "us-east-1", lambda service: Watched(self, service))

    def rotate(self, password: str = NEW) -> None:
        rotate_app_login("staging", self.aws, password)

    def step(self, act: Callable[[], Any]) -> Any:
        """One step of the change, and what everybody finds after it."""
        done = act()
        self.steps += 1
        self.everybody_works()
        if self.steps == self.break_off_after:
            raise BrokenOff
        return done

    def everybody_works(self) -> None:
        open_one, reconnecting = self.long_known
        newborn = Process(self.arns["DATABASE_URL"], self.store)
        try:
            assert open_one.works()
            assert reconnecting.works_anew()
            assert newborn.works()
        finally:
            newborn.close()

    def opens(self, password: str) -> bool:
        try:
            psycopg.connect(self.server.app_conninfo(DATABASE), password=password).close()
        except psycopg.OperationalError:
            return False
        return True

    def close(self) -> None:
        for process in self.long_known:
            process.close()
        wiring.current.cache_clear()
        forget_logger()

    @staticmethod
    def _login(conninfo: str) -> str:
        parts = conninfo_to_dict(conninfo)
        about = {name: parts[name] for name in ("password", "host", "port", "dbname", "sslmode")}
        return json.dumps({"username": parts["user"], **about})


class Watched:
    """The operator's client: after each call that changes something, everybody is asked whether they still work."""

    def __init__(self, stage: Stage, service: str) -> None:
        self._stage, self._service = stage, service

    def get_function_configuration(self, **_: str) -> dict[str, Any]:
        return {"Environment": {"Variables": self._stage.arns}}

    def invoke(self, Payload: bytes, **_: str) -> dict[str, Any]:  # noqa: N803 - boto3's own spelling
        answer = self._stage.step(lambda: load("migrate").handler(json.loads(Payload), Context()))
        return {"Payload": BytesIO(json.dumps(answer).encode())}

    @property
    def exceptions(self) -> Any:
        return boto3.client("lambda", region_name="us-east-1").exceptions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        act = getattr(self._stage.store, name)
        changes = name in {"put_secret_value", "update_secret_version_stage"}
        return lambda **words: self._stage.step(lambda: act(**words)) if changes else act(**words)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One of its own: roles are the whole server's."""
    with Postgres(tmp_path_factory.mktemp("rotation") / "data", "the first password", durable=False) as running:
        running.create_database(DATABASE)
        yield running


@pytest.fixture
def stage(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    migrate(server.admin_conninfo(DATABASE), server.password)
    with mock_aws():
        made = Stage(server, monkeypatch)
        yield made
        made.close()


def test_nobody_notices_that_the_password_changes(stage: Stage) -> None:
    stage.everybody_works()
    stage.rotate()

    assert stage.steps == 4
    assert (stage.opens(NEW), stage.opens(stage.server.password)) == (True, False)
    current = json.loads(stage.store.get_secret_value(SecretId=stage.arns["DATABASE_URL"])["SecretString"])
    assert (current["password"], current["username"]) == (NEW, "huntaze_app")


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_change_that_was_broken_off_harms_nobody_and_is_done_again(stage: Stage, step: int) -> None:
    stage.break_off_after = step
    with pytest.raises(BrokenOff):
        stage.rotate("a password that was broken off")
    stage.everybody_works()

    stage.break_off_after = None
    stage.rotate()  # finishes that change, or makes another where it was finished
    in_force = json.loads(stage.store.get_secret_value(SecretId=stage.arns["DATABASE_URL"])["SecretString"])["password"]
    assert stage.opens(in_force)
    assert not stage.opens(stage.server.password)


def test_a_deployment_in_between_puts_the_password_in_force_back_and_harms_nobody(stage: Stage) -> None:
    stage.break_off_after = 2  # the database has the new one, and the secret not yet
    with pytest.raises(BrokenOff):
        stage.rotate()
    wiring.current().migrate()

    assert stage.opens(stage.server.password)
    stage.everybody_works()
