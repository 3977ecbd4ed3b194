"""A fan as the page shows one, or the pane beside a thread; a part is read without the rest of the page."""

from typing import Any

from huntaze.earnings.model import Earned
from huntaze.fans.model import Fan, Listing
from huntaze.members.model import Permission
from huntaze.money import MOST_CENTS, Money
from huntaze.notes.service import may_change
from huntaze.timeline.model import Added, Event, NoteWritten, Paid, Talked
from huntaze.web import addresses, fan_facts, views
from huntaze.web.asked import asked
from huntaze.web.fan_person import merged_fans
from huntaze.web.fans_list import known_tags, row
from huntaze.web.views import FanFacts, FanPage, FanValue, Filters
from huntaze.web.visit import Visit

NOTES = 50
EVENTS = 30
BESIDE = 30
PURCHASES = 10


def fan_view(visit: Visit, fan: Fan) -> FanPage:
    """The whole page, or what the part that htmx asks for is made of."""
    part = visit.request.part
    view: dict[str, Any] = {"filters": asked(visit, visit.request.query).shown}
    if not visit.request.safe:
        view |= {"next": addresses.own(visit.form["next"], "")}
    if not part:
        view |= {"value": _value(visit, fan), "beside": _beside(visit)}
    if part in {"", "fan-tags"}:
        view |= {"known_tags": known_tags(visit)}
    if part in {"", "fan-notes"}:
        view |= {"notes": _notes(visit, fan)}
    if part in {"", "fan-timeline", "older-events"}:
        view |= _events(visit, fan, visit.request.query.get("before"))
    if not part and visit.who.may(Permission.WRITE_FANS):
        view |= {"merged": merged_fans(visit, fan)}
    return _page(visit, fan, **view)


def pane_view(visit: Visit, fan: Fan, back: str) -> FanPage:
    """All that stands beside a thread."""
    return _page(
        visit,
        fan,
        next=back,
        filters=Filters(),
        value=_value(visit, fan),
        known_tags=known_tags(visit),
        notes=_notes(visit, fan),
        **_purchases(visit, fan),
        **_events(visit, fan, None),
    )


def _page(visit: Visit, fan: Fan, **view: Any) -> FanPage:
    view = {"value": FanValue(lifetime=fan.value, last_30_days=Money(0, fan.value.currency)), **view}
    return FanPage(
        fan=_facts(fan),
        version=fan_facts.version(fan),
        may_write=visit.who.may(Permission.WRITE_FANS),
        may_note=visit.who.may(Permission.WRITE_NOTES),
        may_erase=visit.who.may(Permission.ERASE_PEOPLE),
        **view,
    )


def _facts(fan: Fan) -> FanFacts:
    names = (
        *("id", "name", "handle", "platform", "platform_id", "email", "phone", "subscription_status"),
        *("do_not_contact", "tags", "created_at", "last_seen_at", "last_message_at"),
    )
    return FanFacts(**{name: getattr(fan, name) for name in names}, about=fan.notes)


def _beside(visit: Visit) -> tuple[views.FanRow, ...]:
    """The list it was opened from."""
    question = asked(visit, visit.request.query)
    return tuple(map(row, visit.parts.fans.page(visit.who, Listing(BESIDE, question.filters, question.sort)).fans))


def _value(visit: Visit, fan: Fan) -> FanValue:
    earned = visit.parts.earnings.of(visit.who, fan)
    return FanValue(
        lifetime=fan.value,
        last_30_days=_lately(earned, fan.value.currency),
        by_kind=tuple(views.Earned(kind=one.kind, amount=one.amount, count=one.count) for one in earned),
    )


def _purchases(visit: Visit, fan: Fan) -> dict[str, Any]:
    found = visit.parts.purchases.of(visit.who, fan.id, PURCHASES)
    return {
        "bought": tuple(
            views.Purchase(kind=one.kind, amount=one.amount, at=one.at, text=one.text) for one in found.bought
        ),
        "offered": tuple(
            views.Purchase(kind="ppv", amount=one.price, at=one.at, text=one.text) for one in found.offered
        ),
    }


def _lately(earned: tuple[Earned, ...], currency: str) -> Money:
    return Money(min(sum(one.lately.cents for one in earned), MOST_CENTS), currency)


def _notes(visit: Visit, fan: Fan) -> tuple[views.Note, ...]:
    found = visit.parts.notes.page(visit.who, fan.id, NOTES).items
    return tuple(
        views.Note(
            id=note.id,
            author=note.author_name,
            at=note.created_at,
            text=note.text,
            may_change=may_change(visit.who, note),
        )
        for note in found
    )


def _events(visit: Visit, fan: Fan, before: str | None) -> dict[str, Any]:
    places = visit.bookmarks("timeline", fan.id)
    page = visit.parts.timeline.of(visit.who, fan.id, EVENTS, places.position(before))
    events = tuple(_event(event) for event in page.items)
    return {"events": events, "older_events": places.cursor(page.next), "newest_events": before is None}


def _event(event: Event) -> views.Event:
    match event:
        case Paid():
            return views.Event(kind=event.what, at=event.at, amount=event.amount)
        case Talked():
            return views.Event(kind="messages", at=event.at, received=event.received, sent=event.sent)
        case NoteWritten():
            return views.Event(kind="note", at=event.at, by=event.author_name)
        case Added():
            return views.Event(kind="added", at=event.at)
    raise TypeError(type(event).__name__)
