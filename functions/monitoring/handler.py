"""Whether all that sending needs is well."""

from typing import Any

from huntaze import wiring
from huntaze.edge.api import Claimed, HttpApi
from huntaze.monitoring.schema import HealthBody

app = HttpApi(wiring.current, group="monitoring", takes_input=False)


@app.get(
    "/api/monitoring/onlyfans",
    summary="How everything is that sending needs; 503 with the same body while a part of it is away",
    tags=["Monitoring"],
)
def read_health(whose: Claimed) -> HealthBody:
    return HealthBody.of(wiring.current().monitoring.health(whose))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
