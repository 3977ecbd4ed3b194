"""Forgetting people, and what came of it."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from huntaze import wiring
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.erasures.schema import ErasureBody, ErasureConfirmation, ErasuresBody, ErasuresQuery
from huntaze.schema import Id

app = HttpApi(wiring.current, group="privacy")

FanId = Annotated[Id, Path(alias="id")]

BEING_SENT = also_told({409: "A message to this fan is being sent: try again in a minute."})


@app.post(
    "/api/crm/fans/<id>/erasure",
    summary="Erase a person for good",
    tags=["Privacy"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=BEING_SENT,
)
def erase_fan(who: Caller, fan_id: FanId, _confirmed: ErasureConfirmation) -> ErasureBody:
    erasure = wiring.current().erasures.erase(who, fan_id)
    wiring.current().afterwards(lambda _: wiring.current().sweeping.soon(who.workspace_id, erasure.id))
    return ErasureBody.of(erasure)


@app.get("/api/crm/erasures", summary="Who was erased, newest first, and how far it is", tags=["Privacy"])
def list_erasures(who: Caller, query: Annotated[ErasuresQuery, Query()]) -> ErasuresBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "erasures")
    page = wiring.current().erasures.page(who, query.limit, bookmarks.position(query.cursor))
    return ErasuresBody.of(page, bookmarks)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
