"""An approval is the act of the person it names: nobody's transaction writes one in somebody else's name."""

from datetime import timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from tests.support.outgoing import approved_message, message_in, recipient
from tests.support.violations import violating
from tests.support.workspaces import NOON, ZOE, acting, insert, inside

Connection = psycopg.Connection[Any]

CHATTER, MANAGER, OWNER = ZOE.of("chatter"), ZOE.of("manager"), ZOE.of("owner")
OTHERS = pytest.mark.parametrize("other", [None, OWNER], ids=["a machine", "another person"])
APPROVE = """
UPDATE messages SET approved_by = %(by)s, approved_at = %(at)s, approved_hash = content_hash WHERE id = %(id)s
"""
LET_OUT = "UPDATE messages SET status = 'queued', queued_at = now() WHERE id = %s"
# In the order in which they were taken; the first is the draft's own.
STEPS = "SELECT from_status, to_status, actor_id FROM message_transitions WHERE message_id = %s ORDER BY id OFFSET 1"
APPROVE_CAMPAIGN = "UPDATE campaigns SET approved_by = %s, approved_at = %s, approved_hash = content_hash"
MOVE_CAMPAIGN = """
UPDATE campaigns SET status = %s, launched_at = coalesce(launched_at, now()), starts_at = now(), filled_at = now()
"""
NEW_CAMPAIGN = """
INSERT INTO campaigns (workspace_id, id, name, type, status, template, target_audience, approved_by, approved_at,
    approved_hash, launched_at)
VALUES (%s, gen_random_uuid(), 'Now', 'bulk_message', 'active', '{}', '{}', %s, now(), campaign_hash('{}', '{}'), now())
"""


def _approve(connection: Connection, thing: str, minutes: int = 0) -> None:
    approval = {"by": CHATTER, "at": NOON + timedelta(minutes=minutes), "id": ZOE.of(thing)}
    connection.execute(APPROVE, approval)


def _approved_campaign(connection: Connection, status: str = "draft") -> None:
    with acting(connection, MANAGER):
        connection.execute(APPROVE_CAMPAIGN, [MANAGER, NOON])
        connection.execute(MOVE_CAMPAIGN, [status])


@OTHERS
def test_nobody_queues_a_message_in_the_name_of_somebody_else(trial: Connection, other: Any) -> None:
    with violating("messages_approver_acts"), inside(trial, ZOE, other):
        insert(trial, "messages", approved_message(trial, ZOE))


@OTHERS
def test_nobody_approves_a_draft_in_the_name_of_somebody_else(trial: Connection, other: Any) -> None:
    with violating("messages_approver_acts"), inside(trial, ZOE, other):
        _approve(trial, "draft message")


@OTHERS
@pytest.mark.parametrize(
    "completion",
    [
        "UPDATE messages SET approved_at = now() WHERE status = 'draft'",
        "UPDATE messages SET approved_hash = content_hash WHERE status = 'draft'",
    ],
)
def test_nobody_completes_the_approval_of_somebody_else(
    trial: Connection, other: Any, completion: LiteralString
) -> None:
    with inside(trial, ZOE, CHATTER):
        trial.execute("UPDATE messages SET approved_by = %s WHERE status = 'draft'", [CHATTER])
    with violating("messages_approver_acts"), inside(trial, ZOE, other):
        trial.execute(completion)


@OTHERS
def test_an_approval_that_lies_on_a_draft_lets_it_out_by_that_persons_hand_alone(trial: Connection, other: Any) -> None:
    with inside(trial, ZOE, CHATTER):
        _approve(trial, "draft message")
    with violating("messages_approver_acts"), inside(trial, ZOE, other):
        trial.execute(LET_OUT, [ZOE.of("draft message")])
    with inside(trial, ZOE, CHATTER):
        trial.execute(LET_OUT, [ZOE.of("draft message")])
        assert trial.execute(STEPS, [ZOE.of("draft message")]).fetchall() == [("draft", "queued", CHATTER)]


