"""Who may do what, from the catalog."""

from typing import Any

import psycopg
import pytest

from tests.conftest import Database

Connection = psycopg.Connection[Any]

OUR_ROLES = ["huntaze_app", "huntaze_owner", "huntaze_reader"]


def test_the_application_role_has_no_power_beyond_its_grants(catalog: Connection) -> None:
    attributes = catalog.execute("""
        SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
        FROM pg_roles WHERE rolname = 'huntaze_app'
    """).fetchone()
    assert attributes == (True, False, False, False, False, False)


def test_nobody_can_sign_in_as_the_owner_or_the_reader(catalog: Connection) -> None:
    roles = catalog.execute("""
        SELECT rolname, rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
        FROM pg_roles WHERE rolname IN ('huntaze_owner', 'huntaze_reader') ORDER BY rolname
    """).fetchall()
    assert roles == [("huntaze_owner", False), ("huntaze_reader", False)]


def test_the_application_role_is_a_member_of_nothing_and_owns_nothing(catalog: Connection) -> None:
    memberships = catalog.execute(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'huntaze_app'::regrole"
    ).fetchall()
    owned = catalog.execute("""
        SELECT classid::regclass::text, objid FROM pg_shdepend
        WHERE refobjid = 'huntaze_app'::regrole AND deptype = 'o'
    """).fetchall()
    assert (memberships, owned) == ([], [])


def test_only_the_administrator_and_the_owner_can_become_somebody_else(catalog: Connection) -> None:
    becoming = catalog.execute(
        """
        SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members
        WHERE roleid::regrole::text = ANY(%s) AND set_option ORDER BY 1, 2
    """,
        [OUR_ROLES],
    )
    assert becoming.fetchall() == [("huntaze_admin", "huntaze_owner"), ("huntaze_owner", "huntaze_reader")]


def test_the_application_role_cannot_become_the_owner(app: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SET ROLE huntaze_owner")


def test_objects_belong_to_the_owner_and_functions_across_workspaces_to_the_reader(catalog: Connection) -> None:
    tables = catalog.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    routines = catalog.execute("""
        SELECT proowner::regrole::text, array_agg(proname::text ORDER BY proname) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prosecdef
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
        GROUP BY 1
    """).fetchall()
    assert tables == [("huntaze_owner",)]
    assert dict(routines) == {
        "huntaze_reader": [
            "accounts_to_send",
            "accounts_to_wake",
            "attempts_in_doubt",
            "campaigns_to_run",
            "conversations_matching",
            "erasures_to_finish",
            "exports_forgotten",
            "fans_matching",
            "fans_selected",
            "fans_totals",
            "imports_forgotten",
            "imports_over",
            "invitations_of",
            "memberships_of",
            "outbox_age_seconds",
            "sending_activity",
            "session_of",
            "unknown_messages",
            "webhook_events_forgotten",
            "workspace_of_connection",
            "workspaces_to_count",
            "workspaces_with_old_words",
        ],
        "huntaze_owner": [
            "chain_audit",
            "erase_person",
            "fold_tallies",
            "forget_import_rows",
            "join_purchase",
            "know_grown_tables",
            "record_transition",
            "tally_recipients",
            "undo_import_rows",
        ],
    }


def test_what_runs_with_other_rights_has_its_names_pinned(catalog: Connection) -> None:
    loose = catalog.execute("""
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
            AND NOT coalesce('search_path=public, pg_temp' = ANY(proconfig), false)
    """).fetchall()
    assert loose == []


def test_public_may_use_nothing_of_ours(catalog: Connection) -> None:
    routines = catalog.execute(
        """
        SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS grants
        WHERE grants.grantee = 0 AND proowner::regrole::text = ANY(%s)
    """,
        [OUR_ROLES],
    ).fetchall()
    relations = catalog.execute(
        """
        SELECT relname FROM pg_class, aclexplode(relacl) AS grants
        WHERE grants.grantee = 0 AND relowner::regrole::text = ANY(%s)
    """,
        [OUR_ROLES],
    ).fetchall()
    assert (routines, relations) == ([], [])


def test_the_application_role_never_truncates_references_or_triggers(catalog: Connection) -> None:
    granted = catalog.execute("""
        SELECT DISTINCT privilege_type FROM information_schema.table_privileges WHERE grantee = 'huntaze_app'
    """)
    assert {kind for (kind,) in granted} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_what_must_stay_cannot_be_deleted_by_the_application(catalog: Connection) -> None:
    deletable = catalog.execute("""
        SELECT table_name FROM information_schema.table_privileges
        WHERE grantee = 'huntaze_app' AND privilege_type = 'DELETE'
    """)
    assert {table for (table,) in deletable} == {
        "ai_configs",
        *(f"analytics_{name}" for name in ("answers", "chatters", "cohorts", "hours", "offers", "stale", "values")),
        "composer_drafts",
        "conversation_answering",
        "conversation_presence",
        "daily_rollups",
        "drafts",
        "exports",
        "fan_notes",
        "idempotency_keys",
        "outbox",
        "quick_replies",
        "sessions",
        "templates",
        "user_profiles",
    }


@pytest.mark.parametrize(
    "attempt",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "TRUNCATE fans",
        "ALTER TABLE fans DISABLE ROW LEVEL SECURITY",
        "DROP POLICY within_workspace ON fans",
        "ALTER TABLE messages DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql RETURN 1",
        "SELECT * FROM waitlist",
        "SELECT * FROM schema_migrations",
        "CALL keep_within_workspace('fans')",
        "INSERT INTO message_transitions (to_status) VALUES ('sent')",
        "UPDATE audit_log SET action = 'nothing'",
    ],
)
def test_the_application_role_is_refused(app: Connection, attempt: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(attempt)


def test_a_migrated_database_is_closed_to_everybody_else(catalog: Connection) -> None:
    granted = catalog.execute("""
        SELECT DISTINCT grantee::regrole::text, privilege_type
        FROM pg_database, aclexplode(datacl) WHERE datname = current_database() AND grantee <> datdba
    """).fetchall()
    assert granted == [("huntaze_app", "CONNECT")]


def test_the_waitlist_takes_an_address_once_and_shows_none(database: Database) -> None:
    with psycopg.connect(database.app) as connection:
        for _ in range(2):
            connection.execute("""
                INSERT INTO waitlist (id, email, platform) VALUES (gen_random_uuid(), 'Robin@example.com', 'patreon')
                ON CONFLICT DO NOTHING
            """)
    with psycopg.connect(database.superuser) as connection:
        assert connection.execute("SELECT count(*) FROM waitlist").fetchone() == (1,)
