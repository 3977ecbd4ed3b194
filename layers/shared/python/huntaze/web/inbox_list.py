"""The list of conversations: what is asked for, and the page of it that is shown."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from huntaze.conversations.model import Conversation, Filters
from huntaze.errors import Invalid
from huntaze.fans.model import Platform
from huntaze.members.model import Permission
from huntaze.messages.model import Direction, Status
from huntaze.web import typed
from huntaze.web.inbox_views import ConversationRow, InboxFilters, InboxPage
from huntaze.web.visit import Visit

ROWS = 40
UNREAD, ARCHIVED = "unread", "archived"
_LONGEST = 200
_PLATFORMS = {platform.value: platform for platform in Platform}
_TROUBLE = {Status.FAILED, Status.UNKNOWN}


def query_of(visit: Visit) -> Mapping[str, str]:
    """What the address asks for; of a part that answers a form, the address of the page that the form stands on."""
    request = visit.request
    if request.safe or not request.part:
        return request.query
    return dict(parse_qsl(urlsplit(request.headers.get("hx-current-url", "")).query))


def asked(visit: Visit) -> InboxFilters:
    """What the address asks for. What is in no list that one could choose from asks for nothing."""
    query = query_of(visit)
    words = typed.without_nul({name: query.get(name, "") for name in ("q", "platform", "show", "cursor")})
    return InboxFilters(
        q=words["q"][:_LONGEST],
        platform=words["platform"] if words["platform"] in _PLATFORMS else "",
        show=words["show"] if words["show"] in {UNREAD, ARCHIVED} else "",
        cursor=words["cursor"],
    )


def listed(visit: Visit, shown: InboxFilters) -> InboxPage:
    """The page of the list, with no thread beside it yet."""
    filters = Filters(
        q=shown.q or None,
        platform=_PLATFORMS.get(shown.platform),
        unread=shown.show == UNREAD,
        archived=shown.show == ARCHIVED,
    )
    places = visit.bookmarks("inbox", filters.q, filters.platform, shown.show)
    try:
        after = places.position(shown.cursor or None)
    except Invalid:  # it belongs to other filters: the list is still there, from its beginning
        shown, after = replace(shown, cursor=""), None
    page = visit.parts.conversations.page(visit.who, filters, ROWS, after)
    return InboxPage(
        filters=shown,
        rows=tuple(map(row, page.items)),
        next_cursor=places.cursor(page.next),
        unread=visit.parts.conversations.unread(visit.who).conversations,
        any_conversations=bool(page.items or shown.query),
    )


def may_answer(visit: Visit) -> bool:
    """Whether they do more than read."""
    return visit.who.may(Permission.APPROVE_REPLIES)


def row(conversation: Conversation) -> ConversationRow:
    """A conversation as the list shows it."""
    last = conversation.last_message
    return ConversationRow(
        id=conversation.id,
        name=conversation.fan_name,
        preview=" ".join(last.text.split()) if last else "",
        mine=bool(last and last.direction is Direction.OUT),
        trouble=bool(last and last.status in _TROUBLE),
        at=conversation.last_message_at,
        unread=conversation.unread_count,
        platform=conversation.platform,
    )