def test_an_approval_that_lies_on_a_draft_needs_a_person_who_still_may(trial: Connection) -> None:
    with violating("messages_approver"), inside(trial, ZOE, CHATTER):
        _approve(trial, "draft message")
        trial.execute("UPDATE members SET role = 'analyst' WHERE id = %s", [CHATTER])
        trial.execute(LET_OUT, [ZOE.of("draft message")])


@OTHERS
def test_nobody_renews_an_approval_in_the_name_of_somebody_else(trial: Connection, other: Any) -> None:
    with violating("messages_approver_acts"), inside(trial, ZOE, other):
        message_in(trial, ZOE, "queued")
        _approve(trial, "a queued message", minutes=1)


def test_a_new_approval_of_a_waiting_message_tells_whose_hand_it_was(trial: Connection) -> None:
    with inside(trial, ZOE, OWNER):
        waiting = message_in(trial, ZOE, "queued")
        trial.execute(APPROVE, {"by": OWNER, "at": NOON + timedelta(minutes=1), "id": waiting})
        trial.execute("UPDATE messages SET priority = 9 WHERE id = %s", [waiting])  # no approval, and no step
        assert trial.execute(STEPS, [waiting]).fetchall() == [("draft", "queued", CHATTER), ("queued", "queued", OWNER)]


def test_what_was_approved_is_sent_and_tried_again_by_a_machine(trial: Connection) -> None:
    with inside(trial, ZOE):
        message = message_in(trial, ZOE, "failed")
        trial.execute(LET_OUT, [message])
        actors = [actor for *_, actor in trial.execute(STEPS, [message])]
        assert actors == [CHATTER, None, None, None]


@OTHERS
def test_nobody_approves_a_campaign_in_the_name_of_somebody_else(trial: Connection, other: Any) -> None:
    with violating("campaigns_approver_acts"), inside(trial, ZOE, other):
        trial.execute(APPROVE_CAMPAIGN, [MANAGER, NOON])
    with violating("campaigns_approver_acts"), inside(trial, ZOE, other):
        trial.execute(NEW_CAMPAIGN, [ZOE.id, MANAGER])


@OTHERS
@pytest.mark.parametrize("to", ["scheduled", "active"])
def test_an_approval_that_lies_on_a_campaign_launches_it_by_that_persons_hand_alone(
    trial: Connection, other: Any, to: str
) -> None:
    with inside(trial, ZOE):
        _approved_campaign(trial)
    with violating("campaigns_approver_acts"), inside(trial, ZOE, other):
        trial.execute(MOVE_CAMPAIGN, [to])
    with inside(trial, ZOE, MANAGER):
        trial.execute(MOVE_CAMPAIGN, [to])


@pytest.mark.parametrize(("was", "then"), [("scheduled", ["active", "completed"]), ("draft", ["cancelled"])])
def test_a_machine_starts_what_a_person_scheduled_and_stops_what_nobody_launched(
    trial: Connection, was: str, then: list[str]
) -> None:
    with inside(trial, ZOE):
        _approved_campaign(trial, was)
        for status in then:
            trial.execute(MOVE_CAMPAIGN, [status])


def test_a_machine_writes_the_messages_of_a_campaign_under_the_act_that_approved_it(trial: Connection) -> None:
    act = {"approved_by": MANAGER, "approved_at": NOON, "campaign_id": ZOE.of("campaign")}
    with inside(trial, ZOE):
        _approved_campaign(trial, "active")
        recipient(trial, ZOE)
        insert(trial, "messages", approved_message(trial, ZOE, **act))
    for changed in ({"approved_by": OWNER}, {"approved_at": NOON + timedelta(seconds=1)}, {"campaign_id": None}):
        with violating("messages_approver_acts"), inside(trial, ZOE):
            insert(trial, "messages", approved_message(trial, ZOE, **{**act, **changed, "id": ZOE.of("another")}))
