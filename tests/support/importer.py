"""Somebody who imports through the deployed API."""

import time
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.support.deployed import Deployed
from tests.support.http import Answer, request
from tests.support.multipart import Part, body_of, content_type

CSV, IMPORTS = "/api/onlyfans/import/csv", "/api/onlyfans/imports"
SECONDS = 240
COUNT = "SELECT count(*) FROM fans WHERE workspace_id = %s AND platform_id LIKE %s"


@dataclass(frozen=True)
class Importer:
    """Somebody who imports fans into a workspace, as programs do."""

    deployed: Deployed
    token: str
    workspace: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        named = {"X-Workspace": self.workspace} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.deployed.call(method, path, token=self.token, body=body, headers=named)

    def send(self, content: bytes, *fields: Part, **headers: str) -> Answer:
        body = body_of([*fields, Part("file", content, "fans.csv")])
        return self.ask("POST", CSV, body, Content_Type=content_type(), **headers)

    def read(self, import_id: str) -> dict[str, Any]:
        answer = self.ask("GET", f"{IMPORTS}/{import_id}")
        assert answer.status == 200, answer.body
        return dict(answer.json())

    def once(self, import_id: str, status: str) -> tuple[dict[str, Any], list[float]]:
        """The import when it has come so far, and what was seen of its progress."""
        seen: list[float] = []
        deadline = time.monotonic() + SECONDS
        while (known := self.read(import_id))["status"] != status:
            assert known["status"] != "failed", known
            assert time.monotonic() < deadline, known
            seen.append(known["progress"])
            time.sleep(0.2)
        return known, seen

    def fans(self, like: str) -> int:
        with psycopg.connect(self.deployed.servers.database("postgres")) as superuser:
            [(count,)] = superuser.execute(COUNT, [self.workspace, like]).fetchall()
        return int(count)


def put(begun: dict[str, Any], content: bytes) -> Answer:
    """What a browser does with the form."""
    upload = begun["upload"]
    fields = [Part(name, value) for name, value in upload["fields"].items()]
    body = body_of([*fields, Part("file", content, "fans.csv")])
    return request("POST", upload["url"], body=body, headers={"Content-Type": content_type()})
