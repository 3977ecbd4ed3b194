"""Who takes a person's name in vain: all is right about these approvals, except that somebody else gives them."""

from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from tests.compliance.actors import Act, Connection
from tests.compliance.dice import PEOPLE, Dice
from tests.support.workspaces import ZOE, inside

INSERT_QUEUED = """
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, queued_at,
    approved_by, approved_at, approved_hash)
VALUES (%(ours)s, %(new)s, %(conversation)s, %(fan)s, %(account)s, 'out', 'queued', 'Hello', now(), %(name)s,
    clock_timestamp(), message_hash(%(fan)s, %(account)s, 'Hello', 0, 'USD', '[]'))
"""
QUEUE_A_DRAFT = """
UPDATE messages SET status = 'queued', queued_at = now(), approved_by = %(name)s, approved_at = clock_timestamp(),
    approved_hash = content_hash
WHERE id = (SELECT id FROM messages WHERE status = 'draft' ORDER BY created_at DESC OFFSET %(skipped)s LIMIT 1)
"""
# The approval lies on it already, given by the person themselves; only the step is somebody else's.
LET_A_DRAFT_OUT = """
UPDATE messages SET status = 'queued', queued_at = now()
WHERE id = (
    SELECT id FROM messages WHERE status = 'draft' AND approved_hash = content_hash AND approved_by <> %(actor)s
    ORDER BY created_at DESC LIMIT 1
)
"""
CHANGE_WHAT_WAITS = """
UPDATE messages SET text = 'Better', approved_by = %(name)s,
    approved_at = greatest(clock_timestamp(), approved_at + interval '1 second'),
    approved_hash = message_hash(fan_id, account_id, 'Better', price_cents, currency, attachments)
WHERE id = (
    SELECT id FROM messages WHERE status = 'queued' AND claims = 0 ORDER BY created_at DESC OFFSET %(skipped)s LIMIT 1
)
"""
INSERT_A_LAUNCHED_CAMPAIGN = """
INSERT INTO campaigns (workspace_id, id, name, type, status, template, target_audience, approved_by, approved_at,
    approved_hash)
VALUES (%(ours)s, %(new)s, 'Now', 'bulk_message', 'active', %(template)s, '{}', %(name)s, clock_timestamp(),
    campaign_hash(%(template)s, '{}'))
"""
LAUNCH_A_CAMPAIGN = """
UPDATE campaigns SET status = 'active'
WHERE id = (
    SELECT id FROM campaigns WHERE status = 'draft' AND approved_hash = content_hash AND approved_by <> %(actor)s
    ORDER BY created_at DESC LIMIT 1
)
"""
WAYS: tuple[LiteralString, ...] = (
    INSERT_QUEUED,
    QUEUE_A_DRAFT,
    LET_A_DRAFT_OUT,
    CHANGE_WHAT_WAITS,
    INSERT_A_LAUNCHED_CAMPAIGN,
    LAUNCH_A_CAMPAIGN,
)
NOBODY = UUID(int=0)


def a_machine_names_a_person(connection: Connection, dice: Dice) -> None:
    """Nobody acts, and somebody is said to have approved."""
    _name(connection, dice, dice.one_of(*PEOPLE), actor=None)


def a_person_names_another(connection: Connection, dice: Dice) -> None:
    """Somebody acts, and somebody else is said to have approved."""
    actor, another = dice.random.sample(PEOPLE, 2)
    _name(connection, dice, another, actor)


def _name(connection: Connection, dice: Dice, name: UUID, actor: UUID | None) -> None:
    new = dice.new_id("message")
    dice.known.append(new)
    words = {"new": new, "template": Jsonb({"content": "Hello"}), "skipped": dice.random.randrange(3)}
    places = {"ours": ZOE.id} | {thing: ZOE.of(thing) for thing in ("conversation", "fan", "account")}
    with inside(connection, ZOE, actor):
        connection.execute(dice.one_of(*WAYS), {**words, **places, "name": name, "actor": actor or NOBODY})


IMPOSTORS: tuple[Act, ...] = (a_machine_names_a_person, a_person_names_another)
