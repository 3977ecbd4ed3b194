"""A conversation as the page shows it: the last lines, or a stretch before them."""

from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from huntaze.cursors import Position
from huntaze.drafts.model import Author
from huntaze.errors import Invalid, NotFound
from huntaze.members.model import Permission
from huntaze.messages.model import Direction, Status
from huntaze.presence import model as present
from huntaze.threads import model
from huntaze.web.inbox_list import may_answer, query_of
from huntaze.web.inbox_typed import id_in
from huntaze.web.inbox_views import Company, DraftCard, InboxFilters, Line, Place, Talk
from huntaze.web.views import Says
from huntaze.web.visit import Visit

LINES = 40
MOST_LINES = 400  # beyond it, what is older is a page of its own
_MOST_DRAFTS = 10
LAST = UUID(int=2**128 - 1)  # after whatever was said at the same moment
REASONS = frozenset(
    {
        *("queue_unreachable", "refused", "recipient_unknown", "recipient_unavailable", "price", "content", "media"),
        *("login_expired", "forbidden", "deadline_passed", "no_connection"),
    }
)


def lines_asked(visit: Visit) -> int:
    """How many lines of the end are wanted: as many as fit at first, and more on demand."""
    word = query_of(visit).get("lines", "")
    asked_for = int(word) if word.isascii() and word.isdecimal() and len(word) <= len(str(MOST_LINES)) else LINES
    return min(max(asked_for, LINES), MOST_LINES)


def talk(visit: Visit, conversation_id: UUID, filters: InboxFilters) -> Talk:
    """The thread as it is now."""
    lines, places = lines_asked(visit), visit.bookmarks("thread", conversation_id)
    try:
        before = places.position(visit.request.query.get("before") or None)
    except Invalid:
        before = None
    thread = visit.parts.threads.read(visit.who, conversation_id, LINES if before else lines, before)
    if (sought := _sought(visit, thread)) is not None:
        before = sought
        thread = visit.parts.threads.read(visit.who, conversation_id, LINES, before)
    return Talk(
        **{name: getattr(thread.conversation, name) for name in ("id", "fan_id", "platform", "do_not_contact")},
        name=thread.conversation.fan_name,
        handle=thread.conversation.fan_handle,
        archived=thread.conversation.archived,
        lines=_lines(visit, thread),
        older=_older(visit, thread, filters, lines, is_end=before is None),
        is_end=before is None,
        may_answer=may_answer(visit),
        may_see_fan=visit.who.may(Permission.READ_FANS),
        drafts=_drafts(visit, conversation_id) if before is None else (),
        company=company_of(visit, conversation_id),
    )


def _sought(visit: Visit, thread: model.Thread) -> Position | None:
    """Right after the message that the address names, unless it is in sight already or somewhere else."""
    message_id = id_in(visit.request.query.get("at", ""))
    if message_id is None or any(line.message.id == message_id for line in thread.lines):
        return None
    try:
        message = visit.parts.messages.get(visit.who, message_id)
    except NotFound:
        return None
    if message.conversation_id != thread.conversation.id:
        return None
    return Position(message.occurred_at.isoformat(), LAST)


def _drafts(visit: Visit, conversation_id: UUID) -> tuple[DraftCard, ...]:
    """What waits for a person here: the newest, the oldest of them first, like everything that is said."""
    if not may_answer(visit):
        return ()
    found = visit.parts.drafts.page(visit.who, conversation_id, _MOST_DRAFTS).items
    return tuple(
        DraftCard(
            id=draft.id,
            text=draft.content.text,
            media=tuple(each.url for each in draft.content.media),
            price=draft.content.price if draft.content.price.cents else None,
            by_machine=draft.author is Author.MACHINE,
            at=draft.created_at,
            seen=draft.content_hash.hex(),
        )
        for draft in reversed(found)
    )


def company_of(visit: Visit, conversation_id: UUID) -> Company:
    """Who else is here, and who else answers now."""
    return as_told(visit, conversation_id, visit.parts.presence.company(visit.who, conversation_id))


def as_told(visit: Visit, conversation_id: UUID, company: present.Company) -> Company:
    """The same in names, without the reader's own."""
    holder = company.answering
    return Company(
        conversation_id=conversation_id,
        others=tuple(somebody.name for somebody in company.others),
        answering=holder.name if holder and holder.member_id != visit.who.member_id else "",
    )


def _older(visit: Visit, thread: model.Thread, filters: InboxFilters, lines: int, *, is_end: bool) -> str | None:
    """Where more stands above: the same page with more lines, or a page of its own when these are very many."""
    if not thread.has_older:
        return None
    here = filters.thread(thread.conversation.id)
    join = "&" if "?" in here else "?"
    if is_end and lines < MOST_LINES:
        return f"{here}{join}lines={min(lines + LINES, MOST_LINES)}"
    first = thread.lines[0].message.position
    return f"{here}{join}before={visit.bookmarks('thread', thread.conversation.id).cursor(first)}"


def _lines(visit: Visit, thread: model.Thread) -> tuple[Line, ...]:
    zone: tzinfo = UTC if visit.timezone == "UTC" else ZoneInfo(visit.timezone)
    told, last = [], None
    for line in thread.lines:
        day = line.message.occurred_at.astimezone(zone).date()
        told.append(_line(visit, line, line.message.occurred_at if day != last else None))
        last = day
    return tuple(told)


def _line(visit: Visit, line: model.Line, day: datetime | None) -> Line:
    message, leaving = line.message, line.leaving
    content = message.content
    return Line(
        id=message.id,
        out=message.direction is Direction.OUT,
        text=content.text,
        media=tuple(each.url for each in content.media),
        price=content.price if content.price.cents else None,
        bought_at=line.aside.bought_at,
        status=message.status,
        at=message.sent_at or message.occurred_at,
        day=day,
        leaving=Place(place=leaving.place, at=leaving.at) if leaving else None,
        reason=reason_of(message.status, message.last_error),
        approver=line.aside.approver,
        elsewhere=message.sent_elsewhere,
        by_another=message.campaign_id is None and message.approved_by not in {None, visit.who.member_id},
        may_decide=may_decide(visit, message.campaign_id),
        may_change=line.aside.may_change,
        may_check=line.aside.can_ask,
        is_asked=line.aside.is_asked,
    )


def reason_of(status: Status, last_error: str | None) -> Says | None:
    """Why a message was not sent, in our words."""
    if status is not Status.FAILED:
        return None
    return Says(f"talk.reason.{last_error if last_error in REASONS else 'other'}")


def may_decide(visit: Visit, campaign_id: UUID | None) -> bool:
    """Whether they may decide about a message on its way."""
    return visit.who.may(Permission.APPROVE_ANYTHING if campaign_id else Permission.APPROVE_REPLIES)
