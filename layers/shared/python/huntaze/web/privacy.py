"""The settings of privacy: how to answer a person who asks, and who was erased."""

from huntaze.erasures.model import State
from huntaze.web import settings
from huntaze.web.answer import Answer
from huntaze.web.person_views import Erasure, PrivacyPage
from huntaze.web.site import Route
from huntaze.web.visit import Visit

ROWS = 50


def show_privacy(visit: Visit) -> Answer:
    """The erasures, the newest first."""
    cursor, places = visit.request.query.get("cursor"), visit.bookmarks("erasures")
    page = visit.parts.erasures.page(visit.who, ROWS, places.position(cursor))
    erasures = tuple(
        Erasure(
            fan_id=one.fan_id,
            by=one.requested_by_name,
            at=one.requested_at,
            done=one.state is State.DONE,
            removed=one.removed,
        )
        for one in page.items
    )
    view = PrivacyPage(
        around=settings.around(visit, "privacy"),
        erasures=erasures,
        next_cursor=places.cursor(page.next),
        first=cursor is None,
    )
    return visit.page("settings_privacy.html", view, active="settings")


ROUTES = (Route("GET", "/settings/privacy", show_privacy),)
