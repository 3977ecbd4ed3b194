"""Waiting for a platform that cannot connect yet: for anybody, and so with no right but to the database."""

from http import HTTPStatus
from typing import Any

from huntaze import wiring
from huntaze.edge.api import HttpApi
from huntaze.edge.problem import also_told
from huntaze.waitlist.schema import WaitBody, WaitingBody

app = HttpApi(wiring.current, public=True)

OFTEN = also_told({429: "Five a minute are taken from one address."})


@app.post(
    "/api/waitlist",
    summary="Hear when a platform can be connected",
    tags=["Waitlist"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=OFTEN,
)
def join_waitlist(body: WaitBody) -> WaitingBody:
    address = app.current_event.request_context.http.source_ip
    wiring.current().waitlist.join(body.email, body.platform, address)
    return WaitingBody(platform=body.platform)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
