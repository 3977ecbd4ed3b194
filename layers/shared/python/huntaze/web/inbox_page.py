"""The inbox: the list, the thread that is open, and what is new in both."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from huntaze.threads.model import Window
from huntaze.web.answer import Answer
from huntaze.web.inbox_arrivals import with_arrivals
from huntaze.web.inbox_list import ARCHIVED, asked, listed, may_answer
from huntaze.web.inbox_thread import lines_asked, talk
from huntaze.web.inbox_views import PATH, SHORTCUT, InboxPage
from huntaze.web.site import Route
from huntaze.web.visit import Visit

_EVERY = 10  # seconds: while something waits, its place in line moves though nothing of it is written


def show_inbox(visit: Visit) -> Answer:
    """The list alone."""
    view = _alone(visit)
    return visit.part(view) if visit.request.part else visit.page("inbox.html", view, active="inbox")


def page_of(visit: Visit, conversation_id: UUID) -> InboxPage:
    """Everything that the page of a thread shows."""
    pulse, filters = _etag(visit, conversation_id), asked(visit)  # first the pulse: what changes meanwhile is news
    view = with_arrivals(visit, replace(listed(visit, filters), talk=talk(visit, conversation_id, filters)))
    if view.talk is not None and not view.talk.is_end:
        return view  # a stretch before the end has no news
    live = view.filters.thread(conversation_id).replace(f"{conversation_id}", f"{conversation_id}/news", 1)
    live += f"{'&' if '?' in live else '?'}lines={lines_asked(visit)}"
    return replace(view, live=live, pulse=pulse)


def show_news(visit: Visit) -> Answer:
    """The list, and what is new in it; nothing when nothing is."""
    return _news(visit, None)


def show_thread_news(visit: Visit) -> Answer:
    """The same with the thread that is open."""
    return _news(visit, visit.id("conversation_id"))


def _news(visit: Visit, conversation_id: UUID | None) -> Answer:
    known = visit.request.headers.get("if-none-match", "")
    if known and known == _etag(visit, conversation_id):
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": known})
    if conversation_id is None:
        view = _alone(visit)
    else:
        if not _unseen(visit):
            read_by(visit, conversation_id)
        view = page_of(visit, conversation_id)
    return visit.part(view).with_headers({"ETag": view.pulse})


def _alone(visit: Visit) -> InboxPage:
    pulse, view = _etag(visit, None), with_arrivals(visit, listed(visit, asked(visit)))
    return replace(view, live=view.filters.address(f"{PATH}/news", cursor=view.filters.cursor), pulse=pulse)


def _etag(visit: Visit, conversation_id: UUID | None) -> str:
    """Names what was told. Times of day do not grow old; only a place in line does."""
    window = Window(asked(visit).show == ARCHIVED, conversation_id, lines_asked(visit) if conversation_id else 0)
    seen = conversation_id is not None and may_answer(visit) and not _unseen(visit)
    pulse = visit.parts.threads.pulse(visit.who, window, seen=seen)
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
    Route("GET", f"{PATH}/{{conversation_id}}/news", show_thread_news),
)
