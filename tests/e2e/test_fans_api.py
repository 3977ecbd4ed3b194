"""Every fan route deployed, each documented 2xx reached: one story of a fan, told through the API."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.deployed import Deployed
from tests.support.http import Answer

FANS = "/api/crm/fans"


@dataclass
class Caller:
    """Calls the API and remembers which operation answered what."""

    deployed: Deployed
    token: str
    reached: set[tuple[str, int]] = field(default_factory=set)

    def __call__(self, operation: str, *, query: str = "", body: Any = None, **values: str) -> Answer:
        method, path = operation.split(" ")
        filled = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], path)
        answer = self.deployed.call(
            method, filled + query, token=self.token, body=body, headers=values_to_headers(values)
        )
        self.reached.add((operation, answer.status))
        return answer


def values_to_headers(values: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in values.items() if name in {"If_Match", "Idempotency_Key"}}


@pytest.fixture(scope="module")
def call(deployed: Deployed, owner_token: str) -> Caller:
    return Caller(deployed, owner_token)


def _new_fan(**changes: Any) -> dict[str, Any]:
    return {"name": "Robin", "platform": "onlyfans", "platformId": secrets.token_hex(8), **changes}


def test_every_documented_success_is_reached(call: Caller, deployed: Deployed) -> None:
    tag = f"tag-{secrets.token_hex(4)}"
    created = call(f"POST {FANS}", body=_new_fan(tags=[tag], valueCents=99))
    fan = created.json()
    by_id = {"id": fan["id"]}
    got = call(f"GET {FANS}/{{id}}", **by_id)
    assert got.json() == fan
    etag = got.headers["etag"]
    changed = call(f"PUT {FANS}/{{id}}", body={"name": "Robin II"}, If_Match=etag, **by_id)
    assert changed.json()["name"] == "Robin II"
    assert call(f"PUT {FANS}/{{id}}", body={"name": "Robin III"}, If_Match=etag, **by_id).status == 412
    found = call(f"GET {FANS}", query=f"?q=robin%20ii&tag={tag}&sort=valueCents").json()["fans"]
    assert [each["id"] for each in found] == [fan["id"]]
    call(f"GET {FANS}/top")

    note = call(f"POST {FANS}/{{id}}/notes", body={"text": "Likes the sea"}, **by_id).json()
    both = {**by_id, "noteId": note["id"]}
    call(f"PUT {FANS}/{{id}}/notes/{{noteId}}", body={"text": "Loves the sea"}, **both)
    assert call(f"GET {FANS}/{{id}}/notes", **by_id).json()["notes"][0]["text"] == "Loves the sea"
    call(f"DELETE {FANS}/{{id}}/notes/{{noteId}}", **both)

    call(f"POST {FANS}/{{id}}/tags", body={"tag": f"{tag}-2"}, **by_id)
    call(f"GET {FANS}/{{id}}/tags", **by_id)
    call(f"DELETE {FANS}/{{id}}/tags", query=f"?tag={tag}-2", **by_id)
    assert {"tag": tag, "count": 1} in call(f"GET {FANS}/tags").json()["tags"]
    call(f"PUT {FANS}/tags", query=f"?tag={tag}", body={"tag": f"{tag}-3"})
    call(f"POST {FANS}/tags", body={"ids": [fan["id"]], "add": [tag]})
    call(f"DELETE {FANS}/tags", query=f"?tag={tag}")

    call(f"GET {FANS}/{{id}}/export", **by_id)
    call(f"DELETE {FANS}/{{id}}", **by_id)
    assert call(f"GET {FANS}/{{id}}", **by_id).status == 404
    assert call(f"POST {FANS}/{{id}}/restore", **by_id).status == 200
    _merge_undo_and_erase(call, fan["id"])
    assert _missing(call, deployed) == set()


def _merge_undo_and_erase(call: Caller, fan_id: str) -> None:
    words = secrets.token_hex(8)
    other = call(f"POST {FANS}", body=_new_fan(name=f"Robin {words}", valueCents=1)).json()
    merge = call(f"POST {FANS}/merges", body={"keptId": fan_id, "mergedId": other["id"]}).json()
    assert call(f"GET {FANS}/{{id}}", id=fan_id).json()["valueCents"] == 100
    assert call(f"GET {FANS}/{{id}}", id=other["id"]).status == 404
    assert merge["id"] in {each["id"] for each in call(f"GET {FANS}/merges").json()["merges"]}
    assert call(f"DELETE {FANS}/merges/{{id}}", id=merge["id"]).status == 204
    assert call(f"GET {FANS}/{{id}}", id=other["id"]).json()["valueCents"] == 1

    assert call(f"POST {FANS}/{{id}}/erasure", id=other["id"], body={"confirm": True}).status == 202
    assert call(f"GET {FANS}/{{id}}", id=other["id"]).status == 404
    assert call(f"GET {FANS}", query=f"?q={words}").json()["fans"] == []
    back = _new_fan(platformId=other["platformId"])
    assert call(f"POST {FANS}", body=back).status == 409, "nobody brings them back"


def _missing(call: Caller, deployed: Deployed) -> set[tuple[str, int]]:
    openapi = deployed.call("GET", "/api/openapi.json").json()
    documented = {
        (f"{method.upper()} {path}", int(status))
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
        if status.startswith("2") and path.startswith(FANS)
    }
    return documented - call.reached


def test_the_same_idempotency_key_replays_the_answer(call: Caller) -> None:
    key, fan = secrets.token_hex(8), _new_fan()
    first = call(f"POST {FANS}", body=fan, Idempotency_Key=key)
    again = call(f"POST {FANS}", body=fan, Idempotency_Key=key)
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert call(f"POST {FANS}", body=_new_fan(), Idempotency_Key=key).status == 422


@pytest.mark.parametrize(
    ("field_name", "value"),
    [
        ("name", "\0"),
        ("name", "x" * 10_000),
        ("name", "\ud800"),
        ("valueCents", -1),
        ("valueCents", 2**63),
        ("valueCents", 0.5),
        ("platform", "myspace"),
        ("tags", ["x"] * 2),
        ("metadata", {"a": [[[[[[[[[[[[]]]]]]]]]]]]}),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(call: Caller, field_name: str, value: Any) -> None:
    before = call(f"GET {FANS}", query="?limit=1&sort=createdAt").json()
    answer = call(f"POST {FANS}", body=_new_fan(**{field_name: value}))
    assert answer.status == 400
    assert {field["field"].split(".")[0] for field in answer.json()["fields"]} == {field_name}
    assert call(f"GET {FANS}", query="?limit=1&sort=createdAt").json() == before


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "'; DROP TABLE fans; --", "\u202egnp.exe"]
)
def test_hostile_text_comes_back_unchanged(call: Caller, text: str) -> None:
    assert call(f"POST {FANS}", body=_new_fan(name=text)).json()["name"] == text
