"""The list of conversations: what is asked for, and the page of it that is shown."""

from collections.abc import Mapping
from dataclasses import astuple, replace
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from huntaze import zones
from huntaze.conversations.model import Conversation, Filters
from huntaze.cursors import Bookmarks, Position
from huntaze.errors import Invalid
from huntaze.fans.model import Platform
from huntaze.members.model import Permission
from huntaze.messages.model import Direction, Status
from huntaze.money import Money
from huntaze.web import typed
from huntaze.web.inbox_views import CHOSEN, NARROWING, SWITCHES, Chip, ConversationRow, InboxFilters, InboxPage
from huntaze.web.views import Says
from huntaze.web.visit import Visit

ROWS = 40
_LONGEST = 200
_ZONE = "zone"
_PLATFORMS = {platform.value: platform for platform in Platform}
_TROUBLE = {Status.FAILED, Status.UNKNOWN}
_UNCLEAR = {"min_value": Says("problem.money"), "since": Says("problem.date"), "until": Says("problem.date")}


def query_of(visit: Visit) -> Mapping[str, str]:
    """What the address asks for; of a part that answers a form, the address of the page that the form stands on."""
    request = visit.request
    if request.safe or not request.part:
        return request.query
    return dict(parse_qsl(urlsplit(request.headers.get("hx-current-url", "")).query))


def asked(visit: Visit) -> InboxFilters:
    """What the address asks for. What is in no list that one could choose from asks for nothing."""
    query = query_of(visit)
    words = typed.without_nul({name: query.get(name, "")[:_LONGEST] for name in NARROWING})
    switches = {name: "1" if words[name] else "" for name in SWITCHES}
    platform = words["platform"] if words["platform"] in _PLATFORMS else ""
    asked_for = {**words, **switches, "platform": platform, "cursor": query.get("cursor", "")}
    shown = replace(InboxFilters(), **asked_for)  # type: ignore[arg-type]  # words alone are asked for
    understood = narrowed(visit, shown)
    unclear = {
        "min_value": understood.min_value_cents is None,
        "since": understood.newest_from is None,
        "until": understood.newest_to is None,
    }
    problems = {name: _UNCLEAR[name] for name, wrong in unclear.items() if wrong and words[name]}
    return replace(shown, problems=problems)


def narrowed(visit: Visit, shown: InboxFilters) -> Filters:
    """The same as the use cases take it; what was not understood narrows nothing."""
    zone = _zone(visit) if shown.since or shown.until else ""
    return Filters(
        q=shown.q or None,
        platform=_PLATFORMS.get(shown.platform),
        unread=bool(shown.unread),
        archived=bool(shown.archived),
        newest_from=typed.day(shown.since, zone) if shown.since else None,
        newest_to=typed.end_of_day(shown.until, zone) if shown.until else None,
        tag=shown.tag or None,
        min_value_cents=typed.cents(shown.min_value, visit.locale) if shown.min_value else None,
        unanswered=bool(shown.unanswered),
    )


def place(visit: Visit, filters: Filters, cursor: str) -> Position | None:
    """Where the page begins; at the beginning when the cursor belongs to other filters: the list is still there."""
    try:
        return _places(visit, filters).position(cursor or None)
    except Invalid:
        return None


def listed(visit: Visit, shown: InboxFilters, open_id: UUID | None = None) -> InboxPage:
    """The page of the list, with no thread beside it yet."""
    filters = narrowed(visit, shown)
    after = place(visit, filters, shown.cursor)
    shown = shown if after else replace(shown, cursor="")
    page = visit.parts.conversations.page(visit.who, filters, ROWS, after)
    may_see_fans = visit.who.may(Permission.READ_FANS)
    view = InboxPage(
        filters=shown,
        chips=(),
        rows=tuple(row(each, with_value=may_see_fans) for each in page.items),
        next_cursor=_places(visit, filters).cursor(page.next),
        unread=visit.parts.conversations.unread(visit.who).conversations,
        any_conversations=bool(page.items or shown.query),
        may_see_fans=may_see_fans,
        open_id=open_id,
    )
    return replace(view, chips=_chips(visit, shown, filters, view.path))


def news_of(visit: Visit, shown: InboxFilters, path: str, **more: object) -> str:
    """Where news of this page are asked for. Its days go with their zone: the answer "nothing" looks no zone up."""
    days = {_ZONE: visit.timezone} if shown.since or shown.until else {}
    told = urlencode({**days, **more})
    address = shown.address(path, cursor=shown.cursor)
    return address + (("&" if "?" in address else "?") + told if told else "")


def may_answer(visit: Visit) -> bool:
    """Whether they do more than read."""
    return visit.who.may(Permission.APPROVE_REPLIES)


def _places(visit: Visit, filters: Filters) -> Bookmarks:
    return visit.bookmarks("inbox", *astuple(filters))


def _zone(visit: Visit) -> str:
    given = query_of(visit).get(_ZONE, "")
    return given if given and zones.is_known(given) else visit.timezone


def _chips(visit: Visit, shown: InboxFilters, filters: Filters, path: str) -> tuple[Chip, ...]:
    """What holds of the panel; what was not understood does not hold."""
    least = filters.min_value_cents
    told: dict[str, object] = {
        "platform": shown.platform,
        "tag": shown.tag,
        "min_value": Money(least, visit.seat.currency) if least is not None else None,
        "since": filters.newest_from,
        "until": filters.newest_to,
    }
    holds = {name: told[name] for name in CHOSEN if told[name] and name not in shown.problems}
    return tuple(
        Chip(
            says=Says(f"platform.{value}") if name == "platform" else Says(f"inbox.chip.{name}", {"value": value}),
            without=shown.address(path, **{name: ""}),
        )
        for name, value in holds.items()
    )


def row(conversation: Conversation, *, with_value: bool = False) -> ConversationRow:
    """A conversation as the list shows it."""
    last = conversation.last_message
    return ConversationRow(
        id=conversation.id,
        name=conversation.fan_name,
        preview=" ".join(last.text.split()) if last else "",
        mine=bool(last and last.direction is Direction.OUT),
        trouble=bool(last and last.status in _TROUBLE),
        at=conversation.last_message_at,
        place=f"{conversation.last_message_at or conversation.created_at:%Y%m%d%H%M%S%f}",
        unread=conversation.unread_count,
        platform=conversation.platform,
        value=conversation.fan_value if with_value and conversation.fan_value.cents else None,
    )
