"""Random people and machines at work on one workspace: what they try, as raw SQL, one transaction each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.compliance.dice import HASH_OF_ITSELF, NOW, PEOPLE, ROLES, STATUSES, Dice, literal
from tests.support.workspaces import MAX, NOON, ZOE, inside

Connection = psycopg.Connection[Any]
NOTHING_MORE = sql.SQL("")
Act = Callable[[Connection, Dice], None]


def insert_message(connection: Connection, dice: Dice) -> None:
    """A message out of nowhere, in whatever state."""
    content = dice.content()
    row = {
        "workspace_id": dice.often(ZOE.id, MAX.id),
        "id": dice.new_id("message"),
        "conversation_id": dice.often(ZOE.of("conversation"), MAX.of("conversation")),
        "direction": dice.often("out", "in"),
        "status": dice.often("queued", *STATUSES),
        "queued_at": NOON,
        **content,
        **dice.approval(content),
    }
    if dice.random.random() < 0.3:
        row |= dice.some_of({**dice.rest(), "sent_elsewhere": True, "sent_by_ai": True, "content_hash": bytes(32)})
    if dice.random.random() < 0.2:
        row |= {"campaign_id": dice.campaign()}
    dice.known.append(row["id"])
    _insert(connection, "messages", row)


def insert_draft_message(connection: Connection, dice: Dice) -> None:
    """A message that waits for approval."""
    row = {"workspace_id": ZOE.id, "id": dice.new_id("message"), "conversation_id": ZOE.of("conversation")}
    row |= {"direction": "out", "status": "draft", **dice.content()}
    dice.known.append(row["id"])
    _insert(connection, "messages", row)


def approve_as_it_is(connection: Connection, dice: Dice) -> None:
    """What a service would do: approve what is there, and queue it."""
    changes = {"status": "queued", "queued_at": NOON, "approved_by": dice.approver()}
    _update(connection, changes | {"approved_at": NOW, "approved_hash": HASH_OF_ITSELF}, dice.message())


def approve_and_leave_it(connection: Connection, dice: Dice) -> None:
    """An approval that is kept for later, of these or of other words."""
    as_it_is = {"approved_by": dice.approver(), "approved_at": NOW, "approved_hash": HASH_OF_ITSELF}
    _update(connection, dice.one_of(as_it_is, dice.approval(dice.content())), dice.message())


def let_out_what_was_approved(connection: Connection, dice: Dice) -> None:
    """Whoever approved drafts earlier lets one out, whatever it says now."""
    connection.execute(
        """
        UPDATE messages SET status = 'queued', queued_at = now() WHERE id = (
            SELECT id FROM messages WHERE status = 'draft' AND approved_by = current_actor()
            ORDER BY created_at DESC OFFSET %s LIMIT 1
        )
        """,
        [dice.one_of(0, 0, 1)],
    )


def change_anything(connection: Connection, dice: Dice) -> None:
    """Any columns, together or alone."""
    content = dice.content()
    del content["fan_id"]
    changes = {**dice.rest(), **content, **dice.approval({**content, "fan_id": ZOE.of("fan")})}
    everywhere = dice.random.random() < 0.05
    _update(connection, dice.some_of(changes), None if everywhere else dice.message())


def change_the_words(connection: Connection, dice: Dice) -> None:
    """Only the words: the approval, if there is one, is of others."""
    content = dice.content()
    del content["fan_id"]
    _update(connection, dice.some_of(content), dice.message())


def reword_what_waits(connection: Connection, dice: Dice) -> None:
    """What a service would do: other words and a new approval together, of something that waits or has failed."""
    content = dice.content()
    del content["fan_id"]
    message = dice.message()
    if dice.random.random() < 0.3:
        connection.execute("UPDATE messages SET status = 'queued' WHERE id = %s AND status = 'failed'", [message])
    approval = {"approved_by": dice.approver(), "approved_at": NOW, "attempt_id": dice.often(None, ZOE.of("attempt"))}
    new = {**content, "account_id": ZOE.of("account")}
    said = [literal(new[name]) for name in ("text", "price_cents", "currency", "attachments")]
    hashed = sql.SQL("message_hash(fan_id, {}, {}, {}, {}, {})").format(literal(new["account_id"]), *said)
    _update(connection, {**new, **approval, "approved_hash": dice.often(hashed, bytes(32))}, message)


def move(connection: Connection, dice: Dice) -> None:
    """Only the state, with what a state needs."""
    changes = {"status": dice.one_of(*STATUSES), "sent_at": NOON, "queued_at": NOON}
    _update(connection, dice.some_of(changes | {"attempt_id": ZOE.of("attempt")}, least=2), dice.message())


def insert_again(connection: Connection, dice: Dice) -> None:
    """An upsert: what begins as an insert ends as an update."""
    content = dice.content()
    row = {"workspace_id": ZOE.id, "id": dice.message(), "conversation_id": ZOE.of("conversation")}
    row |= {"direction": "out", "status": dice.one_of("draft", "queued"), "queued_at": NOON, **content}
    row |= dice.approval(content)
    given = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
        for name in dice.some_of({name: None for name in row if name not in {"workspace_id", "id", "fan_id"}})
        if name not in {"conversation_id", "direction"}
    )
    if given.as_string():
        _insert(connection, "messages", row, sql.SQL(" ON CONFLICT (workspace_id, id) DO UPDATE SET ") + given)


def two_steps_in_one(connection: Connection, dice: Dice) -> None:
    """One transaction that takes a role, approves, and gives it back or loses it."""
    change_people(connection, dice)
    approve_as_it_is(connection, dice)
    change_people(connection, dice)


def change_people(connection: Connection, dice: Dice) -> None:
    """Roles change, people leave and come back."""
    leaves = dice.random.random() < 0.4
    connection.execute(
        "UPDATE members SET role = %s, status = %s, removed_at = %s WHERE workspace_id = %s AND id = %s",
        [
            *(dice.one_of(*ROLES), "removed" if leaves else "active", NOON if leaves else None),
            *(ZOE.id, dice.one_of(*PEOPLE)),
        ],
    )


def change_drafts(connection: Connection, dice: Dice) -> None:
    """A machine or a person writes, somebody changes or drops it."""
    content = dice.content()
    if dice.random.random() < 0.5:
        row = {"workspace_id": ZOE.id, "id": dice.new_id("draft"), "conversation_id": ZOE.of("conversation")}
        row |= {"author": dice.often("machine", "human"), **content}
        _insert(connection, "drafts", row)
        return
    del content["fan_id"]
    _update(connection, dice.some_of(content), None, table="drafts")


def approve_a_draft(connection: Connection, dice: Dice) -> None:
    """A draft becomes a message: as it stands, or with a word changed on the way."""
    message = dice.new_id("message")
    dice.known.append(message)
    connection.execute(
        """
        WITH draft AS (
            DELETE FROM drafts WHERE ctid = (
                SELECT ctid FROM drafts WHERE workspace_id = %(ours)s ORDER BY created_at DESC LIMIT 1
            ) RETURNING *
        )
        INSERT INTO messages (workspace_id, id, conversation_id, fan_id, account_id, direction, status, text,
            price_cents, currency, attachments, approved_by, approved_at, approved_hash, queued_at)
        SELECT workspace_id, %(id)s, conversation_id, fan_id, account_id, 'out', 'queued', text || %(more)s,
            price_cents, currency, attachments, %(by)s, clock_timestamp(), content_hash, now()
        FROM draft
        """,
        {"ours": ZOE.id, "id": message, "more": dice.often("", "!"), "by": dice.approver()},
    )


_LAUNCHED = {"launched_at": NOON, "starts_at": NOON, "filled_at": NOON}


def change_campaigns(connection: Connection, dice: Dice) -> None:
    """A campaign is written, approved, started, or changed behind an approval."""
    template = Jsonb({"content": dice.one_of("Hello", "Buy now")})
    changes = {
        "status": dice.one_of("draft", "scheduled", "active", "paused", "completed"),
        "template": template,
        "approved_by": dice.often(dice.approver(), None),
        "approved_at": dice.often(NOON, NOW),
        "approved_hash": dice.often(sql.SQL("campaign_hash(template, target_audience)"), bytes(32), None),
        **_LAUNCHED,
    }
    _update(connection, dice.some_of(changes), dice.campaign(), table="campaigns")


def write_a_campaign(connection: Connection, dice: Dice) -> None:
    """A campaign that is a draft, often with an approval that lies on it."""
    dice.campaigns.append(dice.new_id("campaign"))
    about = {"workspace_id": ZOE.id, "id": dice.campaigns[-1], "name": "Another", "type": "bulk_message"}
    content = {"template": Jsonb({"content": "Hello"}), "target_audience": Jsonb({})}
    approval = {"approved_by": dice.approver(), "approved_at": NOW}
    approval |= {"approved_hash": sql.SQL("campaign_hash({template}, {target_audience})").format(**content)}
    _insert(connection, "campaigns", about | content | dice.one_of({}, approval))


def launch_a_campaign(connection: Connection, dice: Dice) -> None:
    """What a service would do: approve what is there, and launch it."""
    approval = {"approved_by": dice.approver(), "approved_at": NOW}
    approval |= {"approved_hash": sql.SQL("campaign_hash(template, target_audience)")}
    changes = approval | _LAUNCHED | {"status": dice.one_of("active", "scheduled")}
    _update(connection, changes, dice.campaign(), table="campaigns")


def fill_a_campaign(connection: Connection, dice: Dice) -> None:
    """Somebody is to get a campaign; whoever writes that down may try to write down its words, too."""
    row = {"workspace_id": ZOE.id, "campaign_id": _under_way(connection, dice), "account_id": ZOE.of("account")}
    row |= {"fan_id": dice.often(ZOE.of("fan"), ZOE.of("second fan")), "status": dice.often("pending", "skipped")}
    words = {"text": "Buy now", "price_cents": 0, "currency": "USD", "attachments": Jsonb([])}
    forged = {"text": "Buy now", "content_hash": dice.hash_of(row | words)}
    row |= {"reason": "a reason", **dice.one_of({}, forged)}
    _insert(connection, "campaign_recipients", row)


def change_recipients(connection: Connection, dice: Dice) -> None:
    """What was written down for a recipient becomes something else."""
    changes = {
        "status": dice.one_of("pending", "queued", "sent"),
        "text": "Buy now",
        "content_hash": bytes(32),
        "reason": None,
        "sent_at": NOON,
        "message_id": dice.message(),
    }
    campaign = sql.Literal(dice.campaign())
    named = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in dice.some_of(changes).items()
    )
    connection.execute(sql.SQL("UPDATE campaign_recipients SET {} WHERE campaign_id = {}").format(named, campaign))


def _under_way(connection: Connection, dice: Dice) -> UUID:
    found = connection.execute("SELECT id FROM campaigns WHERE status = 'active' ORDER BY id LIMIT 20").fetchall()
    campaign: UUID = dice.one_of(dice.campaign(), *(identity for (identity,) in found))
    return campaign


def send_for_a_campaign(connection: Connection, dice: Dice) -> None:
    """A message in the name of the act that approved the campaign, or of an act that nobody did."""
    content = dice.content()
    if dice.random.random() < 0.7:
        content |= {
            "text": dice.one_of("Hello", "Hello", "Buy now"),
            "price_cents": 0,
            "currency": "USD",
            "attachments": Jsonb([]),
        }
    message = dice.new_id("message")
    dice.known.append(message)
    row = {"workspace_id": ZOE.id, "id": message, "conversation_id": ZOE.of("conversation")}
    campaign = _under_way(connection, dice)
    row |= {"campaign_id": campaign, "direction": "out", "status": "queued", "queued_at": NOON, **content}
    approval = {"approved_hash": dice.often(dice.approval(content).get("approved_hash"), bytes(32))}
    for name in ("approved_by", "approved_at"):
        of_campaign = sql.SQL("(SELECT {} FROM campaigns WHERE id = {})").format(
            sql.Identifier(name), sql.Literal(campaign)
        )
        approval[name] = dice.often(of_campaign, NOON if name == "approved_at" else dice.one_of(*PEOPLE))
    _insert(connection, "messages", row | approval)


def change_connections(connection: Connection, dice: Dice) -> None:
    """An account expires, comes back, points elsewhere."""
    changes = {
        "status": dice.one_of("active", "expired"),
        "bridge_url": dice.one_of(None, "https://bridge.example.com"),
        "paused_at": dice.one_of(None, NOON),
        "pause_reason": "a pause",
        "platform_username": dice.one_of("zoe", None),
        "metadata": Jsonb({}),
    }
    _update(connection, dice.some_of(changes), None, table="platform_connections")


RAW: Sequence[Act] = (
    *(insert_message,) * 3,
    *(insert_draft_message,) * 2,
    *(approve_as_it_is,) * 3,
    approve_and_leave_it,
    let_out_what_was_approved,
    *(change_anything,) * 3,
    *(change_the_words,) * 2,
    reword_what_waits,
    *(move,) * 3,
    insert_again,
    two_steps_in_one,
    change_people,
    change_drafts,
    approve_a_draft,
    write_a_campaign,
    launch_a_campaign,
    change_campaigns,
    *(fill_a_campaign,) * 3,
    change_recipients,
    *(send_for_a_campaign,) * 3,
    change_connections,
)


def attempt(connection: Connection, act: Act, dice: Dice) -> bool:
    """Let somebody try something, in a transaction of its own; whether it went through."""
    dice.actor = dice.often(dice.one_of(*PEOPLE), None)
    made = len(dice.known), len(dice.campaigns)
    try:
        with inside(connection, dice.often(ZOE, ZOE, MAX), dice.actor):
            act(connection, dice)
    except psycopg.Error as error:
        if error.sqlstate is not None and error.sqlstate.startswith("42") and error.sqlstate != "42501":
            raise  # a statement that is no SQL proves nothing
        dice.refusals[error.diag.constraint_name] += 1
        del dice.known[made[0] :], dice.campaigns[made[1] :]  # so that what comes next aims at what is there
        return False
    return True


def _insert(connection: Connection, table: str, row: Mapping[str, Any], behind: sql.Composable = NOTHING_MORE) -> None:
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(literal, row.values())),
        )
        + behind
    )


def _update(connection: Connection, changes: Mapping[str, Any], row: UUID | None, table: str = "messages") -> None:
    if not changes:
        return
    given = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), literal(value)) for name, value in changes.items()
    )
    which = sql.SQL("") if row is None else sql.SQL(" WHERE id = {}").format(sql.Literal(row))
    connection.execute(sql.SQL("UPDATE {} SET ").format(sql.Identifier(table)) + given + which)
