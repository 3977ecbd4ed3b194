"""Campaigns to 100,000: what a launch costs, what making all rows costs, and what it costs to see how far one is.

Rows are made as the worker makes them: in chunks that each commit with the place they came to, under row-level
security, in the order of fans' ids, each fan locked. Theirs is one INSERT … SELECT of the same rows by a role that no
policy holds for. The words of both are made by the same triggers. All of it happens in a copy of the data set.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median
from time import monotonic, perf_counter
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo

from bench.comparing import in_turn, p95, plain_connection
from bench.data_sets import CAMPAIGNS, owner_of
from bench.in_process import claims_of, functions_on
from bench.large_data import DATABASE, LargeDatabase, large_data
from bench.report import Row
from huntaze.campaigns.model import Audience, Campaign, Filter, Plan, Status, Variant
from huntaze.wiring import Wiring
from tests.support.campaigns import CLAIMED, ENDED
from tests.support.fake_delivery import send_without_servers
from tests.support.functions import Context, http_event, load

MANY, FEW = 100_000, 2_000
GOAL_OF_SIZE, GOAL_OF_ROWS, GOAL_OF_PROGRESS = 1.5, 2.0, 3.0
LAUNCHES, FILLINGS, SENDS = 11, 3, 40
PATH = "/api/crm/campaigns"
WORDS = "Hi {name|you}, there is something new for you tonight."
ACCEPTED, OK = 202, 200
A_DAY = 86_400

COPY = "campaigns"
# The first in the order of their ids: those of a campaign to few are the first of one to many.
TAG = """
UPDATE fans SET tags = (CASE WHEN place <= %(few)s THEN '["many", "few"]' ELSE '["many"]' END)::jsonb
FROM (
    SELECT f.id, row_number() OVER (ORDER BY f.id) AS place
    FROM fans AS f JOIN platform_connections AS c ON c.workspace_id = f.workspace_id AND c.platform = f.platform
    WHERE f.workspace_id = %(workspace_id)s AND f.deleted_at IS NULL AND NOT f.do_not_contact
        AND (f.platform_id IS NOT NULL OR f.handle IS NOT NULL)
    ORDER BY f.id LIMIT %(many)s
) AS chosen
WHERE fans.workspace_id = %(workspace_id)s AND fans.id = chosen.id
"""
# Those that count run as the schema's owner, for whom policies hold.
FOR_TRIGGERS = "SELECT set_config('huntaze.workspace_id', %s, false), set_config('huntaze.actor_id', '', false)"
INSERT_SELECT = """
INSERT INTO campaign_recipients (workspace_id, campaign_id, fan_id, status, reason, account_id)
SELECT workspace_id, %(campaign_id)s, id, CASE WHEN reason IS NULL THEN 'pending' ELSE 'skipped' END, reason,
    CASE WHEN reason IS NULL THEN account_id END
FROM (
    SELECT f.workspace_id, f.id, account.id AS account_id, CASE
        WHEN f.do_not_contact THEN 'do_not_contact'
        WHEN account.id IS NULL THEN 'no_account'
        WHEN f.platform_id IS NULL AND f.handle IS NULL THEN 'unreachable'
        WHEN EXISTS (
            SELECT FROM messages AS m
            WHERE m.workspace_id = f.workspace_id AND m.fan_id = f.id AND m.direction = 'in'
                AND m.occurred_at > %(at)s - interval '30 minutes'
        ) THEN 'active_chat'
    END AS reason
    FROM fans AS f LEFT JOIN platform_connections AS account
        ON account.workspace_id = f.workspace_id AND account.platform = f.platform AND account.status <> 'revoked'
    WHERE f.workspace_id = %(workspace_id)s AND f.deleted_at IS NULL AND f.tags ?| '{many}'
) AS meant
"""
ROWS_OF = """
SELECT count(*) AS rows,
    md5(string_agg(concat_ws('|', fan_id, status, reason, account_id, text), '' ORDER BY fan_id)) AS what
