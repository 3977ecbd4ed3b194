"""What has come in elsewhere while somebody reads one conversation: what a toast may tell of."""

from dataclasses import replace

from huntaze.conversations.model import Filters
from huntaze.web.inbox_list import row
from huntaze.web.inbox_views import Arrival, ConversationRow, InboxPage
from huntaze.web.visit import Visit

MOST = 10


def with_arrivals(visit: Visit, view: InboxPage) -> InboxPage:
    """The page with the newest conversations that hold something unread, whatever its list is narrowed to.

    The open one is not among them, nor those in which we had the last word. Which of them are news is known to the
    window alone: it compares them with those that it was told before.
    """
    rows = view.rows if not view.filters.query else _unread(visit)
    told = tuple(
        Arrival(id=each.id, name=each.name, words=each.preview, unread=each.unread, at=each.at)
        for each in rows
        if each.unread and each.at and not each.mine and each.id != view.open_id
    )
    return replace(view, arrivals=told[:MOST])


def _unread(visit: Visit) -> tuple[ConversationRow, ...]:
    return tuple(map(row, visit.parts.conversations.page(visit.who, Filters(unread=True), MOST + 1).items))
