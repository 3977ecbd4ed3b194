"""The audit log: who did what and when, whether the log is whole, and the same to take along."""

import re
from dataclasses import replace
from http import HTTPStatus

from huntaze.audit.model import BEGINNING, Link
from huntaze.audit.sheet import sheet
from huntaze.cursors import Position
from huntaze.errors import Invalid, TooLarge
from huntaze.spreadsheets import CONTENT_TYPE
from huntaze.web import settings
from huntaze.web.answer import Answer
from huntaze.web.audit_view import PAGE, AuditPage, asked, checked, row, things_of
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

ROWS = 50
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_DIGITS = 18


def show_log(visit: Visit) -> Answer:
    """A stretch of the log, or only the part of it that htmx asks for."""
    try:
        view = _log(visit, visit.request.query.get("cursor"))
    except Invalid:  # the cursor belongs to other filters: the log is still there, from its newest entry
        return visit.go(asked(visit)[0].address())
    status = HTTPStatus.BAD_REQUEST if view.filters.problems else HTTPStatus.OK
    return visit.part(view, status=status) if visit.request.part else _page(visit, view, status)


def show_verification(visit: Visit) -> Answer:
    """Check the chain, from its beginning or from where the last request stopped."""
    query, places = visit.request.query, visit.bookmarks("audit verification")
    typed = {name: query.get(name, "").strip()[:200] for name in ("position", "hash")}
    noted = _noted(typed)
    if noted is None and any(typed.values()):
        problem = Says("audit.noted.problem")
        view = replace(AuditPage(around=settings.around(visit, "audit")), typed=typed, problem=problem)
        return _with_log(visit, view, HTTPStatus.BAD_REQUEST)
    found = visit.parts.audit_log.verify(visit.who, noted, _checked_before(places.position(query.get("cursor"))))
    place = Position(f"{found.checked_to.number}:{(found.checked_to.hash or b'').hex()}", visit.who.workspace_id)
    seen = checked(found, None if found.complete else places.cursor(place))
    view = AuditPage(around=settings.around(visit, "audit"), checked=seen, typed=typed)
    return _with_log(visit, view, HTTPStatus.OK)


def take_along(visit: Visit) -> Answer:
    """What the filters show, as a file."""
    shown, wanted = asked(visit)
    try:
        text = "".join(sheet(visit.parts.audit_log.each_matching(visit.who, wanted)))
    except TooLarge:
        return visit.go(shown.address(), Toast(says=Says("toast.audit_large"), tone="warning"))
    name = f"audit-{visit.parts.clock.now():%Y-%m-%d-%H%M}.csv"
    return Answer(text, HTTPStatus.OK, CONTENT_TYPE, {"Content-Disposition": f'attachment; filename="{name}"'})


def _log(visit: Visit, cursor: str | None) -> AuditPage:
    shown, wanted = asked(visit)
    places = visit.bookmarks("audit", *shown.narrowing.items())
    page = visit.parts.audit_log.page(visit.who, wanted, ROWS, places.position(cursor))
    names = visit.parts.audit_log.names(visit.who, {one for entry in page.items for one in things_of(entry)})
    return AuditPage(
        around=settings.around(visit, "audit"),
        filters=shown,
        actors=visit.parts.audit_log.actors(visit.who),
        rows=tuple(row(entry, names) for entry in page.items),
        next_cursor=places.cursor(page.next),
        newest=cursor is None,
    )


def _with_log(visit: Visit, view: AuditPage, status: HTTPStatus) -> Answer:
    """The part about the check alone, or above the log where the whole page is asked for."""
    if visit.request.part:
        return visit.part(view, status=status)
    log = replace(_log(visit, None), checked=view.checked, typed=view.typed, problem=view.problem)
    return _page(visit, log, status)


def _page(visit: Visit, view: AuditPage, status: HTTPStatus) -> Answer:
    return visit.page("audit.html", view, status, active="settings")


def _noted(typed: dict[str, str]) -> Link | None:
    """What somebody noted down earlier, copied in whatever groups it was written."""
    digest = re.sub(r"\s", "", typed["hash"]).lower()
    number = re.sub(r"[\s#.,]", "", typed["position"])
    if not _HASH.fullmatch(digest) or not (number.isascii() and number.isdigit()) or len(number) > _MOST_DIGITS:
        return None
    return Link(int(number), bytes.fromhex(digest)) if int(number) else None


def _checked_before(position: Position | None) -> Link:
    if position is None:
        return BEGINNING
    number, _, digest = position.key.partition(":")
    return Link(int(number), bytes.fromhex(digest) or None)


ROUTES = (
    Route("GET", PAGE, show_log),
    Route("GET", f"{PAGE}/verification", show_verification),
    Route("GET", f"{PAGE}/export.csv", take_along),
)
