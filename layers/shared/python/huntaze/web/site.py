"""The resolver of the pages: who is there is known, forms are our own, and every error is a page."""

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from huntaze.edge import problem
from huntaze.errors import Forbidden, HuntazeError, NotFound
from huntaze.runtime.logging import add_ids, begin_call
from huntaze.web import addresses, tokens
from huntaze.web.answer import Answer
from huntaze.web.parts import Parts
from huntaze.web.request import Request
from huntaze.web.static import Static
from huntaze.web.views import ErrorPage
from huntaze.web.views_people import InvitationsPage
from huntaze.web.visit import Visit

if TYPE_CHECKING:
    from huntaze.web.pages import Pages

_log = logging.getLogger(__name__)

Handler = Callable[[Visit], Answer]
_HAVE_WORDS = {400, 403, 404, 429, 500, 503}
_STATIC = "/static/"
_ALONE = {500, 503}  # what a whole frame needs may be just what failed


@dataclass(frozen=True, slots=True)
class Route:
    """One page, or one thing to do. Without `open_to_all` it takes a session and a workspace."""

    method: str
    path: str
    handler: Handler
    open_to_all: bool = False
    without_workspace: bool = False

    def values(self, path: str) -> dict[str, str] | None:
        """What stands in the gaps of the path, if this is the route for it."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), path)
        return found.groupdict() if found else None


class StaleForm(Exception):
    """The form is none that we gave to this session."""


class Site:
    """Answers the pages' requests. `parts` is asked at the first request, never at import."""

    def __init__(self, parts: Callable[[], Parts], routes: Sequence[Route], static: Path) -> None:
        self.routes = tuple(routes)
        self.static = Static(static)
        self._parts = parts

    def resolve(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request; whatever happens, with an answer."""
        began = time.monotonic()
        begin_call(requestId=event["requestContext"]["requestId"])
        request = Request.of(event)
        answer = self._answer(request)
        milliseconds = round((time.monotonic() - began) * 1000)
        known = {"route": event["routeKey"], "status": int(answer.status), "milliseconds": milliseconds}
        _log.info("answered", extra=known)
        transport = self._parts().settings.stage != "local"
        done = answer.as_event(request.headers.get("accept-encoding", ""), transport=transport)
        return done | {"body": ""} if request.method == "HEAD" else done

    @cached_property
    def _pages(self) -> "Pages":
        from huntaze.web.pages import Pages  # noqa: PLC0415  (static files and redirects need no templates)

        return Pages(self.static.address)

    def _answer(self, request: Request) -> Answer:
        parts = self._parts()
        route, values = self._route(request)
        visit = Visit(request, parts, lambda: self._pages, values)
        try:
            if request.path.startswith(_STATIC):
                return self._file(request)
            if route is None:
                raise NotFound  # noqa: TRY301  (told like anything that is not there)
            return _turned_away(visit, route) or route.handler(visit)
        except Exception as error:  # noqa: BLE001  (whatever happens, with an answer)
            return _told(visit, error)

    def _route(self, request: Request) -> tuple[Route | None, dict[str, str]]:
        method = "GET" if request.method == "HEAD" else request.method
        for route in self.routes:
            if route.method == method and (values := route.values(request.path)) is not None:
                return route, values
        return None, {}

    def _file(self, request: Request) -> Answer:
        return self.static.answer(request.path.rpartition("/")[2], request.headers.get("accept-encoding", ""))


def _turned_away(visit: Visit, route: Route) -> Answer | None:
    """An answer for who may not come in; nothing for who may."""
    request = visit.request
    if not request.safe:
        _must_come_from_us(visit)
    if visit.session is None and not route.open_to_all:
        return visit.go(f"/sign-in?next={quote(_wanted(request), safe='')}")
    if not request.safe and not tokens.is_for_form(visit.form["csrf"], visit.secret):
        raise StaleForm
    if route.open_to_all or route.without_workspace:
        return None
    if visit.membership is None:
        waiting = InvitationsPage(invitations=visit.invitations)
        return visit.page("not_a_member.html", waiting, HTTPStatus.FORBIDDEN)
    add_ids(workspaceId=str(visit.who.workspace_id), userId=str(visit.who.member_id))
    return None


def _must_come_from_us(visit: Visit) -> None:
    """Browsers say where a request was made; the token of the form is asked for in any case."""
    if visit.request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise StaleForm


def _wanted(request: Request) -> str:
    """The page to come back to after signing in: this one, or the one that a form or a part belongs to."""
    if request.safe and not request.part:
        return addresses.own(request.here)
    return addresses.own(addresses.path_of(request.headers.get("referer", "")))


def _told(visit: Visit, error: Exception) -> Answer:
    stale_form = isinstance(error, StaleForm)
    told = problem.of(Forbidden("This form is out of date.") if stale_form else error)
    if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed", exc_info=error)
    if visit.request.path.startswith("/api/"):
        return Answer(told.body, told.status, problem.CONTENT_TYPE, told.headers)
    status = HTTPStatus(told.status)
    page = ErrorPage(
        status=status if status in _HAVE_WORDS else HTTPStatus.BAD_REQUEST,
        retry_after=getattr(error, "retry_after", None),
        reference=visit.request.id if status == HTTPStatus.INTERNAL_SERVER_ERROR else None,
        stale_form=stale_form,
    )
    return _error_page(visit, page, status).with_headers(_retry(told.headers))


def _error_page(visit: Visit, page: ErrorPage, status: HTTPStatus) -> Answer:
    part = "_error.html" if visit.request.part else ""  # a whole page has no place in a part of one
    if status not in _ALONE:
        try:
            if visit.session is not None and visit.membership is not None:
                return visit.page(part or "error.html", page, status)
        except HuntazeError:
            _log.warning("the frame around an error could not be read", exc_info=True)
    return visit.bare_page(part or "error_alone.html", page, status)


def _retry(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name == "Retry-After"}
