"""Fans from a file: a small one at once; a large one uploaded, tried, committed, and undone if need be."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from huntaze import wiring
from huntaze.edge import forms, sheets, switches
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.imports.answers import BegunImportBody, ImportBody, ImportedBody, ImportsBody, RowsBody
from huntaze.imports.schema import ChangedChoicesBody, ChoicesFields, NewImportBody, RowsQuery, SeenPlanBody
from huntaze.imports.told import must_have_been_readable
from huntaze.schema import Id

app = HttpApi(wiring.current, group="imports", only_while=switches.onlyfans)

ImportId = Annotated[Id, Path(alias="id")]

IMPORTS, IMPORT = "/api/onlyfans/imports", "/api/onlyfans/imports/<id>"
ACCEPTED = HTTPStatus.ACCEPTED
DONE_OR_GOING_ON: dict[int, Any] = {
    HTTPStatus.OK: {"description": "All of it is done."},
    HTTPStatus.ACCEPTED: {"description": "It took longer than a request may, and goes on by itself."},
}
REJECTED: dict[int, Any] = {
    HTTPStatus.OK: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}},
    HTTPStatus.SEE_OTHER: {
        "description": "The file is large: it lies there, for five minutes.",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
    },
}
MANY_UNDER_WAY = {409: "Twenty imports are under way, or a request with the same key still runs."}
TOO_LARGE = {413: "The file has more than 4 MB, or takes longer than a request may: it goes to /api/onlyfans/imports."}
NOT_THE_PLAN = {409: "There is no such plan any more, or none yet; or a request with the same key still runs."}
NOT_NOW = {409: "It is in a state in which that cannot be done, or a request with the same key still runs."}
NOT_REVERSIBLE = {409: "It is not committed, or for more than 30 days; or a request with the same key still runs."}


@app.post(
    "/api/onlyfans/import/csv",
    summary="Import a file of up to 4 MB",
    tags=["Imports"],
    responses=DONE_OR_GOING_ON,
    openapi_extensions=forms.described_by(ChoicesFields) | also_told(MANY_UNDER_WAY | TOO_LARGE),
)
def import_csv(who: Caller, sent: forms.Sent) -> ImportedBody:
    choices = sent.read(ChoicesFields).choices()
    imported, rejected = wiring.current().imports.at_once(who, sent.file_name, sent.file, choices)
    must_have_been_readable(imported)
    return ImportedBody.of(imported, rejected)


@app.post(
    IMPORTS,
    summary="Begin an import: the answer says where the file goes",
    tags=["Imports"],
    status_code=HTTPStatus.CREATED,
    openapi_extensions=also_told(MANY_UNDER_WAY),
)
def begin_import(who: Caller, new: NewImportBody) -> BegunImportBody:
    return BegunImportBody.of(*wiring.current().imports.begin(who, new.file_name, new.file_bytes, new.choices()))


@app.get(IMPORTS, summary="The latest imports", tags=["Imports"])
def list_imports(who: Caller) -> ImportsBody:
    return ImportsBody.of(wiring.current().imports.recent(who))


@app.get(IMPORT, summary="One import, how far it is and what it found", tags=["Imports"])
def read_import(who: Caller, import_id: ImportId) -> ImportBody:
    return ImportBody.of(wiring.current().imports.of(who, import_id))


@app.post(
    f"{IMPORT}/plan",
    summary="Another dry run, with other choices",
    tags=["Imports"],
    status_code=ACCEPTED,
    openapi_extensions=also_told(NOT_NOW),
)
def plan_import(who: Caller, import_id: ImportId, body: ChangedChoicesBody) -> ImportBody:
    imports = wiring.current().imports
    return ImportBody.of(imports.plan(who, import_id, body.over(imports.of(who, import_id).choices)))


@app.post(
    f"{IMPORT}/commit",
    summary="Do what the plan says; asked again, it gives the same answer",
    tags=["Imports"],
    status_code=ACCEPTED,
    openapi_extensions=also_told(NOT_THE_PLAN),
)
def commit_import(who: Caller, import_id: ImportId, body: SeenPlanBody) -> ImportBody:
    return ImportBody.of(wiring.current().imports.commit(who, import_id, body.seen))


@app.post(
    f"{IMPORT}/undo",
    summary="Take back what it did, but for fans who were edited since",
    tags=["Imports"],
    status_code=ACCEPTED,
    openapi_extensions=also_told(NOT_REVERSIBLE),
)
def undo_import(who: Caller, import_id: ImportId) -> ImportBody:
    return ImportBody.of(wiring.current().imports.undo(who, import_id))


@app.get(f"{IMPORT}/rows", summary="What happens to each row, and why", tags=["Imports"])
def list_rows(who: Caller, import_id: ImportId, query: Annotated[RowsQuery, Query()]) -> RowsBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id, import_id)
    after = query.after(bookmarks)
    found = wiring.current().imports.rows(who, import_id, query.action, after, query.limit + 1, outcome=query.outcome)
    return RowsBody.of(found, query.limit, import_id, bookmarks)


@app.get(
    f"{IMPORT}/rejected.csv",
    summary="The rows that did not come along, each with its reason, to be mended and imported again",
    tags=["Imports"],
    responses=REJECTED,
    openapi_extensions=also_told(NOT_NOW),
)
def read_rejected(who: Caller, import_id: ImportId) -> Response[str]:
    rejected = wiring.current().imports.rejected(who, import_id)
    if rejected.link is not None:
        return Response(HTTPStatus.SEE_OTHER, body="", headers={"Location": rejected.link})
    return sheets.sheet("".join(rejected.texts or ()), rejected.file_name.removesuffix(".csv"), "", None)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
