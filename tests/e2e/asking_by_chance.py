"""Loaded by whoever makes requests by chance: who asks, and what is left out of what they ask."""

import json
import os
from typing import Any

import schemathesis

from local.people import sign_in

WHO = "WHO_SIGNS_IN"  # in the environment, as JSON: what `sign_in` is told
SECONDS = 600  # a token lasts half an hour, and a deep run longer
# They say where a request ends. Who says so wrongly is turned away by whatever takes the connection, before it is one.
OF_THE_CONNECTION = {"connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"}


@schemathesis.auth(refresh_interval=SECONDS)  # type: ignore[no-untyped-call]  # what it takes is told by its names
class SignedIn:
    """One person, who signs in again and again."""

    def get(self, case: Any, context: Any) -> str:  # noqa: ARG002 - asked for so
        return str(sign_in(*json.loads(os.environ[WHO]))["AccessToken"])

    def set(self, case: Any, data: str, context: Any) -> None:  # noqa: ARG002 - asked for so
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ARG001 - asked for so
    """Send a request that is one."""
    for name in [name for name in case.headers or {} if name.lower() in OF_THE_CONNECTION]:
        del case.headers[name]
