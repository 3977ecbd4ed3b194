"""Loaded by whoever makes requests by chance: it signs in again and again, for a token lasts half an hour."""

import json
import os
from typing import Any

import schemathesis

from local.people import sign_in

WHO = "WHO_SIGNS_IN"  # in the environment, as JSON: what `sign_in` is told
SECONDS = 600


@schemathesis.auth(refresh_interval=SECONDS)  # type: ignore[no-untyped-call]  # what it takes is told by its names
class SignedIn:
    """One person."""

    def get(self, case: Any, context: Any) -> str:  # noqa: ARG002 - asked for so
        return str(sign_in(*json.loads(os.environ[WHO]))["AccessToken"])

    def set(self, case: Any, data: str, context: Any) -> None:  # noqa: ARG002 - asked for so
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
