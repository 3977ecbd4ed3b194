"""What a person does with their own session: leave, change the workspace, the language or the look."""

from dataclasses import replace
from uuid import UUID

from huntaze.errors import Invalid, NotFound
from huntaze.sessions.model import Preferences, Theme
from huntaze.web import cookies, looks
from huntaze.web.answer import Answer
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit
from huntaze.web.words import LOCALES


def sign_out(visit: Visit) -> Answer:
    """End this session."""
    visit.parts.sessions.sign_out(visit.signed_in)
    return _outside(visit, "/sign-in")


def sign_out_everywhere(visit: Visit) -> Answer:
    """End all sessions of this person."""
    visit.parts.sessions.sign_out_everywhere(visit.signed_in)
    return _outside(visit, "/sign-in?done=signed_out")


def change_workspace(visit: Visit) -> Answer:
    """Work in another workspace; one that is none of theirs is not found."""
    try:
        wanted = UUID(visit.form["workspace"])
    except ValueError:
        raise NotFound from None
    for place in visit.memberships:
        if place.workspace_id == wanted:
            visit.parts.sessions.choose_workspace(visit.signed_in, wanted)
            return visit.go("/", Toast(says=Says("workspace.switched", {"name": place.workspace_name})))
    raise NotFound


def change_language(visit: Visit) -> Answer:
    """Show pages in this language."""
    locale = visit.form["locale"]
    if locale not in LOCALES:
        raise Invalid.field("locale", f"Must be one of {', '.join(LOCALES)}")
    return _preferring(visit, replace(visit.preferences, locale=locale), Toast(says=Says("language.changed")))


def change_look(visit: Visit) -> Answer:
    """Show pages light, dark or as the system does."""
    try:
        theme = Theme(visit.form["theme"])
    except ValueError:
        raise Invalid.field("theme", f"Must be one of {', '.join(Theme)}") from None
    return _preferring(visit, replace(visit.preferences, theme=theme))


def _preferring(visit: Visit, preferences: Preferences, toast: Toast | None = None) -> Answer:
    # Also in the browser, so that the sign-in page looks the same after signing out.
    if visit.session is not None:
        visit.parts.sessions.prefer(visit.session, preferences)
    return visit.go(visit.way_back(), toast).with_cookies(cookies.given(cookies.LOOK, looks.written(preferences)))


def _outside(visit: Visit, address: str) -> Answer:
    gone = map(cookies.taken, (cookies.SESSION, cookies.FORM, cookies.FLASH, cookies.CHALLENGE))
    return visit.go(address).with_cookies(*gone)


ROUTES = (
    Route("POST", "/sign-out", sign_out, without_workspace=True),
    Route("POST", "/sign-out-everywhere", sign_out_everywhere, without_workspace=True),
    Route("POST", "/workspace", change_workspace, without_workspace=True),
    Route("POST", "/language", change_language, open_to_all=True),
    Route("POST", "/appearance", change_look, open_to_all=True),
)
