"""What was said to fans, in PostgreSQL."""

from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.cursors import Position
from huntaze.messages.model import Status
from huntaze.money import Money
from huntaze.sent.model import STATUSES, Approver, Entry, Fate, Filters

# Only what was asked for becomes a condition, so that each list comes from the index that is made for it. LIMIT keeps
# the planner to one look at a fan for each message; of a merged fan the one who is shown for them is told.
MATCHING = """
SELECT messages.id, conversation_id, fan.name AS fan_name, left(text, 300) AS text,
    jsonb_array_length(attachments) AS media, price_cents, messages.currency, bought_at, messages.status, last_error,
    sent_elsewhere, sent_by_ai, coalesce(display_name, split_part(email, '@', 1)) AS approver,
    messages.approved_at, campaign_id, campaigns.name AS campaign, occurred_at, sent_at
FROM messages JOIN LATERAL (
    SELECT shown.name FROM fans JOIN fans AS shown ON shown.workspace_id = fans.workspace_id
        AND shown.id = CASE WHEN fans.merged_into IS NULL THEN fans.id ELSE fans.merged_into END
    WHERE fans.workspace_id = messages.workspace_id AND fans.id = messages.fan_id AND shown.deleted_at IS NULL
    LIMIT 1
) AS fan ON true
LEFT JOIN members ON members.workspace_id = messages.workspace_id AND members.id = messages.approved_by
LEFT JOIN campaigns ON campaigns.workspace_id = messages.workspace_id AND campaigns.id = campaign_id
WHERE messages.workspace_id = %(workspace_id)s{conditions}
ORDER BY occurred_at DESC, messages.id DESC
LIMIT %(limit)s
"""
# Said only where nothing else says that it is so: otherwise the index of everything would look as good as the one of
# the few that are asked for.
OUTGOING = " AND direction = 'out' AND messages.status <> 'draft'"
NO_DRAFT = " AND messages.status <> 'draft'"
BY_PERSON = " AND messages.approved_by = %(approver_id)s"
ELSEWHERE = " AND sent_elsewhere"
IN_STATUS = " AND messages.status = %(status)s"
# Said twice where it is so: the indexes of what was not sent are only used when that is plain to see.
ON_ITS_WAY = " AND messages.status NOT IN ('received', 'sent')"
SINCE = " AND occurred_at >= %(since)s"
UNTIL = " AND occurred_at < %(until)s"
AFTER = " AND (occurred_at, messages.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)"

# One look into an index for each member.
APPROVERS = """
SELECT id, coalesce(display_name, split_part(email, '@', 1)) AS name FROM members
WHERE workspace_id = %(workspace_id)s AND EXISTS (
    SELECT FROM messages WHERE messages.workspace_id = members.workspace_id AND approved_by = members.id
)
ORDER BY name, id
"""


class PostgresSent:
    """What was said in one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def matching(self, filters: Filters, after: Position | None, limit: int) -> list[Entry]:
        """Messages from the newest on, or from a place on: of two states the newest of each, put in one order."""
        if filters.fate is None:
            return self._listed(filters, None, after, limit)
        found = (self._listed(filters, status, after, limit) for status in STATUSES[filters.fate])
        return list(islice(merge(*found, key=lambda entry: (entry.occurred_at, entry.id), reverse=True), limit))

    def approvers(self) -> list[Approver]:
        """Everybody who has let something out, by name."""
        return [Approver(**row) for row in self._run(APPROVERS)]

    def _listed(self, filters: Filters, status: Status | None, after: Position | None, limit: int) -> list[Entry]:
        if filters.elsewhere and filters.fate not in {None, Fate.SENT}:
            return []  # what was typed elsewhere was sent, or we would not know of it
        asked = {"approver_id": filters.approver_id, "since": filters.since, "until": filters.until, "status": status}
        place = {"after_key": after and after.key, "after_id": after and after.id, "limit": limit}
        return [_entry(**row) for row in self._run(statement(filters, status, after), **asked, **place)]

    def _run(self, query: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(query, {"workspace_id": self._workspace_id, **parameters})


def statement(filters: Filters, status: Status | None, after: Position | None) -> str:
    """The list by its conditions alone."""
    by_person, on_its_way = filters.approver_id is not None, status not in {None, Status.SENT}
    asked = (
        (not (by_person or filters.elsewhere or on_its_way), OUTGOING),
        (by_person and status is None, NO_DRAFT),
        (by_person, BY_PERSON),
        (filters.elsewhere, ELSEWHERE),
        (status, IN_STATUS),
        (on_its_way, ON_ITS_WAY),
        (filters.since, SINCE),
        (filters.until, UNTIL),
        (after, AFTER),
    )
    return MATCHING.format(conditions="".join(condition for wanted, condition in asked if wanted))


def _entry(price_cents: int, currency: str, status: str, **others: Any) -> Entry:
    return Entry(price=Money(price_cents, currency), status=Status(status), **others)
