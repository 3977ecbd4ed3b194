"""The inbox: the list, the thread that is open, and what is new in both."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from huntaze.threads.model import Pulse, Window
from huntaze.web import cookies
from huntaze.web.answer import Answer
from huntaze.web.fans_list import known_tags
from huntaze.web.inbox_arrivals import with_arrivals
from huntaze.web.inbox_list import ROWS, asked, listed, may_answer, narrowed, news_of, place
from huntaze.web.inbox_thread import lines_asked, talk
from huntaze.web.inbox_views import PATH, SHORTCUT, About, InboxFilters, InboxPage, KnownTags
from huntaze.web.site import Route
from huntaze.web.visit import Visit

_EVERY = 10  # seconds: while something waits, its place in line moves though nothing of it is written
_LIST = {"list", "conversations"}  # parts without the thread


def show_inbox(visit: Visit) -> Answer:
    """The list alone."""
    view = _alone(visit, asked(visit))
    status = status_of(view)
    return (
        visit.part(view, status=status)
        if visit.request.part
        else visit.page("inbox.html", view, status, active="inbox")
    )


def status_of(view: InboxPage) -> HTTPStatus:
    """Whether what was asked for was understood."""
    return HTTPStatus.BAD_REQUEST if view.filters.problems else HTTPStatus.OK


def page_of(visit: Visit, conversation_id: UUID) -> InboxPage:
    """Everything that the page of a thread shows, or that a part of it does."""
    shown = asked(visit)
    with visit.parts.as_one(visit.who):
        pulse = _pulse(visit, shown, conversation_id)  # first the pulse: what changes meanwhile is news
        view = replace(listed(visit, shown, conversation_id), pulse=_etag(visit, pulse), fan_pulse=pulse.about)
        if visit.request.part not in _LIST:
            view = _with_thread(visit, view, conversation_id)
        view = with_arrivals(visit, view)
    if view.talk is not None and not view.talk.is_end:
        return replace(view, pulse="")  # a stretch before the end has no news
    live = news_of(visit, view.filters, f"{PATH}/{conversation_id}/news", lines=lines_asked(visit))
    return replace(view, live=live)


def _with_thread(visit: Visit, view: InboxPage, conversation_id: UUID) -> InboxPage:
    thread = talk(visit, conversation_id, view.filters)
    view = replace(view, talk=thread, folded=visit.request.cookies.get(cookies.FOLDED) == "1")
    return replace(view, about=About.of(thread.id, thread.name, view.filters)) if thread.may_see_fan else view


def show_tags(visit: Visit) -> Answer:
    """The tags to choose from, once somebody means to: to count them takes longer than the page."""
    return visit.part(KnownTags(tags=known_tags(visit)))


def show_news(visit: Visit) -> Answer:
    """The list, and what is new in it; nothing when nothing is."""
    return _news(visit, None)


def show_thread_news(visit: Visit) -> Answer:
    """The same with the thread that is open."""
    return _news(visit, visit.id("conversation_id"))


def _news(visit: Visit, conversation_id: UUID | None) -> Answer:
    known, shown = visit.request.headers.get("if-none-match", ""), asked(visit)
    if known and known == _etag(visit, _pulse(visit, shown, conversation_id)):
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": known})
    if conversation_id is None:
        view = _alone(visit, shown)
    else:
        if not _unseen(visit):
            read_by(visit, conversation_id)
        view = page_of(visit, conversation_id)
    return visit.part(view).with_headers({"ETag": view.pulse})


def _alone(visit: Visit, shown: InboxFilters) -> InboxPage:
    with visit.parts.as_one(visit.who):
        pulse, view = _etag(visit, _pulse(visit, shown, None)), with_arrivals(visit, listed(visit, shown))
    return replace(view, live=news_of(visit, view.filters, f"{PATH}/news"), pulse=pulse)


def _pulse(visit: Visit, shown: InboxFilters, conversation_id: UUID | None) -> Pulse:
    filters = narrowed(visit, shown)
    window = Window(
        listed=filters,
        after=place(visit, filters, shown.cursor),
        rows=ROWS + 1,  # whether there is a next page is told, too
        conversation_id=conversation_id,
        lines=lines_asked(visit) if conversation_id else 0,
    )
    seen = conversation_id is not None and may_answer(visit) and not _unseen(visit)
    return visit.parts.threads.pulse(visit.who, window, seen=seen)


def _etag(visit: Visit, pulse: Pulse) -> str:
    """Names what was told. Times of day do not grow old; only a place in line does."""
    now = int(visit.parts.clock.now().timestamp())
    return f'"{pulse.word}{f".{now // _EVERY}" if pulse.something_waits else ""}"'


def _unseen(visit: Visit) -> bool:
    """Whether the window that asks is in the background: nobody reads in it, and nobody is there."""
    return "x-unseen" in visit.request.headers


def read_by(visit: Visit, conversation_id: UUID) -> None:
    """Note that somebody who may answer has seen what is there."""
    if may_answer(visit) and visit.parts.conversations.get(visit.who, conversation_id).unread_count:
        visit.parts.conversations.change(visit.who, conversation_id, {"read": True})


ROUTES = (
    Route("GET", PATH, show_inbox),
    Route("GET", SHORTCUT, show_inbox),
    Route("GET", f"{PATH}/news", show_news),
    Route("GET", f"{PATH}/tags", show_tags),
    Route("GET", f"{PATH}/{{conversation_id}}/news", show_thread_news),
)
