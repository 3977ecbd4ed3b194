"""Which conversations are shown, and how each is read: the SQL of the inbox's lists."""

from dataclasses import fields

from huntaze.conversations.model import Filters
from huntaze.cursors import Position

# One row of the inbox: a conversation with its fan and its last message, both found through the conversation's own
# workspace, so that one filter keeps them all. Of a merged fan the one who is shown for them is told.
COLUMNS = """
    last.id, last.direction, last.text, last.status, last.occurred_at, platform, fan.value_cents, fan.currency,
    conversations.id, fan_id, fan.name, fan.handle, fan.avatar, fan.do_not_contact, last_message_at, unread_count,
    archived, created_at, updated_at
"""
# LIMIT keeps the planner to one look for each row: it knows too little of who is shown for whom, and would rather join
# all fans to all fans before it takes a page. CASE, because row-level security keeps coalesce away from indexes.
FAN_AND_LAST_MESSAGE = """
JOIN LATERAL (
    SELECT shown.name, shown.handle, shown.avatar, fans.do_not_contact OR shown.do_not_contact AS do_not_contact,
        shown.value_cents, shown.currency, shown.updated_at AS changed_at
    FROM fans JOIN fans AS shown ON shown.workspace_id = fans.workspace_id
        AND shown.id = CASE WHEN fans.merged_into IS NULL THEN fans.id ELSE fans.merged_into END
    WHERE fans.workspace_id = conversations.workspace_id AND fans.id = conversations.fan_id
        AND shown.deleted_at IS NULL
    LIMIT 1
) AS fan ON true
LEFT JOIN LATERAL (
    SELECT messages.id, direction, left(text, 200) AS text, status, occurred_at FROM messages
    WHERE messages.workspace_id = conversations.workspace_id AND conversation_id = conversations.id
        AND (status <> 'draft' OR campaign_id IS NULL)
    ORDER BY occurred_at DESC, messages.id DESC LIMIT 1
) AS last ON true
"""

# The inbox by its conditions alone: only what was asked for becomes one, so each list comes from its index.
LIST = f"""
SELECT {{columns}}
FROM conversations
{FAN_AND_LAST_MESSAGE}
WHERE workspace_id = %(workspace_id)s AND archived = %(archived)s {{conditions}}
ORDER BY newest_key DESC, conversations.id DESC
LIMIT %(limit)s
"""  # noqa: S608 - both parts stand above
ON_PLATFORM = "AND platform = %(platform)s"
UNREAD_ONLY = "AND unread_count > 0"
UNANSWERED_ONLY = "AND unanswered"
NEWEST_FROM = "AND newest_key >= %(newest_from)s"
NEWEST_TO = "AND newest_key <= %(newest_to)s"
AFTER = "AND (newest_key, conversations.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)"

# With anything asked about fans, which conversations and in which order is asked of a function that may use every
# index; the rows are read under row-level security.
SEARCH = f"""
SELECT {{columns}}
FROM conversations_matching(
    %(q)s, %(tag)s, %(min_value_cents)s, %(platform)s, %(unread)s, %(unanswered)s, %(archived)s, %(newest_from)s,
    %(newest_to)s, %(after_key)s, %(after_id)s, %(limit)s
) AS found
JOIN conversations ON conversations.id = found.conversation_id
{FAN_AND_LAST_MESSAGE}
WHERE workspace_id = %(workspace_id)s
ORDER BY found.place
"""  # noqa: S608 - the same


def statement(filters: Filters, after: Position | None, columns: str = COLUMNS) -> str:
    """The statement that reads these columns of a page."""
    if filters.about_fans:
        return SEARCH.format(columns=columns)
    return LIST.format(columns=columns, conditions=_conditions(filters, after))


def values(filters: Filters, after: Position | None, limit: int) -> dict[str, object]:
    """What it asks with, beside the workspace."""
    asked = {rule.name: getattr(filters, rule.name) for rule in fields(Filters)}
    return {**asked, "after_key": after and after.key, "after_id": after and after.id, "limit": limit}


def _conditions(filters: Filters, after: Position | None) -> str:
    asked = (
        (filters.platform, ON_PLATFORM),
        (filters.unread, UNREAD_ONLY),
        (filters.unanswered, UNANSWERED_ONLY),
        (filters.newest_from, NEWEST_FROM),
        (filters.newest_to, NEWEST_TO),
        (after, AFTER),
    )
    return " ".join(condition for wanted, condition in asked if wanted)
