"""The three roles below the administrator. They are the whole cluster's: migrations of its databases meet here."""

import random
import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from huntaze.migrations.errors import MigrationError

OWNER = "huntaze_owner"  # owns every object; nobody signs in as it
READER = "huntaze_reader"  # owns the few functions that read across row-level security; nobody signs in as it
APP = "huntaze_app"  # what functions sign in as; owns nothing

_ATTEMPTS = 20
_LONGEST_PAUSE = 0.2

_KNOWN = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
_TOO_POWERFUL = """
SELECT rolname FROM pg_roles
WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
"""
# From PostgreSQL 16 on, creating a role gives the right to administer it, not the right to become it.
_BECOME = "GRANT {role} TO {to} WITH INHERIT FALSE, SET TRUE"


def prepare_roles(connection: psycopg.Connection, app_password: str) -> None:
    """Create what is missing and take over the password; safe to repeat, and beside others who do the same."""
    if not app_password:
        raise MigrationError("The application role needs a password: PostgreSQL would take an empty one for none.")
    try:
        _again_when_somebody_was_quicker(lambda: _prepare(connection, app_password))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"{connection.info.user} may not create or administer {OWNER}, {READER} and {APP}: it needs CREATEROLE, "
            "and ADMIN OPTION on those of them that somebody else has created."
        ) from error


def _prepare(connection: psycopg.Connection, app_password: str) -> None:
    with connection.transaction():
        known = {name for (name,) in connection.execute(_KNOWN, [[OWNER, READER, APP]])}
        for role in (OWNER, READER, APP):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        _refuse_powerful_roles(connection)
        _let_become(connection, OWNER, sql.SQL("CURRENT_USER"))
        _let_become(connection, READER, sql.Identifier(OWNER))  # to hand functions over
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(APP), sql.Literal(_verifier(connection, app_password))
            )
        )


def _refuse_powerful_roles(connection: psycopg.Connection) -> None:
    found = connection.execute(_TOO_POWERFUL, [[OWNER, READER, APP]]).fetchall()
    if found:
        names = ", ".join(name for (name,) in found)
        raise MigrationError(f"{names}: this role could step around row-level security. Take its attributes away.")


def _let_become(connection: psycopg.Connection, role: str, to: sql.Composable) -> None:
    connection.execute(sql.SQL(_BECOME).format(role=sql.Identifier(role), to=to))


def _verifier(connection: psycopg.Connection, password: str) -> str:
    """What the server keeps of a password: made here, so that no statement and no server log holds the password."""
    return connection.pgconn.encrypt_password(password.encode(), APP.encode(), b"scram-sha-256").decode()


def _again_when_somebody_was_quicker(step: Callable[[], None]) -> None:
    """Roles have no lock that reaches over databases: who loses a race finds the winner's work on the next try."""
    for attempts_left in reversed(range(_ATTEMPTS)):
        try:
            return step()
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation, psycopg.errors.InternalError_) as error:
            if not attempts_left or not _lost_a_race(error):
                raise
            time.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311  (spreads the losers, hides nothing)
    return None


def _lost_a_race(error: psycopg.Error) -> bool:
    # "tuple concurrently updated" has no code of its own.
    return not isinstance(error, psycopg.errors.InternalError_) or "concurrently" in str(error)
