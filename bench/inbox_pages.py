"""The pages of the inbox at the same size: the list, a thread and the poll, beside the queries of each alone.

Ours is everything that the function of the pages does for one request. Theirs is what that very request asked of the
database, statement by statement, from a plain connection of the same role in the same workspace. Nothing is written:
the threads that are opened have been read, and the one session is forgotten at the end.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from bench.comparing import in_turn, p95
from bench.data_sets import subject_of
from bench.large_data import LargeDatabase
from bench.report import Row
from huntaze.runtime import results
from huntaze.runtime.postgres import SET_CONTEXT
from huntaze.sessions.model import Preferences, Proven
from huntaze.sessions.store import END_ALL
from huntaze.web import cookies
from huntaze.web.static import Static
from huntaze.wiring import Wiring
from infra import static
from tests.support.functions import http_event, load

GOAL = 3.0
INBOX = "/messages/onlyfans"
_OK, _NOTHING_NEW = 200, 304

LONGEST_READ = """
SELECT conversation_id AS id, count(*) AS messages FROM messages JOIN conversations USING (workspace_id)
WHERE workspace_id = %s AND conversations.id = conversation_id AND unread_count = 0 AND NOT archived
GROUP BY conversation_id ORDER BY messages DESC, conversation_id LIMIT 3
"""

Event = dict[str, Any]
Query = tuple[Any, Any]


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in."""

    token: str
    app: Any

    def event(self, path: str, query: str = "", **headers: str) -> Event:
        """A request of theirs."""
        event = http_event("GET", path, query=query, headers=headers, claims=None)
        return event | {"cookies": [f"{cookies.SESSION}={self.token}"]}

    def answer(self, event: Event) -> dict[str, Any]:
        """What the function answers."""
        answer: dict[str, Any] = self.app.resolve(event)
        return answer


def measure(database: LargeDatabase, parts: Wiring, plain: psycopg.Connection[dict[str, Any]]) -> list[Row]:
    """The 95th percentile of each kind of page, ours and theirs in turn."""
    threads = [row["id"] for row in plain.execute(LONGEST_READ, [database.workspace])]
    with _signed_in(database, parts) as visitor, _same_role(database) as alone:
        rows = []
        for figure, events in _kinds(visitor, threads).items():
            asked = [_queries_of(visitor, event) for event in events]
            ours, theirs = in_turn(_answering(visitor, events), _asking(alone, asked))
            rows.append(Row(f"{figure} ({len(asked[0])} queries)", p95(ours), p95(theirs), "ms, p95", GOAL))
        return rows


def _kinds(visitor: Visitor, threads: Sequence[UUID]) -> dict[str, list[Event]]:
    queries = {
        "the list": [""],
        "unread": ["unread=1"],
        "unanswered": ["unanswered=1"],
        "a week": ["since=2026-05-01&until=2026-05-07"],
        "common tag": ["tag=photography", "tag=gym"],
        "rare tag": ["tag=film-camera", "tag=motorbikes"],
        "spend": ["min_value=50", "min_value=500"],
        "much spend": ["min_value=5000", "min_value=20000"],
        "all at once": ["tag=gym&min_value=50&unanswered=1&platform=onlyfans&since=2026-01-01"],
        "search": ["q=velvet", "q=yann", "q=sato99"],
    }
    pages = {f"page: {name}": [visitor.event(INBOX, query) for query in asked] for name, asked in queries.items()}
    return {
        **pages,
        "page: a thread": [visitor.event(f"{INBOX}/{thread}") for thread in threads],
        "poll: the list": [_poll(visitor, f"{INBOX}/news")],
        "poll: common tag and spend": [_poll(visitor, f"{INBOX}/news", "tag=gym&min_value=50")],
        "poll: rare tag": [_poll(visitor, f"{INBOX}/news", "tag=film-camera")],
        "poll: a thread": [_poll(visitor, f"{INBOX}/{thread}/news", "lines=40") for thread in threads],
        "news: the list": [_asked_by_script(visitor, f"{INBOX}/news")],
    }


def _asked_by_script(visitor: Visitor, path: str, query: str = "", **headers: str) -> Event:
    htmx = {"hx-request": "true", "hx-request-type": "partial", "hx-target": "div#live", "x-unseen": "1"}
    return visitor.event(path, query, **htmx, **headers)


def _poll(visitor: Visitor, path: str, query: str = "") -> Event:
    """What is asked while nothing happens."""
    told = visitor.answer(_asked_by_script(visitor, path, query))["headers"]["ETag"]
    event = _asked_by_script(visitor, path, query, **{"if-none-match": told})
    if visitor.answer(event)["statusCode"] != _NOTHING_NEW:
        raise AssertionError(f"Nothing has happened, and yet there are news: {path}?{query}")
    return event


def _answering(visitor: Visitor, events: Sequence[Event]) -> Callable[[int], object]:
    return lambda number: visitor.answer(events[number % len(events)])


def _asking(alone: psycopg.Connection[Any], asked: Sequence[Sequence[Query]]) -> Callable[[int], object]:
    def ask(number: int) -> None:
        for statement, values in asked[number % len(asked)]:
            alone.execute(statement, values).fetchall()

    return ask


def _queries_of(visitor: Visitor, event: Event) -> list[Query]:
    """What one request asks the database, without what begins and ends transactions."""
    asked: list[Query] = []
    execute = psycopg.Cursor.execute

    def noting(cursor: Any, statement: Any, values: Any = None, **more: Any) -> Any:
        asked.append((statement, values))
        return execute(cursor, statement, values, **more)

    psycopg.Cursor.execute = noting  # type: ignore[assignment, method-assign]  # for one request
    try:
        answer = visitor.answer(event)
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    if answer["statusCode"] not in {_OK, _NOTHING_NEW}:
        raise AssertionError(f"{event['rawPath']}?{event['rawQueryString']} answers {answer['statusCode']}")
    return asked


@contextmanager
def _signed_in(database: LargeDatabase, parts: Wiring) -> Iterator[Visitor]:
    subject = subject_of(database.workspace, "owner")
    token = parts.sessions.begin(Proven(subject, "owner@example.com"), Preferences(), None)
    app = load("web").app
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "static"
        static.build(files)
        app.static = Static(files)
        try:
            yield Visitor(token, app)
        finally:
            with parts.postgres.as_person(subject) as connection:
                connection.execute(END_ALL, {"subject": subject})


@contextmanager
def _same_role(database: LargeDatabase) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Policies hold here as they do for the functions; each statement is a transaction of its own."""
    context = {"workspace_id": str(database.workspace), "actor": ""}
    with psycopg.connect(database.app, autocommit=True, row_factory=dict_row, options="-c timezone=UTC") as alone:
        results.read_jsonb_as_written(alone)
        alone.execute(SET_CONTEXT.replace("true", "false"), context)
        yield alone
