"""The fans of a workspace, with their notes and tags."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from huntaze import wiring
from huntaze.dossiers.schema import DossierBody
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.fans.schema import (
    FanBody,
    FanChangesBody,
    FansBody,
    FansQuery,
    NewFanBody,
    TaggingBody,
    TopFansBody,
    TopQuery,
)
from huntaze.merges.schema import MergeBody, MergesBody, MergesQuery, NewMergeBody
from huntaze.notes.schema import NewNoteBody, NoteBody, NotesBody, NotesQuery
from huntaze.schema import Id
from huntaze.tags.schema import ChangedFansBody, TagBody, TagQuery, TagsBody

app = HttpApi(wiring.current, group="fans")

FanId = Annotated[Id, Path(alias="id")]
MergeId = Annotated[Id, Path(alias="id")]
NoteId = Annotated[Id, Path(alias="noteId")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]

TAKEN = also_told({409: "The workspace has a fan with this platformId on this platform already."})
STALE = also_told({412: "The fan is no longer the version that If-Match names."})
TOO_MANY_TAGS = also_told({409: "A fan would have more than 100 tags, or a request with the same key still runs."})
NOT_ONE = also_told({409: "The two cannot be shown as one: the answer says why."})
STAYS = also_told({409: "The merge cannot be undone, or not yet: the answer says why."})
TOO_MUCH = also_told({413: "There is more than one answer can carry."})


@app.get("/api/crm/fans", summary="The workspace's fans, filtered and sorted", tags=["Fans"])
def list_fans(who: Caller, query: Annotated[FansQuery, Query()]) -> FansBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id)
    return FansBody.of(wiring.current().fans.page(who, query.wanted(bookmarks)), bookmarks)


@app.post("/api/crm/fans", summary="Add a fan", tags=["Fans"], status_code=HTTPStatus.CREATED, openapi_extensions=TAKEN)
def create_fan(who: Caller, new: NewFanBody) -> FanBody:
    return FanBody.of(wiring.current().fans.create(who, new.fan()))


@app.get("/api/crm/fans/top", summary="The most valuable fans", tags=["Fans"])
def list_top_fans(who: Caller, query: Annotated[TopQuery, Query()]) -> TopFansBody:
    return TopFansBody.of(wiring.current().fans.top(who, query.limit))


@app.get("/api/crm/fans/merges", summary="The merges that can be undone, newest first", tags=["Merges"])
def list_merges(who: Caller, query: Annotated[MergesQuery, Query()]) -> MergesBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "merges")
    page = wiring.current().merges.reversible(who, query.limit, bookmarks.position(query.cursor))
    return MergesBody.of(page, bookmarks)


@app.post(
    "/api/crm/fans/merges",
    summary="Show two fans as one person",
    tags=["Merges"],
    status_code=HTTPStatus.CREATED,
    openapi_extensions=NOT_ONE,
)
def merge_fans(who: Caller, body: NewMergeBody) -> MergeBody:
    return MergeBody.of(wiring.current().merges.merge(who, body.kept_id, body.merged_id))


@app.delete(
    "/api/crm/fans/merges/<id>",
    summary="Undo a merge of the last 30 days",
    tags=["Merges"],
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extensions=STAYS,
)
def undo_merge(who: Caller, merge_id: MergeId) -> None:
    wiring.current().merges.undo(who, merge_id)


@app.get("/api/crm/fans/<id>", summary="One fan", tags=["Fans"])
def read_fan(who: Caller, fan_id: FanId) -> FanBody:
    return FanBody.of(wiring.current().fans.get(who, fan_id))


@app.put("/api/crm/fans/<id>", summary="Change a fan", tags=["Fans"], openapi_extensions=STALE)
def update_fan(who: Caller, fan_id: FanId, body: FanChangesBody, if_match: IfMatch = None) -> FanBody:
    return FanBody.of(wiring.current().fans.update(who, fan_id, body.changes(), if_match))


@app.delete(
    "/api/crm/fans/<id>",
    summary="Delete a fan, who can be restored for 30 days",
    tags=["Fans"],
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_fan(who: Caller, fan_id: FanId) -> None:
    wiring.current().fans.delete(who, fan_id)


@app.post("/api/crm/fans/<id>/restore", summary="Restore a deleted fan", tags=["Fans"])
def restore_fan(who: Caller, fan_id: FanId) -> FanBody:
    return FanBody.of(wiring.current().fans.restore(who, fan_id))


@app.get(
    "/api/crm/fans/<id>/export", summary="All that is held about a fan", tags=["Fans"], openapi_extensions=TOO_MUCH
)
def export_fan(who: Caller, fan_id: FanId) -> DossierBody:
    return DossierBody.of(wiring.current().dossiers.of(who, fan_id))


@app.get("/api/crm/fans/<id>/notes", summary="A fan's notes, newest first", tags=["Notes"])
def list_notes(who: Caller, fan_id: FanId, query: Annotated[NotesQuery, Query()]) -> NotesBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "notes", fan_id)
    page = wiring.current().notes.page(who, fan_id, query.limit, bookmarks.position(query.cursor))
    return NotesBody.of(page, bookmarks)


@app.post("/api/crm/fans/<id>/notes", summary="Write a note", tags=["Notes"], status_code=HTTPStatus.CREATED)
def write_note(who: Caller, fan_id: FanId, body: NewNoteBody) -> NoteBody:
    return NoteBody.of(wiring.current().notes.add(who, fan_id, body.text))


@app.put("/api/crm/fans/<id>/notes/<noteId>", summary="Change a note", tags=["Notes"])
def change_note(who: Caller, fan_id: FanId, note_id: NoteId, body: NewNoteBody) -> NoteBody:
    return NoteBody.of(wiring.current().notes.change(who, fan_id, note_id, body.text))


@app.delete(
    "/api/crm/fans/<id>/notes/<noteId>",
    summary="Delete a note for good",
    tags=["Notes"],
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_note(who: Caller, fan_id: FanId, note_id: NoteId) -> None:
    wiring.current().notes.delete(who, fan_id, note_id)


@app.get("/api/crm/fans/<id>/tags", summary="A fan's tags, with how many fans have each", tags=["Tags"])
def list_tags_of_fan(who: Caller, fan_id: FanId) -> TagsBody:
    return TagsBody.of(wiring.current().tags.of(who, fan_id))


@app.post(
    "/api/crm/fans/<id>/tags",
    summary="Put a tag on a fan",
    tags=["Tags"],
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extensions=TOO_MANY_TAGS,
)
def put_tag_on_fan(who: Caller, fan_id: FanId, body: TagBody) -> None:
    wiring.current().tags.put_on(who, fan_id, body.tag)


@app.delete("/api/crm/fans/<id>/tags", summary="Take a tag off a fan", tags=["Tags"], status_code=HTTPStatus.NO_CONTENT)
def take_tag_from_fan(who: Caller, fan_id: FanId, query: Annotated[TagQuery, Query()]) -> None:
    wiring.current().tags.take_from(who, fan_id, query.tag)


@app.get("/api/crm/fans/tags", summary="The 1,000 most used tags, with how many fans have each", tags=["Tags"])
def list_tags(who: Caller) -> TagsBody:
    return TagsBody.of(wiring.current().tags.all(who))


@app.post(
    "/api/crm/fans/tags",
    summary="Put tags on many fans, or take tags off them",
    tags=["Tags"],
    openapi_extensions=TOO_MANY_TAGS,
)
def tag_fans(who: Caller, body: TaggingBody) -> ChangedFansBody:
    return ChangedFansBody(changed=wiring.current().fans.tag(who, body.selection(), body.add, body.remove))


@app.put("/api/crm/fans/tags", summary="Rename a tag, or merge it into another", tags=["Tags"])
def rename_tag(who: Caller, query: Annotated[TagQuery, Query()], body: TagBody) -> ChangedFansBody:
    return ChangedFansBody(changed=wiring.current().tags.rename(who, query.tag, body.tag))


@app.delete("/api/crm/fans/tags", summary="Take a tag off everybody", tags=["Tags"])
def delete_tag(who: Caller, query: Annotated[TagQuery, Query()]) -> ChangedFansBody:
    return ChangedFansBody(changed=wiring.current().tags.delete(who, query.tag))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
