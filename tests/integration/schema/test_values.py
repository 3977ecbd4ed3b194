"""What a value may be: every rule that stands in the tables, broken once."""

from typing import Any

import psycopg
import psycopg.sql
import pytest
from psycopg.types.json import Jsonb

from tests.support.violations import violating
from tests.support.workspaces import MAX, NOON, ZOE, Row, Workspace, insert, inside

Connection = psycopg.Connection[Any]

FAN: Row = {"workspace_id": ZOE.id, "id": ZOE.of("new fan"), "name": "Sam", "platform": "onlyfans"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"name": ""}, "fans_name_check"),
        ({"name": "x" * 201}, "fans_name_check"),
        ({"platform": "myspace"}, "platform_name_check"),
        ({"platform_id": ""}, "fans_platform_id_check"),
        ({"value_cents": -1}, "cents_check"),
        ({"currency": "usd"}, "currency_code_check"),
        ({"currency": "DOLLAR"}, "currency_code_check"),
        ({"avatar": "x" * 2049}, "web_address_check"),
        ({"notes": "x" * 10_001}, "fans_notes_check"),
        ({"subscription_status": "maybe"}, "fans_subscription_status_check"),
        ({"metadata": []}, "json_map_check"),
        ({"metadata": {"x": "y" * 70_000}}, "json_map_check"),
        ({"tags": {"vip": True}}, "string_list_check"),
        ({"tags": Jsonb("vip")}, "string_list_check"),
        ({"tags": ["vip", 1]}, "string_list_check"),
        ({"tags": ["vip", None]}, "string_list_check"),
        ({"tags": [["vip"]]}, "string_list_check"),
        ({"tags": [""]}, "string_list_check"),
        ({"tags": ["x" * 201]}, "string_list_check"),
        ({"tags": ["x"] * 101}, "string_list_check"),
        ({"platform_id": "robin"}, "fans_known_once"),
    ],
)
def test_a_fan_is_refused(trial: Connection, change: Row, rule: str) -> None:
    with violating(rule), inside(trial, ZOE):
        insert(trial, "fans", {**FAN, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x" * 200, "notes": "x" * 10_000},
        {"tags": ["x" * 200] * 100},
        {"tags": ["line\nbreak", "émoji 🙂", '"quoted"']},
        {"value_cents": 2**63 - 1},
        {"platform": "other", "platform_id": None},
    ],
)
def test_a_fan_at_the_edge_is_kept_as_it_is(trial: Connection, change: Row) -> None:
    with inside(trial, ZOE):
        insert(trial, "fans", {**FAN, **change})
        for column, value in change.items():
            kept = trial.execute(f"SELECT {column} FROM fans WHERE id = %s", [FAN["id"]]).fetchone()  # noqa: S608  (ours)
            assert kept == (value,)


def test_the_same_platform_id_may_be_known_in_two_workspaces(trial: Connection) -> None:
    for workspace in (ZOE, MAX):
        with inside(trial, workspace):
            insert(trial, "fans", {**FAN, "workspace_id": workspace.id, "platform_id": "shared"})


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("fan_notes", "fan_id"),
        ("conversations", "fan_id"),
        ("transactions", "fan_id"),
        ("campaign_recipients", "campaign_id"),
        ("drafts", "conversation_id"),
        ("delivery_attempts", "message_id"),
        ("webhook_events", "connection_id"),
        ("imports", "requested_by"),
        ("user_profiles", "member_id"),
    ],
)
def test_no_foreign_key_reaches_into_another_workspace(trial: Connection, table: str, column: str) -> None:
    things = {"requested_by": "owner", "member_id": "owner", "connection_id": "account", "message_id": "draft message"}
    with inside(trial, ZOE):
        names = psycopg.sql.Identifier(table)
        found = trial.execute(psycopg.sql.SQL("SELECT to_jsonb({0}) FROM {0}").format(names)).fetchone() or ({},)
    row = dict(found[0])
    for key in ("content_hash", "newest_key"):
        row.pop(key, None)
    foreign = {**row, column: MAX.of(things.get(column, column.removesuffix("_id")))}
    foreign |= {key: ZOE.of("new") for key in ("id",) if key in row}
    foreign |= {key: "another" for key in ("platform_transaction_id", "event_id") if key in row}
    with pytest.raises(psycopg.errors.ForeignKeyViolation), inside(trial, ZOE):
        insert(trial, table, foreign)


