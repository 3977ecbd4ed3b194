"""What platforms tell, as their bridges bring it: proven, kept, and answered at once."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from huntaze import wiring
from huntaze.edge.api import HttpApi
from huntaze.edge.problem import also_told
from huntaze.edge.signed import delivered

app = HttpApi(wiring.current, public=True, takes_input=False)

REFUSED = also_told(
    {
        400: "It is no text in UTF-8, or it is signed and is no event: no JSON object, or without a type.",
        401: "No such connection, or not signed by its bridge within the last five minutes: all of it told alike.",
        404: "No platform can be called that.",
        413: "An event is at most 256 KB.",
        503: "It could not be kept: tell it again after Retry-After seconds.",
    }
)


@app.post(
    "/api/webhooks/<platform>/<connectionId>",
    summary="An event from a platform's bridge, signed as in Standard Webhooks",
    tags=["Platforms"],
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extensions=REFUSED,
)
def take_in_event(platform: str, connectionId: Annotated[str, Path()]) -> Response[Any]:  # noqa: N803
    wiring.current().webhooks.take_in(platform, connectionId, delivered(app.current_event.raw_event))
    return Response(HTTPStatus.NO_CONTENT, body="")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
