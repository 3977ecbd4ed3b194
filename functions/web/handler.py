"""The pages people work in."""

from pathlib import Path
from typing import Any

from huntaze import wiring
from huntaze.web.all_routes import ROUTES
from huntaze.web.site import Site

app = Site(wiring.current, ROUTES, static=Path(__file__).with_name("static"))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  (Lambda's own signature)
    return app.resolve(event)
