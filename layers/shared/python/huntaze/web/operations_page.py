"""Operations: is it healthy, and what do I do if not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from huntaze.campaigns.model import Outcome
from huntaze.campaigns.model import Status as CampaignStatus
from huntaze.errors import Unavailable
from huntaze.members.model import Permission
from huntaze.monitoring.model import CountedPart, Health, Part, Trouble
from huntaze.sent.model import Fate, Filters
from huntaze.web import campaigns_views, imports_views
from huntaze.web.accounts_at_hand import accounts
from huntaze.web.answer import Answer
from huntaze.web.operations_views import PATH, OperationsPage, PartRow, Queued, Work
from huntaze.web.sent_page import row_of
from huntaze.web.views import Says, Toast

if TYPE_CHECKING:
    from huntaze.web.visit import Visit

ROWS = 20
_CAMPAIGNS = (CampaignStatus.ACTIVE, CampaignStatus.PAUSED, CampaignStatus.SCHEDULED)
_MOST_OF_A_STATE = 10
_MINUTE = 60


def show_operations(visit: "Visit") -> Answer:
    """The whole page, or what is new in it; nothing when nothing is."""
    visit.who.must(Permission.OPERATE)
    return visit.page_or_news("operations.html", _page(visit), active="operations")


def redrive(visit: "Visit") -> Answer:
    """Put dead letters back into the queue."""
    visit.who.must(Permission.OPERATE)
    try:
        done = visit.parts.redriving.redrive(visit.who)
    except Unavailable:
        return visit.go(PATH, Toast(says=Says("operations.redrive.away"), tone="warning"))
    if done.left:
        gaps = {"moved": done.moved, "left": done.left}
        return visit.go(PATH, Toast(says=Says("operations.redrive.some", gaps), tone="warning"))
    return visit.go(PATH, Toast(says=Says("operations.redrive.done", {"count": done.moved})))


def _page(visit: "Visit") -> OperationsPage:
    who, health = visit.who, visit.parts.monitoring.health(visit.who)
    trouble = visit.parts.sent_log.page(who, Filters(fate=Fate.TROUBLE), ROWS)
    depth = health.queue
    view = OperationsPage(
        condition=health.condition,
        held=health.held is not None,
        parts=tuple(_parts(health)),
        queue=None
        if depth.due is None
        else Queued(due=depth.due, delayed=depth.delayed or 0, in_flight=depth.in_flight or 0),
        dead_letters=health.dead_letters.count,
        rows=tuple(row_of(visit, entry) for entry in trouble.items),
        accounts=accounts(visit),
        works=(*_imports(visit), *_exports(visit), *_campaigns(visit)),
    )
    return replace(view, word=visit.word_of(view))


def _parts(health: Health) -> Iterator[PartRow]:
    yield _part("database", health.database)
    yield _part("redis", health.redis)
    yield _part("queue", health.queue)
    yield _part("dead_letters", health.dead_letters, _count(health.dead_letters))
    late = health.outbox.age_seconds
    yield _part("outbox", health.outbox, None if late is None else _late(late))
    yield _part("unknown_messages", health.unknown_messages, _count(health.unknown_messages))
    for one in health.platforms:
        yield replace(_part("platform", one), platform=str(one.platform))


def _part(key: str, part: Part, figure: Says | None = None) -> PartRow:
    return PartRow(
        key=key,
        condition=part.condition,
        figure=figure,
        trouble=_trouble(key, part.trouble) if part.trouble else None,
        runbook=part.runbook,
    )


def _trouble(key: str, trouble: Trouble) -> Says:
    named = f"{trouble}.{key}" if trouble is Trouble.NO_ANSWER else str(trouble)
    return Says(f"operations.trouble.{named}")


def _count(part: CountedPart) -> Says | None:
    return None if part.count is None else Says("operations.count", {"count": part.count})


def _late(seconds: float) -> Says:
    """In minutes: what is told by the second would be news each time."""
    minutes = int(seconds // _MINUTE)
    return Says("operations.late", {"count": minutes}) if minutes else Says("operations.in_time")


def _imports(visit: "Visit") -> Iterator[Work]:
    for one in visit.parts.imports.recent(visit.who):
        if one.status.working:
            yield Work(
                kind="import",
                href=f"{imports_views.PATH}/{one.id}",
                name=one.file_name or "",
                state=Says(f"imports.state.{one.status}"),
                done=int(one.progress * 100),
                total=100,
                at=one.created_at,
            )


def _exports(visit: "Visit") -> Iterator[Work]:
    """One's own: who asked for an export is the only one to see it."""
    now = visit.parts.clock.now()
    for one in visit.parts.exports.recent(visit.who):
        if one.under_way(now):
            yield Work(
                kind="export",
                href="/fans",
                name=one.file_name,
                state=Says("operations.writing"),
                done=one.rows,
                total=max(one.expected_rows or 0, one.rows, 1),
                at=one.created_at,
            )


def _campaigns(visit: "Visit") -> Iterator[Work]:
    for status in _CAMPAIGNS:
        for standing in visit.parts.campaigns.page(visit.who, _MOST_OF_A_STATE, status=status).items:
            campaign, progress = standing.campaign, standing.progress
            yield Work(
                kind="campaign",
                href=f"{campaigns_views.PATH}/{campaign.id}",
                name=campaign.name,
                state=Says("campaigns.sent_of", {"sent": progress.of(Outcome.SENT), "count": progress.recipients})
                if progress.recipients
                else Says(f"campaigns.state.{status}"),
                done=progress.ended,
                total=max(progress.recipients, 1),
                at=campaign.launched_at or campaign.updated_at,
            )
