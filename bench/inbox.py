"""Pages of the inbox and of threads, at a million conversations and ten million messages in one workspace.

Ours is the whole request: token, membership, transaction, rows, validation, JSON. Theirs is what one would write if
there were no row-level security: one statement over the same tables with the same indexes, by a role that no policy
holds for. Before anything is timed, both have to find the same rows.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from bench import inbox_pages
from bench.comparing import in_turn, p95, plain_connection
from bench.data_sets import EVERYTHING, subject_of
from bench.in_process import claims_of, functions_on
from bench.large_data import large_data
from bench.report import Row
from huntaze.conversations.model import Filters
from huntaze.conversations.schema import list_of as list_of_conversations
from huntaze.cursors import Cursors, Position
from huntaze.messages.model import Filters as MessageFilters
from huntaze.messages.schema import list_of as list_of_messages
from tests.support.functions import Context, http_event, load

GOAL = 3.0
ROWS, DEEP_PAGE, IN_THREAD = 50, 1_000, 100
INBOX, MESSAGES = "/api/crm/conversations", "/api/crm/messages"

PLAIN_INBOX = """
SELECT
    conversations.id, fan_id, name, handle, avatar, do_not_contact, conversations.platform,
    conversations.last_message_at, unread_count, archived, conversations.created_at, conversations.updated_at,
    last.id AS last_id, last.direction, last.text, last.status, last.occurred_at
FROM conversations
JOIN fans ON fans.workspace_id = conversations.workspace_id AND fans.id = fan_id
LEFT JOIN LATERAL (
    SELECT messages.id, direction, left(text, 200) AS text, status, occurred_at FROM messages
    WHERE messages.workspace_id = conversations.workspace_id AND conversation_id = conversations.id
    ORDER BY occurred_at DESC, messages.id DESC LIMIT 1
) AS last ON true
WHERE conversations.workspace_id = %(workspace_id)s AND NOT archived AND deleted_at IS NULL{condition}
ORDER BY newest_key DESC, conversations.id DESC LIMIT 51
"""
PLAIN_MESSAGES = """
SELECT
    text, price_cents, currency, attachments, direction, status, id, conversation_id, fan_id, account_id,
    campaign_id, sent_elsewhere, read, priority, approved_by, approved_at, sent_by_ai, attempts, last_error,
    occurred_at, queued_at, sent_at, created_at, updated_at
