"""One request to a stage, as a caller sends it."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

_SECONDS_TO_ANSWER = 60  # a database that was paused wakes up first


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nothing did."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body, where it is an object in JSON."""
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}

    def __str__(self) -> str:
        told = self.json().get("detail") or self.body[:200].decode(errors="replace")
        return f"{self.status or 'no answer'}: {told}" if told else str(self.status)


def ask(method: str, url: str, *, token: str | None = None, body: object = None) -> Answer:
    """Send it, and take whatever comes for an answer."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    said = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, said, headers, method=method)  # noqa: S310 - a stage's own address
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS_TO_ANSWER) as answer:  # noqa: S310 - the same
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read())
    except OSError as error:
        return Answer(0, str(error).encode())
