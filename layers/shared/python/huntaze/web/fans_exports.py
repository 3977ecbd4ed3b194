"""What the list shows, to take along: at once when there is little, as a file when there is much."""

from dataclasses import dataclass
from http import HTTPStatus

from huntaze.errors import Conflict, TooLarge
from huntaze.members.model import Permission
from huntaze.spreadsheets import CONTENT_TYPE
from huntaze.web.answer import Answer
from huntaze.web.asked import NAMES, Asked, asked
from huntaze.web.fans_list import shown_export
from huntaze.web.site import Route
from huntaze.web.views import Export, Says, Toast
from huntaze.web.visit import Visit


@dataclass(frozen=True, slots=True)
class ExportPart:
    """What the part about an export is made of."""

    export: Export


def export_at_once(visit: Visit) -> Answer:
    """The file itself. Where it turns out too large, the list offers the other way."""
    question = asked(visit, visit.request.query)
    try:
        text = "".join(visit.parts.exports.csv(visit.who, question.filters, question.sort))
    except TooLarge:
        return visit.go(_offering_a_file(question), Toast(says=Says("toast.export_large"), tone="warning"))
    name = f"fans-{visit.parts.clock.now():%Y-%m-%d-%H%M}.csv"
    return Answer(text, HTTPStatus.OK, CONTENT_TYPE, {"Content-Disposition": f'attachment; filename="{name}"'})


def request_export(visit: Visit) -> Answer:
    """Ask for a file that is ready later."""
    question = asked(visit, visit.form.words(*NAMES))
    counts = visit.who.may(Permission.READ_FANS)  # an analyst may take fans along without seeing the list
    expected = visit.parts.fans.totals(visit.who, question.filters).count if counts else None
    try:
        visit.parts.exports.request(visit.who, question.filters, question.sort, expected)
    except Conflict:
        return visit.go(question.shown.address(), Toast(says=Says("toast.exports_many"), tone="bad"))
    return visit.go(question.shown.address())


def show_export(visit: Visit) -> Answer:
    """How far it is; nothing new is said in one word."""
    export = shown_export(visit, visit.parts.exports.of(visit.who, visit.id("export_id")))
    if not visit.request.part:
        return visit.go("/fans")
    waiting = export.href is None and not export.failed
    if waiting and visit.request.query.get("done") == str(export.rows_done):
        return Answer(status=HTTPStatus.NO_CONTENT)
    return visit.part(ExportPart(export))


def ask_again(visit: Visit) -> Answer:
    """Ask the same again, in place of an export that failed or is stuck."""
    try:
        visit.parts.exports.again(visit.who, visit.id("export_id"))
    except Conflict:
        return visit.go("/fans", Toast(says=Says("toast.exports_many"), tone="bad"))
    return visit.go("/fans")


def fetch_export(visit: Visit) -> Answer:
    """On to the file, by a link that is good for minutes."""
    return visit.go(visit.parts.exports.link(visit.who, visit.id("export_id")))


def _offering_a_file(question: Asked) -> str:
    address = question.shown.address()
    return f"{address}{'&' if '?' in address else '?'}export=file"


ROUTES = (
    Route("GET", "/fans/export.csv", export_at_once),
    Route("POST", "/fans/exports", request_export),
    Route("GET", "/fans/exports/{export_id}", show_export),
    Route("GET", "/fans/exports/{export_id}/file", fetch_export),
    Route("POST", "/fans/exports/{export_id}/again", ask_again),
)
