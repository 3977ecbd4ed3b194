"""A campaign is approved as a whole, by somebody who may, and goes its ways only."""

from typing import Any

import psycopg
import psycopg.sql
import pytest
from psycopg.types.json import Jsonb

from tests.support.outgoing import approved_message, recipient
from tests.support.violations import violating
from tests.support.workspaces import NOON, ZOE, acting, insert, inside

Connection = psycopg.Connection[Any]

STATES = ("draft", "scheduled", "active", "paused", "completed", "cancelled")
ALLOWED = {
    ("draft", "scheduled"),
    ("draft", "active"),
    ("draft", "cancelled"),
    ("scheduled", "active"),
    ("scheduled", "paused"),
    ("scheduled", "cancelled"),
    ("active", "paused"),
    ("active", "completed"),
    ("active", "cancelled"),
    ("paused", "scheduled"),
    ("paused", "active"),
    ("paused", "completed"),
    ("paused", "cancelled"),
    ("completed", "active"),
}
ROUTES = {
    "draft": (),
    "scheduled": ("scheduled",),
    "active": ("active",),
    "paused": ("active", "paused"),
    "completed": ("active", "completed"),
    "cancelled": ("active", "cancelled"),
}
STEP = """
UPDATE campaigns SET status = %(to)s, approved_by = coalesce(approved_by, %(approver)s),
    approved_at = coalesce(approved_at, %(at)s), approved_hash = content_hash,
    launched_at = coalesce(launched_at, %(at)s), filled_at = coalesce(filled_at, %(at)s), starts_at = %(at)s
"""


def _move(connection: Connection, to: str, approver: str = "manager") -> None:
    with acting(connection, ZOE.of(approver)):
        connection.execute(STEP, {"to": to, "approver": ZOE.of(approver), "at": NOON})


def _bring(connection: Connection, to: str) -> None:
    for step in ROUTES[to]:
        _move(connection, step)


@pytest.mark.parametrize(("was", "to"), sorted(ALLOWED))
def test_a_campaign_goes_this_way(trial: Connection, was: str, to: str) -> None:
    with inside(trial, ZOE):
        _bring(trial, was)
        _move(trial, to)


def test_a_campaign_goes_no_other_way(trial: Connection) -> None:
    for was, to in {(was, to) for was in STATES for to in STATES if was != to} - ALLOWED:
        with violating("campaigns_transition"), inside(trial, ZOE):
            _bring(trial, was)
            _move(trial, to)


@pytest.mark.parametrize("status", ["scheduled", "active"])
def test_nothing_is_launched_unapproved(trial: Connection, status: str) -> None:
    with violating("campaigns_approved"), inside(trial, ZOE):
        trial.execute("UPDATE campaigns SET status = %s", [status])


@pytest.mark.parametrize("column", ["template", "target_audience"])
def test_approved_content_and_audience_stay_as_they_are(trial: Connection, column: str) -> None:
    for status in ("scheduled", "active", "paused", "completed", "cancelled"):
        with pytest.raises(psycopg.errors.CheckViolation), inside(trial, ZOE):
            _edit_after(trial, status, column)


def _edit_after(connection: Connection, status: str, column: str) -> None:
    _bring(connection, status)
    change = {"template": 'template = \'{"content": "New"}\'', "target_audience": "target_audience = '{\"all\": true}'"}
    connection.execute(psycopg.sql.SQL("UPDATE campaigns SET {}").format(psycopg.sql.SQL(change[column])))


def test_a_launch_without_a_moment_or_a_beginning_is_none(trial: Connection) -> None:
    for status, rule in (("active", "campaigns_launched"), ("scheduled", "campaigns_scheduled")):
        with violating(rule), inside(trial, ZOE), acting(trial, ZOE.of("manager")):
            trial.execute(
                "UPDATE campaigns SET status = %s, approved_by = %s, approved_at = now(), approved_hash = content_hash,"
                " launched_at = CASE %s WHEN 'scheduled' THEN now() END",
                [status, ZOE.of("manager"), status],
            )


@pytest.mark.parametrize("approver", ["chatter", "analyst"])
def test_only_an_owner_or_a_manager_approves_a_campaign(trial: Connection, approver: str) -> None:
    with violating("campaigns_approver"), inside(trial, ZOE):
        _move(trial, "active", approver)


def test_its_messages_stand_under_its_approval_also_when_the_person_has_left(trial: Connection) -> None:
    approval = {"approved_by": ZOE.of("manager"), "approved_at": NOON, "campaign_id": ZOE.of("campaign")}
    with inside(trial, ZOE):
        _bring(trial, "active")
        recipient(trial, ZOE)
        trial.execute("UPDATE members SET status = 'removed', removed_at = now() WHERE role = 'manager'")
        insert(trial, "messages", approved_message(trial, ZOE, **approval))


def test_a_campaign_that_is_not_active_approves_nothing(trial: Connection) -> None:
    approval = {"approved_by": ZOE.of("manager"), "approved_at": NOON, "campaign_id": ZOE.of("campaign")}
    with violating("messages_approver_acts"), inside(trial, ZOE):
        _bring(trial, "paused")
        recipient(trial, ZOE)
        insert(trial, "messages", approved_message(trial, ZOE, **approval))


def test_a_fan_is_a_recipient_once(trial: Connection) -> None:
    with violating("campaign_recipients_pkey"), inside(trial, ZOE):
        _bring(trial, "active")
        recipient(trial, ZOE)
        recipient(trial, ZOE)


def test_a_draft_has_no_recipients_for_its_words_may_change(trial: Connection) -> None:
    with violating("campaign_recipients_launched"), inside(trial, ZOE):
        recipient(trial, ZOE)


def test_no_other_words_stand_under_a_campaigns_approval(trial: Connection) -> None:
    approval = {"approved_by": ZOE.of("manager"), "approved_at": NOON, "campaign_id": ZOE.of("campaign")}
    with inside(trial, ZOE):
        _bring(trial, "active")
        recipient(trial, ZOE)
    for other in (
        {"text": "Hello you"},
        {"price_cents": 500},
        {"attachments": Jsonb([{"url": "https://a.example/b"}])},
    ):
        with violating("messages_approver_acts"), inside(trial, ZOE):
            insert(trial, "messages", approved_message(trial, ZOE, **approval, **other))


def test_nobody_else_gets_what_was_made_for_a_recipient(trial: Connection) -> None:
    approval = {"approved_by": ZOE.of("manager"), "approved_at": NOON, "campaign_id": ZOE.of("campaign")}
    with violating("messages_approver_acts"), inside(trial, ZOE):
        _bring(trial, "active")
        insert(trial, "messages", approved_message(trial, ZOE, **approval))


def test_what_the_database_wrote_for_a_recipient_is_changed_by_nobody(trial: Connection) -> None:
    for column in ("text", "content_hash", "variant", "account_id"):
        change = psycopg.sql.SQL("UPDATE campaign_recipients SET {} = NULL").format(psycopg.sql.Identifier(column))
        with pytest.raises(psycopg.errors.InsufficientPrivilege), inside(trial, ZOE):
            trial.execute(change)


def test_nothing_is_completed_while_somebody_waits(trial: Connection) -> None:
    with violating("campaigns_completed"), inside(trial, ZOE):
        _bring(trial, "active")
        recipient(trial, ZOE)
        _move(trial, "completed")
