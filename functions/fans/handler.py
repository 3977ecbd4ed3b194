"""The fans of a workspace."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query

from huntaze import wiring
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.fans.schema import FanBody, FansBody, FansQuery, NewFanBody

app = HttpApi(wiring.current)


@app.get("/api/crm/fans", summary="The workspace's fans, newest first", tags=["Fans"])
def list_fans(who: Caller, query: Annotated[FansQuery, Query()]) -> FansBody:
    return FansBody.of(wiring.current().fans.page(who, query.wanted()))


@app.post(
    "/api/crm/fans",
    summary="Add a fan",
    tags=["Fans"],
    status_code=HTTPStatus.CREATED,
    openapi_extensions=also_told({409: "The workspace has a fan with this platformId on this platform already."}),
)
def create_fan(who: Caller, new: NewFanBody) -> FanBody:
    return FanBody.of(wiring.current().fans.create(who, new.fan()))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
