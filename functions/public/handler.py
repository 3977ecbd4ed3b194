"""What anybody may read: the description of this API."""

from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from huntaze import wiring
from huntaze.edge.api import HttpApi

app = HttpApi(wiring.current, public=True, takes_input=False)


@app.get("/api/openapi.json", summary="This description", tags=["About"])
def openapi() -> Response[Any]:
    return Response(200, "application/json", _document())


@cache
def _document() -> str:
    return Path(__file__).with_name("openapi.json").read_text()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
