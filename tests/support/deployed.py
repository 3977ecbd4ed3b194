"""What an end-to-end test needs to know of the deployed local stack."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from infra.routes import ROUTES, Route
from local.cdk import read_outputs
from local.deployment import outputs_file
from local.people import sign_in
from local.stack import Servers
from tests.support.http import Answer, request
from tests.support.simulator import wait_for

DEMO_OWNER = "zoe@demo.huntaze.test"


@dataclass(frozen=True)
class Deployed:
    """The stack, and the ways a caller has into it."""

    folder: Path
    servers: Servers
    description: dict[str, Any]

    @property
    def outputs(self) -> dict[str, str]:
        """What the deployed stacks tell of themselves."""
        return read_outputs(outputs_file(self.folder))

    def wake(self) -> None:
        """Let each function that answers requests answer one, one after another: they are unpacked for it."""
        token = str(self.tokens(DEMO_OWNER)["AccessToken"])
        harmless = {route.function: route for route in sorted(ROUTES, key=lambda route: route.method == "GET")}
        for route in harmless.values():
            wait_for(partial(self._answers, route, token), seconds=300)

    def _answers(self, route: Route, token: str) -> bool:
        path = re.sub(r"\{[^}]+\}", "x", route.path)
        return self.call(route.method, path, token=token).status < 500

    def tokens(self, email: str) -> dict[str, Any]:
        """All tokens of a demo person, signed in afresh."""
        return sign_in(self.servers.aws_endpoint, self.description["clientId"], email, self.password_of(email))

    def password_of(self, email: str) -> str:
        """The password of a demo person."""
        return str(next(user["password"] for user in self.description["users"] if user["email"] == email))

    def call(self, method: str, path: str, **words: Any) -> Answer:
        """One request to the API."""
        return request(method, self.description["url"] + path, **words)
