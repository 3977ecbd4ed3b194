"""Messages on their way: sending them, looking after them, deciding about them."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from huntaze import wiring
from huntaze.edge import switches
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.outgoing.schema import (
    RedrivenBody,
    ResolutionBody,
    RewordingBody,
    SendBody,
    SendingStatusBody,
    StandingBody,
    TroubledListBody,
    TroubledQuery,
)
from huntaze.schema import Id

app = HttpApi(wiring.current, group="onlyfans", only_while=switches.onlyfans)

MessageId = Annotated[Id, Path(alias="id")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]

CANNOT_SEND = also_told(
    {
        409: "The platform takes no messages from here, no account on it is connected, the fan is not to be contacted, "
        "or a request with the same key still runs."
    }
)
IN_ANOTHER_STATE = also_told(
    {
        409: "The message is in another state by now, its account is not connected, its fan is not to be contacted, "
        "somebody else answers, or a request with the same key still runs."
    }
)
CANNOT_BE_CHANGED = also_told(
    {
        409: "It has left, or the platform may have it already; or what speaks against sending it at all.",
        412: "It is no longer the version that If-Match names.",
    }
)


@app.post(
    "/api/onlyfans/messages/send",
    summary="Approve a message to a fan, and send it",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_SEND,
)
def send_to_fan(who: Caller, new: SendBody) -> StandingBody:
    return StandingBody.of(wiring.current().outgoing.send(who, new.send()))


@app.post(
    "/api/onlyfans/send/manual",
    summary="The same as /api/onlyfans/messages/send",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_SEND,
)
def send_manually(who: Caller, new: SendBody) -> StandingBody:
    return StandingBody.of(wiring.current().outgoing.send(who, new.send()))


@app.get("/api/onlyfans/messages/status", summary="How sending goes", tags=["Sending"])
def read_sending_status(who: Caller) -> SendingStatusBody:
    return SendingStatusBody.of(wiring.current().watching.overview(who))


@app.get(
    "/api/onlyfans/messages/failed",
    summary="What failed and what may have arrived, newest first",
    tags=["Sending"],
)
def list_failed(who: Caller, query: Annotated[TroubledQuery, Query()]) -> TroubledListBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "failed")
    after = bookmarks.position(query.cursor)
    return TroubledListBody.of(wiring.current().watching.troubled(who, query.limit, after), bookmarks)


@app.post(
    "/api/onlyfans/messages/redrive",
    summary="Put dead letters back into the queue",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
)
def redrive(who: Caller) -> RedrivenBody:
    return RedrivenBody.of(wiring.current().redriving.redrive(who))


@app.put(
    "/api/onlyfans/messages/<id>",
    summary="Approve other words for what waits, or was not sent",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_BE_CHANGED,
)
def reword_message(who: Caller, message_id: MessageId, body: RewordingBody, if_match: IfMatch = None) -> StandingBody:
    return StandingBody.of(wiring.current().rewording.reword(who, message_id, body.words(), if_match))


@app.post(
    "/api/onlyfans/messages/<id>/retry",
    summary="Send again what failed",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def retry_message(who: Caller, message_id: MessageId) -> StandingBody:
    return StandingBody.of(wiring.current().outgoing.retry(who, message_id))


@app.post(
    "/api/onlyfans/messages/<id>/cancel",
    summary="Withdraw what waits",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def cancel_message(who: Caller, message_id: MessageId) -> StandingBody:
    return StandingBody.of(wiring.current().outgoing.cancel(who, message_id))


@app.post(
    "/api/onlyfans/messages/<id>/resolution",
    summary="Say whether a message arrived of which nobody knows",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def resolve_message(who: Caller, message_id: MessageId, body: ResolutionBody) -> StandingBody:
    return StandingBody.of(wiring.current().outgoing.resolve(who, message_id, body.decision))


@app.post(
    "/api/onlyfans/messages/<id>/check",
    summary="Have the platform asked whether a message arrived of which nobody knows",
    tags=["Sending"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=also_told(
        {409: "The message is in another state by now, the platform cannot tell, or a request with the same key runs."}
    ),
)
def check_message(who: Caller, message_id: MessageId) -> StandingBody:
    return StandingBody.of(wiring.current().outgoing.check(who, message_id))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