FROM campaign_recipients WHERE campaign_id = %s
"""
WAITING = "SELECT id FROM messages WHERE workspace_id = %s AND status = 'queued' ORDER BY queued_at, id LIMIT %s"
ONE_ROW = "SELECT * FROM campaign_recipients WHERE workspace_id = %s AND campaign_id = %s AND fan_id = %s"
A_FAN = "SELECT fan_id AS id FROM campaign_recipients WHERE campaign_id = %s LIMIT 1"


def measure(scale: float = 1) -> list[Row]:
    """Launches, rows and progress, ours and theirs in turn."""
    with large_data(CAMPAIGNS.at(scale)) as data, _copy_of(data) as database, plain_connection(database) as plain:
        many = round(MANY * scale)
        told = {"workspace_id": database.workspace, "many": many, "few": FEW}
        if plain.execute(TAG, told).rowcount != many:
            raise AssertionError(f"There should be {many:,} fans who can be reached")
        plain.execute("VACUUM ANALYZE fans")
        plain.execute(FOR_TRIGGERS, [str(database.workspace)])
        with functions_on(database.app) as parts:
            send_without_servers(parts)
            desk = _Desk(parts, plain, database.workspace)
            return [_launches(desk, many), _rows(desk, many), *_progress(desk, many)]


@contextmanager
def _copy_of(database: LargeDatabase) -> Iterator[LargeDatabase]:
    with psycopg.connect(make_conninfo(database.superuser, dbname="postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {COPY} OWNER huntaze_admin TEMPLATE {DATABASE} STRATEGY file_copy")
        ways = (database.app, database.admin, database.superuser)
        app, admin, superuser = (make_conninfo(way, dbname=COPY) for way in ways)
        try:
            yield replace(database, app=app, admin=admin, superuser=superuser)
        finally:
            server.execute(f"DROP DATABASE {COPY} WITH (FORCE)")


@dataclass(frozen=True)
class _Desk:
    """The owner at work, and somebody for whom no policy holds."""

    parts: Wiring
    plain: psycopg.Connection[dict[str, Any]]
    workspace_id: UUID

    def draft(self, tag: str) -> Campaign:
        audience = Audience(include=Filter(tags=(tag,)))
        plan = Plan(name="Tonight", variants=(Variant(content=WORDS),), audience=audience)
        return self.parts.campaigns.create(owner_of(self.workspace_id), plan)

    def launched(self, tag: str) -> Campaign:
        """Approved and let go, and nobody has a row yet."""
        draft, owner = self.draft(tag), owner_of(self.workspace_id)
        with self.parts.in_workspace(owner) as stores:
            return stores.campaigns.launch(draft.id, owner.member_id, Status.ACTIVE, self.parts.clock.now())

    def end(self, campaign: Campaign) -> None:
        """What it left behind must not meet the next one."""
        self.parts.steering.cancel(owner_of(self.workspace_id), campaign.id)
        self.tidy()

    def tidy(self) -> None:
        """What autovacuum does where it is not switched off."""
        self.plain.execute("VACUUM ANALYZE campaign_recipients, campaign_tallies, campaigns, messages, conversations")

    def ask(self, group: str, event: dict[str, Any], status: int) -> float:
        """One request; the seconds that it took."""
        handler, began = load(group).handler, perf_counter()
        answer = handler(event, Context())
        took = perf_counter() - began
        if answer["statusCode"] != status:
            raise AssertionError(answer["body"])
        return took

    def event(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return http_event(method, path, body=body, claims=claims_of(owner_of(self.workspace_id).subject))


def _launches(desk: _Desk, many: int) -> Row:
    """The request does the same for 100,000 as for 2,000: the first chunk, and the first messages."""
    times: dict[str, list[float]] = {"many": [], "few": []}
    for _ in range(LAUNCHES):
        for tag, taken in times.items():
            draft = desk.draft(tag)
            body = {"contentHash": draft.content_hash.hex()}
            taken.append(desk.ask("campaigns", desk.event("POST", f"{PATH}/{draft.id}/launch", body), ACCEPTED) * 1000)
            desk.end(draft)
    figure = f"launch: {many:,} beside {FEW:,}"
    return Row(figure, median(times["many"]), median(times["few"]), "ms, median", GOAL_OF_SIZE)


def _rows(desk: _Desk, many: int) -> Row:
    """All rows, in chunks and at once, again and again in turn; both must have made the same."""
    ours, theirs = [], []
    for _ in range(FILLINGS):
        in_chunks, at_once = desk.launched("many"), desk.launched("many")
        ours.append(_seconds(_fill, desk, in_chunks))
        theirs.append(_seconds(_insert_select, desk, at_once))
        [found, expected] = [desk.plain.execute(ROWS_OF, [one.id]).fetchone() for one in (in_chunks, at_once)]
        if found != expected or not found or found["rows"] != many:
            raise AssertionError(f"Both ways should make the same {many:,} rows: {found} and {expected}")
        desk.end(in_chunks)
        desk.end(at_once)
    return Row(f"rows: {many:,} in chunks", median(ours), median(theirs), "s, median", GOAL_OF_ROWS)


def _fill(desk: _Desk, campaign: Campaign) -> None:
    desk.parts.flowing.filling.fill(desk.workspace_id, campaign.id, monotonic() + A_DAY)


def _insert_select(desk: _Desk, campaign: Campaign) -> None:
    told = {"workspace_id": desk.workspace_id, "campaign_id": campaign.id, "at": campaign.launched_at}
    desk.plain.execute(INSERT_SELECT, told)


def _seconds(act: Callable[[_Desk, Campaign], None], desk: _Desk, campaign: Campaign) -> float:
    began = perf_counter()
    act(desk, campaign)
    return perf_counter() - began


def _progress(desk: _Desk, many: int) -> list[Row]:
    """In the midst of it: its numbers beside one row by primary key, and the request beside that of one to few."""
    large, small = _in_the_midst(desk)
    [fan] = desk.plain.execute(A_FAN, [large.id]).fetchall()
    row = [desk.workspace_id, large.id, fan["id"]]
    with desk.parts.in_workspace(owner_of(desk.workspace_id)) as stores:
        read, by_key = in_turn(
            lambda _: stores.recipients.progress([large]),
            lambda _: desk.plain.execute(ONE_ROW, row).fetchone(),
        )
    of_many, of_few = (desk.event("GET", f"{PATH}/{campaign.id}") for campaign in (large, small))
    asked, asked_of_few = in_turn(
        lambda _: desk.ask("campaigns", of_many, OK),
        lambda _: desk.ask("campaigns", of_few, OK),
    )
    return [
        Row(f"progress: {many:,} beside a primary key", p95(read), p95(by_key), "ms, p95", GOAL_OF_PROGRESS),
        Row(f"progress: request, {many:,} beside {FEW:,}", p95(asked), p95(asked_of_few), "ms, p95", GOAL_OF_SIZE),
    ]


def _in_the_midst(desk: _Desk) -> list[Campaign]:
    """One to many and one to few, of which some are sent, with the tallies of a busy minute on top."""
    campaigns = [desk.launched(tag) for tag in ("many", "few")]
    for campaign in campaigns:
        _fill(desk, campaign)
    desk.parts.flowing.round(monotonic() + A_DAY)
    for row in desk.plain.execute(WAITING, [desk.workspace_id, SENDS]).fetchall():
        told = {"ws": desk.workspace_id, "ids": [row["id"]], "status": "sent", "reason": None}
        for step in (CLAIMED, ENDED):
            desk.plain.execute(step, told)
    desk.tidy()
    return campaigns
