"""Would the isolation checks notice a broken policy? Each one in turn is replaced by one that allows everything.

Dropping a policy denies everything and so proves nothing; that is why the mutants allow.
"""

from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.isolation import policies
from tests.isolation.policies import TenantTable
from tests.support.workspaces import MAX, ZOE

Connection = psycopg.Connection[Any]

_GOVERNING = """
SELECT tablename, policyname FROM pg_policies
WHERE schemaname = 'public' AND roles && ARRAY['public', 'huntaze_app']::name[] AND tablename <> 'sessions'
ORDER BY 1, 2
"""
_SESSIONS_OF = """
INSERT INTO sessions (token_hash, subject, email, created_at, seen_at, idle_until, ends_at)
VALUES (sha256(%(subject)s::text::bytea), %(subject)s, 'a@b.test', now(), now(), 'tomorrow', 'tomorrow')
"""
_EVERYTHING: LiteralString = "ALTER POLICY {policy} ON {table} USING (true) WITH CHECK (true)"
_READING: LiteralString = "ALTER POLICY {policy} ON {table} USING (true)"
_WRITING: LiteralString = "ALTER POLICY {policy} ON {table} WITH CHECK (true)"

pytestmark = pytest.mark.usefixtures("workspaces")


def test_every_tenant_table_is_governed_by_one_policy(superuser: Connection) -> None:
    governed = [table for table, _ in superuser.execute(_GOVERNING)]
    assert governed == [table.name for table in policies.tenant_tables(superuser)]


def test_the_checks_pass_where_no_policy_is_broken(superuser: Connection) -> None:
    assert [name for name, passed in _results(superuser, None) if not passed] == []


@pytest.mark.parametrize("mutation", [_EVERYTHING, _READING])
def test_each_policy_that_lets_everybody_read_is_caught(superuser: Connection, mutation: LiteralString) -> None:
    assert [name for name, passed in _results(superuser, mutation) if passed] == []


def test_each_policy_that_lets_everybody_write_is_caught(superuser: Connection) -> None:
    survivors = {name for name, passed in _results(superuser, _WRITING) if passed}
    # Where nothing can be inserted there is nothing for WITH CHECK to refuse.
    unwritable = {table.name for table in policies.tenant_tables(superuser) if not table.insertable}
    assert unwritable == {"audit_heads", "campaign_tallies", "message_transitions"}
    # An entry of the audit log takes its place in a chain, and the chain's own table refuses another workspace too.
    assert survivors == {*unwritable, "audit_log"}


def _results(connection: Connection, mutation: LiteralString | None) -> list[tuple[str, bool]]:
    """For every policy: does its table pass the checks with this mutation in place?"""
    tables = {table.name: table for table in policies.tenant_tables(connection)}
    found = connection.execute(_GOVERNING).fetchall()
    return [(table, _passes(connection, tables[table], policy, mutation)) for table, policy in found]


def _passes(connection: Connection, table: TenantTable, policy: str, mutation: LiteralString | None) -> bool:
    theirs = policies.sample(connection, table, MAX)
    with connection.transaction(force_rollback=True):
        if mutation is not None:
            connection.execute(table.query(mutation, policy=sql.Identifier(policy)))
        connection.execute("SET LOCAL ROLE huntaze_app")
        try:
            policies.check_table(connection, table, ZOE, theirs)
        except AssertionError:
            return False
    return True


@pytest.mark.parametrize("mutation", [None, _EVERYTHING, _READING])
def test_a_policy_that_shows_the_sessions_of_others_is_caught(
    superuser: Connection, mutation: LiteralString | None
) -> None:
    with superuser.transaction(force_rollback=True):
        for subject in ("me", "somebody else"):
            superuser.execute(_SESSIONS_OF, {"subject": subject})
        if mutation is not None:
            names = {"policy": sql.Identifier("own_sessions"), "table": sql.Identifier("sessions")}
            superuser.execute(sql.SQL(mutation).format(**names))
        superuser.execute("SET LOCAL ROLE huntaze_app")
        superuser.execute("SELECT set_config('huntaze.subject', 'me', true)")
        seen = {subject for (subject,) in superuser.execute("SELECT subject FROM sessions")}
    assert (seen == {"me"}) == (mutation is None)