def test_an_account_is_active_once_in_the_whole_system(trial: Connection) -> None:
    with violating("connections_one_active"), inside(trial, MAX):
        _disconnect(trial, MAX)
        insert(trial, "platform_connections", _connection(f"creator {ZOE.id}"))


def test_a_workspace_has_one_account_on_a_platform(trial: Connection) -> None:
    with violating("connections_one_per_platform"), inside(trial, MAX):
        insert(trial, "platform_connections", _connection("another creator"))


def test_an_account_is_free_again_once_it_was_disconnected(trial: Connection) -> None:
    with inside(trial, ZOE):
        _disconnect(trial, ZOE)
    with inside(trial, MAX):
        _disconnect(trial, MAX)
        insert(trial, "platform_connections", _connection(f"creator {ZOE.id}"))


@pytest.mark.parametrize("missing", ["consent_by", "consent_at", "consent_notice"])
def test_no_account_is_touched_without_recorded_consent(trial: Connection, missing: str) -> None:
    with violating("connections_consent"), inside(trial, MAX):
        insert(trial, "platform_connections", {**_connection("new"), "platform": "fansly", missing: None})


def test_disconnecting_destroys_the_credentials(trial: Connection) -> None:
    with violating("connections_forget"), inside(trial, ZOE):
        trial.execute("UPDATE platform_connections SET credentials = 'secret'")
        _disconnect(trial, ZOE)


def test_who_took_the_consent_back_is_kept(trial: Connection) -> None:
    with violating("connections_consent_ended"), inside(trial, ZOE):
        trial.execute("UPDATE platform_connections SET status = 'revoked'")
    with violating("connections_consent_ended"), inside(trial, ZOE):
        trial.execute("UPDATE platform_connections SET consent_revoked_at = now()")


def test_which_account_a_connection_is_never_changes(trial: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), inside(trial, ZOE):
        trial.execute("UPDATE platform_connections SET platform_user_id = 'another'")


def _disconnect(trial: Connection, workspace: Workspace) -> None:
    trial.execute(
        "UPDATE platform_connections SET status = 'revoked', consent_revoked_at = now(), consent_revoked_by = %s",
        [workspace.of("owner")],
    )


def _connection(platform_user_id: str) -> Row:
    return {
        "workspace_id": MAX.id,
        "id": MAX.of("new account"),
        "platform": "onlyfans",
        "platform_user_id": platform_user_id,
        "consent_by": MAX.of("owner"),
        "consent_at": NOON,
        "consent_notice": "2026-01",
    }


def test_a_change_is_stamped_and_stamps_only_grow(trial: Connection) -> None:
    with inside(trial, ZOE):
        stamps = [
            trial.execute(
                "UPDATE fans SET notes = %s, updated_at = '2000-01-01' RETURNING updated_at", [note]
            ).fetchone()
            for note in ("one", "two", "two")
        ]
        created = trial.execute("SELECT created_at FROM fans").fetchone()
    assert sorted({created, *stamps}) == [created, *stamps]


def test_a_stamp_grows_also_when_the_last_one_lies_in_the_future(trial: Connection) -> None:
    with inside(trial, ZOE):
        insert(trial, "fans", {**FAN, "updated_at": "2999-01-01"})
        grown = trial.execute(
            "UPDATE fans SET notes = 'later' WHERE id = %s RETURNING updated_at > '2999-01-01'", [FAN["id"]]
        )
        assert grown.fetchone() == (True,)


@pytest.mark.parametrize("attempt", ["UPDATE audit_log SET at = now()", "DELETE FROM audit_log", "TRUNCATE audit_log"])
def test_nobody_changes_the_audit_log(trial: Connection, superuser: Connection, attempt: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"), inside(trial, ZOE):
        trial.execute(attempt)
    for role in ("postgres", "huntaze_owner"):
        superuser.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append only"):
            superuser.execute(attempt)


def test_the_application_adds_to_the_audit_log_but_says_neither_when_nor_where(trial: Connection) -> None:
    row = {"workspace_id": ZOE.id, "id": ZOE.of("new"), "action": "fan.deleted", "object_id": ZOE.of("fan")}
    with inside(trial, ZOE):
        insert(trial, "audit_log", row)
    for column, value in (("at", NOON), ("position", 1), ("hash", bytes(32))):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), inside(trial, ZOE):
            insert(trial, "audit_log", {**row, "id": ZOE.of("newer"), column: value})
