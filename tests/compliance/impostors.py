"""Who takes a person's name in vain: all is right about these approvals, except that somebody else gives them."""

from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from tests.compliance.actors import Act, Connection
from tests.compliance.dice import PEOPLE, Dice
from tests.support.workspaces import ZOE, inside

QUEUE: LiteralString = """
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, queued_at,
    approved_by, approved_at, approved_hash)
VALUES (%(ours)s, %(new)s, %(conversation)s, %(fan)s, %(account)s, 'out', 'queued', 'Hello', now(), %(name)s,
    clock_timestamp(), message_hash(%(fan)s, %(account)s, 'Hello', 0, 'USD', '[]'))
"""
DRAFT_WITH_APPROVAL: LiteralString = QUEUE.replace("'queued'", "'draft'")
APPROVE_A_DRAFT: LiteralString = """
UPDATE messages SET status = 'queued', queued_at = now(), approved_by = %(name)s, approved_at = clock_timestamp(),
    approved_hash = content_hash
WHERE id = (SELECT id FROM messages WHERE status = 'draft' ORDER BY created_at DESC OFFSET %(skipped)s LIMIT 1)
"""
LET_IT_OUT: LiteralString = "UPDATE messages SET status = 'queued' WHERE id = %(new)s"
CHANGE_ITS_WORDS: LiteralString = """
UPDATE messages SET text = 'Better', approved_by = %(name)s, approved_at = clock_timestamp(),
    approved_hash = message_hash(fan_id, account_id, 'Better', price_cents, currency, attachments)
WHERE id = %(new)s
"""
LAUNCH: LiteralString = """
INSERT INTO campaigns (workspace_id, id, name, type, status, template, target_audience, approved_by, approved_at,
    approved_hash, launched_at)
VALUES (%(ours)s, %(new)s, 'Now', 'bulk_message', 'active', %(template)s, '{}', %(name)s, clock_timestamp(),
    campaign_hash(%(template)s, '{}'), now())
"""
CAMPAIGN_WITH_APPROVAL: LiteralString = LAUNCH.replace("'active'", "'draft'")
LAUNCH_IT: LiteralString = "UPDATE campaigns SET status = 'active' WHERE id = %(new)s"
# What the person does themselves, if anything, and what is then done in their name.
WAYS: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("", QUEUE),
    ("", APPROVE_A_DRAFT),
    (DRAFT_WITH_APPROVAL, LET_IT_OUT),
    (QUEUE, CHANGE_ITS_WORDS),
    ("", LAUNCH),
    (CAMPAIGN_WITH_APPROVAL, LAUNCH_IT),
)


def a_machine_names_a_person(connection: Connection, dice: Dice) -> None:
    """Nobody acts, and somebody is said to have approved."""
    _name(connection, dice, dice.one_of(*PEOPLE), actor=None)


def a_person_names_another(connection: Connection, dice: Dice) -> None:
    """Somebody acts, and somebody else is said to have approved."""
    actor, another = dice.random.sample(PEOPLE, 2)
    _name(connection, dice, another, actor)


def _name(connection: Connection, dice: Dice, name: UUID, actor: UUID | None) -> None:
    words = {"new": dice.new_id("name"), "template": Jsonb({"content": "Hello"}), "skipped": dice.one_of(0, 1, 2)}
    places = {"ours": ZOE.id} | {thing: ZOE.of(thing) for thing in ("conversation", "fan", "account")}
    earlier, now = dice.one_of(*WAYS)
    for who, statement in ((name, earlier), (actor, now)):
        if statement:
            with inside(connection, ZOE, who):
                connection.execute(statement, {**words, **places, "name": name})


IMPOSTORS: tuple[Act, ...] = (a_machine_names_a_person, a_person_names_another)
