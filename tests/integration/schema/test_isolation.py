from typing import Any

import psycopg
import pytest

from tests.isolation import policies
from tests.support.workspaces import MAX, ZOE, Workspace, inside

Connection = psycopg.Connection[Any]

pytestmark = pytest.mark.usefixtures("workspaces")


def test_every_tenant_table_is_seeded_in_both_workspaces(superuser: Connection) -> None:
    for table in policies.tenant_tables(superuser):
        for workspace in (ZOE, MAX):
            policies.sample(superuser, table, workspace)


def test_no_workspace_reaches_a_row_of_another(app: Connection, superuser: Connection) -> None:
    for table in policies.tenant_tables(superuser):
        for mine, theirs in ((ZOE, MAX), (MAX, ZOE)):
            policies.check_table(app, table, mine, policies.sample(superuser, table, theirs))


def test_a_new_connection_sees_nothing_before_any_workspace_was_set(app: Connection, superuser: Connection) -> None:
    for table in policies.tenant_tables(superuser):
        seen = app.execute(table.query("SELECT count(*) FROM {table}")).fetchone()
        assert seen == (0,), table.name


def test_the_owner_of_the_tables_is_bound_to_a_workspace_too(superuser: Connection) -> None:
    with superuser.transaction():
        superuser.execute("SET LOCAL ROLE huntaze_owner")
        for table in policies.tenant_tables(superuser):
            policies.check_nothing_without_a_workspace(superuser, table)
            policies.check_only_its_own(superuser, table, ZOE)


def test_a_migration_that_changes_rows_may_lift_the_rule_for_itself(superuser: Connection) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL ROLE huntaze_owner; ALTER TABLE fans NO FORCE ROW LEVEL SECURITY")
        assert superuser.execute("UPDATE fans SET notes = 'moved'").rowcount == 4


def test_what_is_no_workspace_is_an_error_and_shows_nothing(app: Connection) -> None:
    app.execute("SELECT set_config('huntaze.workspace_id', 'everything', false)")
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        app.execute("SELECT count(*) FROM fans")


def test_a_workspace_is_forgotten_when_its_transaction_ends(app: Connection, zoe: Workspace) -> None:
    with inside(app, zoe):
        assert app.execute("SELECT count(*) FROM fans").fetchone() == (2,)
    assert app.execute("SELECT count(*) FROM fans").fetchone() == (0,)


def test_memberships_are_those_of_the_subject_and_active(app: Connection, superuser: Connection) -> None:
    superuser.execute("UPDATE members SET subject = 'nadia' WHERE role = 'manager'")
    superuser.execute("UPDATE members SET joined_at = now() WHERE role = 'manager' AND workspace_id = %s", [ZOE.id])
    found = app.execute("SELECT * FROM memberships_of('nadia')").fetchall()
    assert found == [
        (MAX.id, "A creator", MAX.of("manager"), "manager"),
        (ZOE.id, "A creator", ZOE.of("manager"), "manager"),
    ]


def test_who_was_removed_has_no_membership(app: Connection, superuser: Connection) -> None:
    superuser.execute("UPDATE members SET subject = 'nadia' WHERE role = 'manager'")
    superuser.execute("UPDATE members SET status = 'removed', removed_at = now() WHERE workspace_id = %s", [ZOE.id])
    assert [row[0] for row in app.execute("SELECT * FROM memberships_of('nadia')")] == [MAX.id]


def test_an_unknown_subject_has_no_membership(app: Connection) -> None:
    assert app.execute("SELECT * FROM memberships_of('nobody')").fetchall() == []
    assert app.execute("SELECT * FROM memberships_of(NULL)").fetchall() == []
