"""The accounts that messages leave through: connecting them, how they are, their pace, and letting them go."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path

from huntaze import wiring
from huntaze.connections.schema import (
    ConnectionBody,
    ConnectionsBody,
    DisconnectBody,
    LoginBody,
    NewConnectionBody,
    PaceBody,
    PauseBody,
    TestedBody,
)
from huntaze.edge import switches
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.schema import Id

app = HttpApi(wiring.current, group="connections", only_while=switches.onlyfans)

ConnectionId = Annotated[Id, Path(alias="id")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]

CREATED = HTTPStatus.CREATED
TAKEN = also_told({409: "The account is in use already, its bridge is not signed in, or another one is connected."})
GONE = also_told({409: "The account was disconnected; or a request with the same key still runs."})
CLOSED = also_told({409: "The account was disconnected, or nothing opens it; or a request with the key still runs."})
CHANGED = also_told({409: "The account was disconnected.", 412: "It is no longer the version that If-Match names."})
OTHER = also_told({409: "The login is another account's, or the account is in use elsewhere or was disconnected."})

CONNECTIONS, CONNECTION = "/api/onlyfans/connections", "/api/onlyfans/connections/<id>"
AUTH = "/api/onlyfans/auth"


@app.get(CONNECTIONS, summary="The connected accounts, and how each is doing", tags=["Connections"])
def list_connections(who: Caller) -> ConnectionsBody:
    return ConnectionsBody.of(wiring.current().connections.all(who), who)


@app.post(
    CONNECTIONS, summary="Connect an account", tags=["Connections"], status_code=CREATED, openapi_extensions=TAKEN
)
def connect_account(who: Caller, new: NewConnectionBody) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connecting.connect(who, new.asked(), new.agreed_to), who)


@app.post(
    f"{AUTH}/connect",
    summary="Connect an account, by another name",
    tags=["Connections"],
    status_code=CREATED,
    openapi_extensions=TAKEN,
)
def authorize_account(who: Caller, new: NewConnectionBody) -> ConnectionBody:
    return connect_account(who, new)


@app.get(CONNECTION, summary="One account, and how it is doing", tags=["Connections"])
def read_connection(who: Caller, connection_id: ConnectionId) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connections.get(who, connection_id), who)


@app.put(CONNECTION, summary="Change an account's pace", tags=["Connections"], openapi_extensions=CHANGED)
def change_pace(who: Caller, connection_id: ConnectionId, body: PaceBody, if_match: IfMatch = None) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connections.set_pace(who, connection_id, body.pace(), if_match), who)


@app.delete(CONNECTION, summary="Disconnect an account: its credentials are destroyed", tags=["Connections"])
def disconnect_account(who: Caller, connection_id: ConnectionId) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connecting.disconnect(who, connection_id), who)


@app.post(f"{AUTH}/disconnect", summary="Disconnect the account of a platform", tags=["Connections"])
def deauthorize_account(who: Caller, body: DisconnectBody) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connecting.disconnect_platform(who, body.platform), who)


@app.post(
    f"{CONNECTION}/test",
    summary="Ask the bridge now how the account is",
    tags=["Connections"],
    openapi_extensions=CLOSED,
)
def test_connection(who: Caller, connection_id: ConnectionId) -> TestedBody:
    return TestedBody.of(wiring.current().connections.test(who, connection_id), who)


@app.post(f"{CONNECTION}/pause", summary="Let nothing leave", tags=["Connections"], openapi_extensions=GONE)
def pause_account(who: Caller, connection_id: ConnectionId, body: PauseBody) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connections.pause(who, connection_id, body.reason), who)


@app.post(f"{CONNECTION}/resume", summary="Let what waits leave again", tags=["Connections"], openapi_extensions=GONE)
def resume_account(who: Caller, connection_id: ConnectionId) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connections.resume(who, connection_id), who)


@app.post(f"{CONNECTION}/login", summary="Renew an account's login", tags=["Connections"], openapi_extensions=OTHER)
def renew_login(who: Caller, connection_id: ConnectionId, body: LoginBody) -> ConnectionBody:
    return ConnectionBody.of(wiring.current().connecting.renew(who, connection_id, body.login()), who)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
