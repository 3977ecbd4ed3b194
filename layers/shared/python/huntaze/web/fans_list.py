"""The list of fans: filters in the address, totals over all who match, tags for many at once."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from huntaze.errors import Conflict, Invalid, NotFound
from huntaze.exports.model import Export, Status
from huntaze.exports.service import MOST_ROWS_AT_ONCE
from huntaze.fans.model import Fan, Listing, Page, Selection, Totals
from huntaze.members.model import Permission
from huntaze.money import MOST_CENTS, Money
from huntaze.web import views
from huntaze.web.answer import Answer
from huntaze.web.asked import LONGEST, NAMES, Asked, asked
from huntaze.web.site import Route
from huntaze.web.views import FansPage, Matches, Says, TagCount, Toast, Undo
from huntaze.web.visit import Visit

ROWS = 40  # a page of HTML stays below 50 KB
MOST_TAGS_SHOWN = 50
_TOLD_FOR = timedelta(hours=1)  # how long the list speaks of an export that has ended


def show_fans(visit: Visit) -> Answer:
    """A page of the list, or only the table when htmx asks for it."""
    question = asked(visit, visit.request.query, visit.request.path)
    cursor = visit.request.query.get("cursor")
    try:
        place = visit.bookmarks(*question.key).position(cursor)
    except Invalid:  # it belongs to another order or other filters: the list is still there, from its beginning
        return visit.go(question.shown.address())
    page = visit.parts.fans.page(visit.who, Listing(ROWS, question.filters, question.sort, place))
    view = _view(visit, question, page, first=cursor is None)
    status = HTTPStatus.OK if question.sound else HTTPStatus.BAD_REQUEST
    return (
        visit.part(view, status=status) if visit.request.part else visit.page("fans.html", view, status, active="fans")
    )


def tag_many(visit: Visit) -> Answer:
    """Put a tag on the selected fans, or take it off."""
    tag, form = " ".join(visit.form["bulk_tag"].replace("\x00", "").split()), visit.form
    question = asked(visit, form.words(*NAMES))
    every = form["all"] == "1"
    ids = tuple(_id(word) for word in form.all("fan"))
    if not tag or len(tag) > LONGEST:
        return _told(visit, "problem.too_long" if tag else "toast.no_tag", {"count": LONGEST} if tag else {})
    if not every and not ids:
        return _told(visit, "toast.nobody_selected")
    chosen = Selection(filters=question.filters) if every else Selection(ids=ids)
    before = visit.parts.fans.totals(visit.who, question.filters).count if every else len(set(ids))
    remove = form["do"] == "remove"
    changed = _changed(visit, chosen, tag, remove=remove)
    if isinstance(changed, Answer):
        return changed
    # Undo does the opposite to the same fans; that is exact only if it changes all of them, and still finds them.
    exact = 0 < changed == before and not (every and question.shown.tag == tag)
    undo = Undo(action="/fans/bulk/tags/undo", fields=_opposite(visit, question, ids, tag, remove=remove))
    said = Says("toast.untagged" if remove else "toast.tagged", {"count": changed, "tag": tag})
    return visit.go(visit.way_back("/fans"), Toast(says=said, undo=undo if exact else None))


def untag_many(visit: Visit) -> Answer:
    """Undo that."""
    form = visit.form
    ids = tuple(_id(word) for word in form["fans"].split(",") if word)
    chosen = Selection(ids=ids) if ids else Selection(filters=asked(visit, form.words(*NAMES)).filters)
    changed = _changed(visit, chosen, form["bulk_tag"], remove=form["do"] == "remove")
    if isinstance(changed, Answer):
        return changed
    return visit.go(visit.way_back("/fans"), Toast(says=Says("toast.tag_undone")))


def row(fan: Fan) -> views.FanRow:
    """A fan as the list shows one."""
    names = ("id", "name", "handle", "platform", "tags", "value", "last_seen_at", "created_at", "do_not_contact")
    return views.FanRow(**{name: getattr(fan, name) for name in names})


def known_tags(visit: Visit) -> tuple[TagCount, ...]:
    """The workspace's tags to choose from: the most used."""
    return tuple(TagCount(tag=one.tag, count=one.count) for one in visit.parts.tags.all(visit.who)[:MOST_TAGS_SHOWN])


def _view(visit: Visit, question: Asked, page: Page, *, first: bool) -> FansPage:
    totals = visit.parts.fans.totals(visit.who, question.filters)
    may_export = visit.who.may(Permission.READ_ANALYTICS)
    return FansPage(
        filters=question.shown,
        rows=tuple(map(row, page.fans)),
        matches=_matches(visit, totals),
        any_fans=bool(totals.count or question.shown.narrowing),
        tags=known_tags(visit),
        next_cursor=visit.bookmarks(*question.key).cursor(page.next),
        first=first,
        may_write=visit.who.may(Permission.WRITE_FANS),
        may_export=may_export,
        may_run_campaigns=visit.who.may(Permission.RUN_CAMPAIGNS),
        export_at_once=totals.count <= MOST_ROWS_AT_ONCE and visit.request.query.get("export") != "file",
        export=_export_to_tell_of(visit) if may_export and first else None,
    )


def _matches(visit: Visit, totals: Totals) -> Matches:
    worth = Money(min(totals.value_cents, MOST_CENTS), visit.seat.currency)
    return Matches(count=totals.count, totals=(worth,))


def _export_to_tell_of(visit: Visit) -> views.Export | None:
    """The newest export: while it is under way, and for a while after."""
    newest = next(iter(visit.parts.exports.recent(visit.who)), None)
    if newest is None or visit.parts.clock.now() - newest.created_at > _TOLD_FOR:
        return None
    return shown_export(visit, newest)


def shown_export(visit: Visit, export: Export) -> views.Export:
    """An export as the pages show it."""
    ready = export.status is Status.READY
    return views.Export(
        id=export.id,
        rows_done=export.rows,
        rows=export.rows if ready else max(export.expected_rows or 0, export.rows),
        href=f"/fans/exports/{export.id}/file" if ready else None,
        failed=export.status is Status.FAILED or export.stuck(visit.parts.clock.now()),
    )


def _changed(visit: Visit, chosen: Selection, tag: str, *, remove: bool) -> int | Answer:
    add, take = ((), (tag,)) if remove else ((tag,), ())
    try:
        return visit.parts.fans.tag(visit.who, chosen, add, take)
    except NotFound:
        return _told(visit, "toast.somebody_gone")
    except Conflict:
        return _told(visit, "toast.too_many_tags", {"count": 100})
    except Invalid:
        return _told(visit, "toast.too_many_fans")


def _told(visit: Visit, key: str, gaps: Mapping[str, object] | None = None) -> Answer:
    return visit.go(visit.way_back("/fans"), Toast(says=Says(key, gaps or {}), tone="bad"))


def _opposite(visit: Visit, question: Asked, ids: tuple[UUID, ...], tag: str, *, remove: bool) -> dict[str, str]:
    chosen = question.shown.narrowing if visit.form["all"] == "1" else {"fans": ",".join(one.hex for one in ids)}
    return {**chosen, "do": "add" if remove else "remove", "bulk_tag": tag, "next": visit.way_back("/fans")}


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise Invalid.field("fan", "Is not the id of a fan") from None


ROUTES = (
    Route("GET", "/fans", show_fans),
    Route("GET", "/onlyfans/fans", show_fans),
    Route("POST", "/fans/bulk/tags", tag_many),
    Route("POST", "/fans/bulk/tags/undo", untag_many),
)
