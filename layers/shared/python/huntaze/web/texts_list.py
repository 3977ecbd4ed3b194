"""The lists of quick replies and templates: found by category and words, deleted with a way back."""

from functools import partial

from huntaze.errors import Conflict
from huntaze.members.model import Permission
from huntaze.web import settings
from huntaze.web.answer import Answer
from huntaze.web.desk_views import TextsPage
from huntaze.web.site import Route
from huntaze.web.texts import LONGEST, SHELVES, Shelf
from huntaze.web.typed import without_nul
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.visit import Visit

_LONGEST_SEARCH = 200


def show_list(visit: Visit, shelf: Shelf) -> Answer:
    """The list, narrowed as the address says."""
    asked = without_nul({name: visit.request.query.get(name, "") for name in ("q", "category")})
    q, category = asked["q"][:_LONGEST_SEARCH], asked["category"][: LONGEST["category"]]
    cursor, bookmarks = visit.request.query.get("cursor"), visit.bookmarks(shelf.key, q, category)
    found = shelf.page(visit, q or None, category or None, bookmarks.position(cursor))
    page = TextsPage(
        around=settings.around(visit, shelf.key),
        kind=shelf.key,
        path=shelf.path,
        rows=tuple(shelf.row(text) for text in found.items),
        categories=shelf.categories(visit),
        q=q,
        category=category,
        next_cursor=bookmarks.cursor(found.next),
        first=cursor is None,
        may_write=visit.who.may(Permission.WRITE_QUICK_REPLIES),
    )
    return visit.page("texts.html", page, active="settings")


def delete(visit: Visit, shelf: Shelf) -> Answer:
    """Delete one, and offer to undo it."""
    text_id = visit.id("text_id")
    shelf.delete(visit, text_id)
    undo = Undo(action=f"{shelf.path}/{text_id}/restore")
    return visit.go(visit.way_back(shelf.path), Toast(says=Says(f"{shelf.key}.deleted"), undo=undo))


def restore(visit: Visit, shelf: Shelf) -> Answer:
    """Undo that, unless its name was given away meanwhile."""
    try:
        shelf.restore(visit, visit.id("text_id"))
    except Conflict:
        return visit.go(shelf.path, Toast(says=Says("texts.not_restored"), tone="bad"))
    return visit.go(shelf.path, Toast(says=Says(f"{shelf.key}.restored")))


ROUTES = tuple(
    Route(method, shelf.path + path, partial(handler, shelf=shelf))
    for shelf in SHELVES
    for method, path, handler in (
        ("GET", "", show_list),
        ("POST", "/{text_id}/delete", delete),
        ("POST", "/{text_id}/restore", restore),
    )
)
