"""The log of what was said to fans: who let it out, and what became of it."""

from datetime import datetime, timedelta
from http import HTTPStatus

from huntaze.errors import Invalid
from huntaze.sent.model import Entry, Fate, Filters
from huntaze.web import typed
from huntaze.web.answer import Answer
from huntaze.web.inbox_thread import may_decide, reason_of
from huntaze.web.inbox_typed import id_in
from huntaze.web.inbox_views import Line, Place
from huntaze.web.sent_views import ELSEWHERE, PATH, SentFilters, SentPage, SentRow, at_message
from huntaze.web.site import Route
from huntaze.web.views import Says
from huntaze.web.visit import Visit

ROWS = 40
_LONGEST = 40
_FATES = {fate.value: fate for fate in Fate}


def show_sent(visit: Visit) -> Answer:
    """A page of the log."""
    shown, wanted = _asked(visit)
    places, cursor = visit.bookmarks("sent", *shown.narrowing.items()), visit.request.query.get("cursor")
    try:
        page = visit.parts.sent_log.page(visit.who, wanted, ROWS, places.position(cursor))
    except Invalid:  # the cursor belongs to other filters: the log is still there, from its newest
        return visit.go(shown.address())
    view = SentPage(
        filters=shown,
        rows=tuple(row_of(visit, entry) for entry in page.items),
        people=visit.parts.sent_log.approvers(visit.who),
        next_cursor=places.cursor(page.next),
        first=cursor is None,
    )
    status = HTTPStatus.BAD_REQUEST if shown.problems else HTTPStatus.OK
    return visit.part(view, status=status) if visit.request.part else _whole(visit, view, status)


def _whole(visit: Visit, view: SentPage, status: HTTPStatus) -> Answer:
    return visit.page("sent.html", view, status, active="inbox")


def _asked(visit: Visit) -> tuple[SentFilters, Filters]:
    """What the address asks for. What is in no list that one could choose from asks for nothing."""
    query = visit.request.query
    words = typed.without_nul({name: query.get(name, "")[:_LONGEST] for name in ("person", "state", "since", "until")})
    person = id_in(words["person"])
    since, until = (typed.day(words[name], visit.timezone) for name in ("since", "until"))
    unclear = {"since": since is None, "until": until is None}
    shown = SentFilters(
        person=ELSEWHERE if words["person"] == ELSEWHERE else str(person or ""),
        state=words["state"] if words["state"] in _FATES else "",
        since=words["since"],
        until=words["until"],
        problems={name: Says("problem.date") for name, wrong in unclear.items() if wrong and words[name]},
    )
    return shown, Filters(
        approver_id=person,
        elsewhere=shown.person == ELSEWHERE,
        fate=_FATES.get(shown.state),
        since=since,
        until=until and _day_after(words["until"], visit.timezone),
    )


def _day_after(day: str, zone: str) -> datetime | None:
    """The end of a day is the beginning of the next, however long it is."""
    return typed.day(f"{datetime.fromisoformat(day) + timedelta(days=1):%Y-%m-%d}", zone)


def row_of(visit: Visit, entry: Entry) -> SentRow:
    """A message of the log, with what can be done about it."""
    leaving = entry.leaving
    line = Line(
        id=entry.id,
        out=True,
        text=" ".join(entry.text.split()),
        media=("",) * entry.media,
        price=entry.price if entry.price.cents else None,
        bought_at=entry.bought_at,
        status=entry.status,
        at=entry.sent_at or entry.occurred_at,
        leaving=Place(place=leaving.place, at=leaving.at) if leaving else None,
        reason=reason_of(entry.status, entry.last_error),
        approver=entry.approver,
        elsewhere=entry.sent_elsewhere,
        may_decide=may_decide(visit, entry.campaign_id),
    )
    return SentRow(
        line=line,
        conversation_id=entry.conversation_id,
        fan=entry.fan_name,
        href=at_message(entry.conversation_id, entry.id),
        campaign=entry.campaign,
        by_machine=entry.sent_by_ai,
        approved_at=entry.approved_at,
    )


ROUTES = (Route("GET", PATH, show_sent),)
