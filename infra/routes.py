"""Every method and path of the HTTP API: each becomes a gateway route of its own, pointing at its group's function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One gateway route; without `public` it takes an access token."""

    method: str
    path: str
    function: str
    public: bool = False


ROUTES = (
    Route("GET", "/api/crm/fans", "fans"),
    Route("POST", "/api/crm/fans", "fans"),
    Route("GET", "/api/openapi.json", "public", public=True),
)