FROM messages
WHERE workspace_id = %(workspace_id)s{condition} AND EXISTS (
    SELECT FROM fans WHERE fans.workspace_id = messages.workspace_id AND fans.id = fan_id AND deleted_at IS NULL
)
ORDER BY occurred_at DESC, id DESC LIMIT 101
"""
PLAIN_UNREAD = """
SELECT coalesce(sum(unread_count), 0) AS id FROM conversations JOIN fans USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND unread_count > 0 AND NOT archived AND fans.id = fan_id AND deleted_at IS NULL
"""
CONTAINS = " AND search_text LIKE %(pattern)s"
UNREAD = " AND unread_count > 0"
UNANSWERED = " AND unanswered"
TAGGED = " AND tags @> %(tags)s"
WORTH = " AND value_cents >= %(cents)s"
ON_PLATFORM = " AND conversations.platform = %(platform)s"
AFTER = " AND (newest_key, conversations.id) < (%(key)s::timestamptz, %(id)s)"
OF_CONVERSATION = " AND conversation_id = %(conversation)s"
IN_STATUS = " AND status = %(status)s"
AFTER_MESSAGE = " AND (occurred_at, id) < (%(key)s::timestamptz, %(id)s)"

ALL_AT_ONCE = "tag=gym&minValueCents=5000&unanswered=true&platform=onlyfans&q=a"
EVERY_CONDITION = TAGGED + WORTH + UNANSWERED + ON_PLATFORM + CONTAINS
EVERY_VALUE = {"tags": Jsonb(["gym"]), "cents": 5_000, "platform": "onlyfans", "pattern": "%a%"}

ROW_BEFORE = """
SELECT newest_key::text AS key, id FROM conversations WHERE workspace_id = %s AND NOT archived
ORDER BY newest_key DESC, id DESC OFFSET %s LIMIT 1
"""
LONGEST_THREADS = """
SELECT conversation_id AS id, count(*) AS messages FROM messages WHERE workspace_id = %s
GROUP BY conversation_id ORDER BY messages DESC, conversation_id LIMIT 3
"""
MIDDLE_OF_THREAD = """
SELECT occurred_at::text AS key, id FROM messages WHERE workspace_id = %s AND conversation_id = %s
ORDER BY occurred_at DESC, id DESC OFFSET %s LIMIT 1
"""


@dataclass(frozen=True)
class Asked:
    """One request, and the plain statement with its values."""

    path: str
    query: str
    statement: str
    values: Mapping[str, object] = field(default_factory=dict)


def measure(scale: float = 1) -> list[Row]:
    """The 95th percentile of each kind of page, ours and theirs in turn."""
    with (
        large_data(EVERYTHING.at(scale)) as database,
        functions_on(database.app) as parts,
        plain_connection(database) as plain,
    ):
        asking = _Asking(plain, database.workspace)
        rows = []
        for figure, kind in _questions(plain, parts.cursors, database.workspace).items():
            ours, theirs = in_turn(*asking.both(kind))
            rows.append(Row(figure, p95(ours), p95(theirs), "ms, p95", GOAL))
        return [*rows, *inbox_pages.measure(database, parts, plain)]


def _questions(plain: Any, cursors: Cursors, workspace_id: UUID) -> dict[str, list[Asked]]:
    """What is asked; several of a kind take turns, so that a figure is not the luck of one word."""
    threads = [row["id"] for row in plain.execute(LONGEST_THREADS, [workspace_id])]
    return {
        "inbox: first page": [_inbox()],
        f"inbox: page {DEEP_PAGE:,}": [_deep_in_the_inbox(plain, cursors, workspace_id)],
        "inbox: unread": [_inbox("&unread=true", UNREAD)],
        "inbox: one platform": [_inbox("&platform=fansly", ON_PLATFORM, {"platform": "fansly"})],
        "inbox: rare substring, of 1 in 20,000": [_named("noemie.faure"), _named("badger58"), _named("sato99")],
        "inbox: uncommon substring, of 1 in 200": [_named("yann"), _named("bjarne"), _named("katya")],
        "inbox: common substring, of 1 in 20": [_named("example"), _named("mar"), _named("velvet")],
        "inbox: unanswered": [_inbox("&unanswered=true", UNANSWERED)],
        "inbox: rare tag, of 1 in 2,500": [_tagged("film-camera"), _tagged("motorbikes")],
        "inbox: common tag, of 1 in 20": [_tagged("photography"), _tagged("gym")],
        "inbox: spent $50 or more": [_worth(5_000)],
        "inbox: spent $5,000 or more": [_worth(500_000)],
        "inbox: all at once": [_inbox(f"&{ALL_AT_ONCE}", EVERY_CONDITION, EVERY_VALUE)],
        "inbox: how much is unread": [Asked(f"{MESSAGES}/unread-count", "", PLAIN_UNREAD)],
        "thread: newest": [_thread(each) for each in threads],
        "thread: its middle": [_deep_in_a_thread(plain, cursors, workspace_id, each) for each in threads],
        "messages of all: newest": [Asked(MESSAGES, "", PLAIN_MESSAGES.format(condition=""))],
        "messages of all: sent": [
            Asked(MESSAGES, "status=sent", PLAIN_MESSAGES.format(condition=IN_STATUS), {"status": "sent"})
        ],
    }


def _inbox(query: str = "", condition: str = "", values: Mapping[str, object] | None = None) -> Asked:
    return Asked(INBOX, f"limit={ROWS}{query}", PLAIN_INBOX.format(condition=condition), values or {})


def _named(word: str) -> Asked:
    return _inbox(f"&q={word}", CONTAINS, {"pattern": f"%{word}%"})


def _tagged(tag: str) -> Asked:
    return _inbox(f"&tag={tag}", TAGGED, {"tags": Jsonb([tag])})


def _worth(cents: int) -> Asked:
    return _inbox(f"&minValueCents={cents}", WORTH, {"cents": cents})


def _deep_in_the_inbox(plain: Any, cursors: Cursors, workspace_id: UUID) -> Asked:
    (row,) = plain.execute(ROW_BEFORE, [workspace_id, ROWS * (DEEP_PAGE - 1) - 1]).fetchall()
    cursor = list_of_conversations(cursors, workspace_id, Filters()).cursor(Position(row["key"], row["id"]))
    return _inbox(f"&cursor={cursor}", AFTER, row)


def _thread(
    conversation_id: UUID, query: str = "", condition: str = "", row: Mapping[str, object] | None = None
) -> Asked:
    statement = PLAIN_MESSAGES.format(condition=OF_CONVERSATION + condition)
    values = {"conversation": conversation_id, **(row or {})}
    return Asked(f"{INBOX}/{conversation_id}/messages", query, statement, values)


def _deep_in_a_thread(plain: Any, cursors: Cursors, workspace_id: UUID, conversation_id: UUID) -> Asked:
    (row,) = plain.execute(MIDDLE_OF_THREAD, [workspace_id, conversation_id, IN_THREAD]).fetchall()
    bookmarks = list_of_messages(cursors, workspace_id, MessageFilters(conversation_id))
    cursor = bookmarks.cursor(Position(row["key"], row["id"]))
    return _thread(conversation_id, f"cursor={cursor}", AFTER_MESSAGE, row)


class _Asking:
    """Asks both sides."""

    def __init__(self, plain: psycopg.Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._plain = plain
        self._workspace_id = workspace_id
        self._claims = claims_of(subject_of(workspace_id, "owner"))

    def both(self, kind: Sequence[Asked]) -> tuple[Callable[[int], object], Callable[[int], object]]:
        """Ask for this kind of page, one way and the other, once they have been seen to agree."""
        for asked in kind:
            ours, theirs = self._ours(asked), self._theirs(asked)
            if ours != theirs[: len(ours)] or len(ours) < min(len(theirs), ROWS):
                raise AssertionError(f"Both sides should find the same: {asked.path}?{asked.query}")
        events = [self._event(asked) for asked in kind]
        handler, context = load("conversations").handler, Context()
        return (
            lambda number: handler(events[number % len(kind)], context),
            lambda number: self._theirs(kind[number % len(kind)]),
        )

    def _event(self, asked: Asked) -> dict[str, Any]:
        return http_event("GET", asked.path, query=asked.query, claims=self._claims)

    def _ours(self, asked: Asked) -> list[str]:
        told = json.loads(load("conversations").handler(self._event(asked), Context())["body"])
        if "unreadCount" in told:
            return [str(told["unreadCount"])]
        return [row["id"] for row in told.get("conversations") or told["messages"]]

    def _theirs(self, asked: Asked) -> list[str]:
        rows = self._plain.execute(asked.statement, {"workspace_id": self._workspace_id, **asked.values}).fetchall()
        return [str(row["id"]) for row in rows]
