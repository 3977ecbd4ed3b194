"""Who was deleted and can still be restored."""

from huntaze.fans.service import RESTORABLE
from huntaze.web.answer import Answer
from huntaze.web.person_views import DeletedFan, DeletedPage
from huntaze.web.site import Route
from huntaze.web.visit import Visit

ROWS = 50


def show_deleted(visit: Visit) -> Answer:
    """The last deleted first."""
    cursor, places = visit.request.query.get("cursor"), visit.bookmarks("deleted")
    page = visit.parts.fans.deleted(visit.who, ROWS, places.position(cursor))
    fans = tuple(
        DeletedFan(
            id=one.fan.id,
            name=one.fan.name,
            handle=one.fan.handle,
            platform=one.fan.platform,
            value=one.fan.value,
            deleted_at=one.deleted_at,
            until=one.deleted_at + RESTORABLE,
        )
        for one in page.items
    )
    view = DeletedPage(fans=fans, next_cursor=places.cursor(page.next), first=cursor is None)
    return visit.page("fans_deleted.html", view, active="fans")


ROUTES = (Route("GET", "/fans/deleted", show_deleted),)
