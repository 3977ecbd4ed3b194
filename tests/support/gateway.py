"""Where the gateway sends a request."""

import re

from infra.routes import ROUTES, Route


def route_of(method: str, path: str) -> Route:
    """The route that a request goes to: where several fit, the one with the fewest gaps."""
    fits = (route for route in ROUTES if route.method == method and re.fullmatch(_pattern(route.path), path))
    return min(fits, key=lambda route: route.path.count("{"))


def _pattern(path: str) -> str:
    return re.sub(r"\{[^}+]+\}", "[^/]+", path).replace("{proxy+}", ".*")
