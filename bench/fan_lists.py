"""Pages of the list of fans: through the handler, beside the same question as a plain statement without tenancy.

Theirs is what one would write if there were no row-level security: one statement with the filters and the order, over
the same table with the same indexes, by a role that no policy holds for, from this process over a connection with the
same options. It gives rows; ours is the whole request: token, membership, transaction, rows, validation, JSON.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from bench.comparing import in_turn, p95, plain_connection
from bench.data_sets import owner_of, subject_of
from bench.in_process import claims_of, functions_on
from bench.large_data import LargeDatabase
from bench.report import Row
from huntaze.cursors import Cursors, Position
from huntaze.fans.model import Filters, Listing, Sort
from huntaze.fans.schema import list_of
from huntaze.members.model import Principal
from huntaze.wiring import Wiring
from tests.support.functions import Context, http_event, load

ROWS = 50
GOAL, GOAL_OF_DEPTH, GOAL_OF_PAGE = 3.0, 1.3, 200.0
FIRST, DEEP = "fans: first page", "fans: page 10,000"

PLAIN = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
FROM fans
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL{condition}
ORDER BY {sort_key} DESC, id DESC LIMIT 51
"""
CONTAINS = " AND search_text LIKE %(pattern)s"
TAGGED = " AND tags @> %(tags)s"
AFTER = " AND (created_at, id) < (%(key)s::timestamptz, %(id)s)"
SORT_KEYS = {Sort.CREATED: "created_at", Sort.LAST_SEEN: "seen_key"}

# A cursor says after which row its page begins. For page 10,000 an index is read once up to there.
ROW_BEFORE = """
SELECT created_at::text AS key, id FROM fans WHERE workspace_id = %s AND deleted_at IS NULL
ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1
"""


@dataclass(frozen=True)
class Asked:
    """One request, and the plain statement's condition with its values."""

    query: str = ""
    condition: str = ""
    values: dict[str, object] = field(default_factory=dict)
    sort: Sort = Sort.CREATED


def containing(word: str) -> Asked:
    """Part of a name, handle or email."""
    return Asked(f"&q={word}", CONTAINS, {"pattern": f"%{word}%"})


def tagged(tag: str, sort: Sort = Sort.CREATED) -> Asked:
    """All with a tag."""
    return Asked(f"&tag={tag}&sort={sort}", TAGGED, {"tags": Jsonb([tag])}, sort)


# Several of a kind take turns, so that a figure is not the luck of one word.
QUESTIONS: dict[str, Sequence[Asked]] = {
    "fans: rare substring, of 1 in 20,000": [containing("noemie.faure"), containing("badger58"), containing("sato99")],
    "fans: uncommon substring, of 1 in 200": [containing("yann"), containing("bjarne"), containing("katya")],
    "fans: common substring, of 1 in 20": [containing("example"), containing("mar"), containing("velvet")],
    "fans: substring of two letters": [containing("an"), containing("zx")],
    "fans: rare tag, of 1 in 2,500": [tagged("film-camera"), tagged("motorbikes")],
    "fans: common tag, of 1 in 20": [tagged("photography"), tagged("gym")],
    "fans: common tag of nobody near the top": [tagged("quiet", Sort.LAST_SEEN), tagged("quiet")],
}


def measure(database: LargeDatabase) -> list[Row]:
    """The 95th percentile of each kind of page, ours and theirs in turn."""
    with functions_on(database.app) as parts, plain_connection(database) as plain:
        asking = _Asking(plain, database.workspace)
        first, deep = Asked(), _after_row(plain, parts.cursors, database.workspace, ROWS * 9_999)
        who = owner_of(database.workspace)
        rows = _pages(asking, first, deep, lambda _: parts.fans.page(who, Listing(ROWS)))
        for figure, kind in QUESTIONS.items():
            ours, theirs = in_turn(*asking.both(kind))
            rows.append(Row(figure, p95(ours), p95(theirs), "ms, p95", GOAL))
        return [*rows, *_beside_the_list(parts, who)]


def _pages(asking: "_Asking", first: Asked, deep: Asked, use_case: Callable[[int], object]) -> list[Row]:
    """Both pages in one race, for they are compared to each other too; and the use case, to tell rows from JSON."""
    times = in_turn(*asking.both([first]), *asking.both([deep]), use_case)
    ours, theirs, ours_deep, theirs_deep, rows_alone = map(p95, times)
    return [
        Row(FIRST, ours, theirs, "ms, p95", GOAL),
        Row(f"{FIRST}, the use case without HTTP", rows_alone, theirs, "ms, p95", GOAL),
        Row(DEEP, ours_deep, theirs_deep, "ms, p95", GOAL),
        Row(f"{DEEP} beside the first", ours_deep, ours, "ms, p95", GOAL_OF_DEPTH),
    ]


def _beside_the_list(parts: Wiring, who: Principal) -> list[Row]:
    """What the web page asks in addition: how many match and what they are worth, and the tags to choose from."""
    ways = {
        "fans page: totals of everybody": lambda _: parts.fans.totals(who, Filters()),
        "fans page: totals of a substring": lambda _: parts.fans.totals(who, Filters(q="example")),
        "fans page: totals of the most common tag": lambda _: parts.fans.totals(who, Filters(tag="quiet")),
        "fans page: tags and how many have each": lambda _: parts.tags.all(who),
    }
    times = in_turn(*ways.values())
    return [Row(figure, p95(taken), None, "ms, p95", GOAL_OF_PAGE) for figure, taken in zip(ways, times, strict=True)]


class _Asking:
    """Asks both sides."""

    def __init__(self, plain: psycopg.Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._plain = plain
        self._workspace_id = workspace_id
        self._claims = claims_of(subject_of(workspace_id, "owner"))

    def both(self, kind: Sequence[Asked]) -> tuple[Callable[[int], object], Callable[[int], object]]:
        """Ask for this kind of page, one way and the other, once they have been seen to agree."""
        for asked in kind:
            if self._ours(asked) != self._theirs(asked)[:ROWS]:
                raise AssertionError(f"Both sides should find the same fans: {asked.query}")
        events = [self._event(asked) for asked in kind]
        handler, context = load("fans").handler, Context()
        return (
            lambda number: handler(events[number % len(kind)], context),
            lambda number: self._theirs(kind[number % len(kind)]),
        )

    def _event(self, asked: Asked) -> dict[str, Any]:
        return http_event("GET", "/api/crm/fans", query=f"limit={ROWS}{asked.query}", claims=self._claims)

    def _ours(self, asked: Asked) -> list[str]:
        answer = load("fans").handler(self._event(asked), Context())
        return [fan["id"] for fan in json.loads(answer["body"])["fans"]]

    def _theirs(self, asked: Asked) -> list[str]:
        statement = PLAIN.format(condition=asked.condition, sort_key=SORT_KEYS[asked.sort])
        rows = self._plain.execute(statement, {"workspace_id": self._workspace_id, **asked.values}).fetchall()
        return [str(row["id"]) for row in rows]


def _after_row(plain: psycopg.Connection[dict[str, Any]], cursors: Cursors, workspace_id: UUID, number: int) -> Asked:
    """The page that begins after the row of this number."""
    (row,) = plain.execute(ROW_BEFORE, [workspace_id, number - 1]).fetchall()
    cursor = list_of(cursors, workspace_id, Filters(), Sort.CREATED).cursor(Position(row["key"], row["id"]))
    return Asked(f"&cursor={cursor}", AFTER, row)
