"""docs/platform-bridge.openapi.json: sound in itself, and all that the client speaks, no less and no more."""

import base64
import hmac
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import pytest

from huntaze.platforms import replies
from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import Accepted, Capability, Door, Reason
from tests.support.bridge_description import DESCRIPTION, DOCS, OPERATIONS, at, must_be, nodes, operations, resolved
from tests.support.bridges import LETTER, Act, Heard, ScriptedBridge, answers, client, door, refuses, soon

GUIDE = (DOCS / "platform-bridge.md").read_text()
AT = datetime(2026, 5, 1, tzinfo=UTC)

Ask = Callable[[Bridge, Door], object]

SPOKEN: dict[str, list[Ask]] = {
    "account": [lambda bridge, at: bridge.account(at)],
    "send": [lambda bridge, at: bridge.send(at, LETTER, soon())],
    "messages": [
        lambda bridge, at: bridge.find(at, LETTER.reference),
        lambda bridge, at: bridge.messages(at, "fan-9"),
        lambda bridge, at: bridge.messages(at, "fan-9", "p2"),
    ],
    "fans": [lambda bridge, at: bridge.fans(at), lambda bridge, at: bridge.fans(at, "p2")],
    "content": [lambda bridge, at: bridge.content(at), lambda bridge, at: bridge.content(at, "p2")],
    "statistics": [lambda bridge, at: bridge.statistics(at, AT, AT)],
    "setWebhook": [lambda bridge, at: bridge.set_webhook(at, "https://api.example.com/hook")],
    "clearWebhook": [lambda bridge, at: bridge.clear_webhook(at)],
}


def _bodies() -> Iterator[tuple[Any, Any]]:
    """Every body with an example: what is asked, answered and told."""
    for node in nodes(DESCRIPTION):
        for content in node.get("content", {}).values() if isinstance(node.get("content"), dict) else ():
            if isinstance(content, dict) and "schema" in content:
                yield content["schema"], content["example"]


def test_it_is_openapi_3_1_with_a_name_for_every_operation() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(DESCRIPTION["info"])
    assert len(OPERATIONS) == len(list(operations()))
    for _, _, operation in OPERATIONS.values():
        assert operation["summary"]
        assert all(resolved(answer)["description"] for answer in operation["responses"].values())


def test_every_reference_leads_somewhere_and_every_part_is_used() -> None:
    used = {node["$ref"] for node in nodes(DESCRIPTION) if isinstance(node.get("$ref"), str)}
    assert all(isinstance(at(reference), dict) for reference in used)
    parts = {
        f"#/components/{kind}/{name}"
        for kind, named in DESCRIPTION["components"].items()
        for name in named
        if kind != "securitySchemes"
    }
    assert parts == used


@pytest.mark.parametrize("name", DESCRIPTION["components"]["schemas"])
def test_every_schema_is_one(name: str) -> None:
    jsonschema_rs.meta.validate(DESCRIPTION["components"]["schemas"][name])


def test_every_example_is_one() -> None:
    bodies = list(_bodies())
    assert len(bodies) > 20
    for schema, example in bodies:
        must_be(schema, example)


def test_every_answer_of_a_bridge_carries_its_time() -> None:
    for _, _, operation in OPERATIONS.values():
        for answer in operation["responses"].values():
            assert "Bridge-Time" in resolved(answer)["headers"]


def _example(operation: dict[str, Any], status: str) -> Act:
    answer = resolved(operation["responses"][status])
    content = answer.get("content", {}).get("application/json")
    return answers(int(status), content["example"] if content else None)


def _good(operation: dict[str, Any]) -> str:
    statuses: list[str] = [status for status in operation["responses"] if status.startswith("2")]
    return min(statuses)


def _asked(operation_id: str, ask: Ask) -> tuple[Heard, object]:
    _, _, operation = OPERATIONS[operation_id]
    with ScriptedBridge(_example(operation, _good(operation))) as bridge:
        outcome = ask(client(knows=[bridge.url]), door(bridge.url))
        return bridge.heard[-1], outcome


@pytest.mark.parametrize(("operation_id", "ask"), [(name, ask) for name, asks in SPOKEN.items() for ask in asks])
def test_the_client_asks_what_is_described_and_understands_its_example(operation_id: str, ask: Ask) -> None:
    path, method, operation = OPERATIONS[operation_id]
    heard, outcome = _asked(operation_id, ask)
    target = urlsplit(heard.target)
    assert (heard.method.lower(), target.path) == (method, path)
    known = {each["name"]: each for each in map(resolved, operation.get("parameters", ()))}
    asked = dict(parse_qsl(target.query, strict_parsing=bool(target.query)))
    assert set(asked) <= set(known)
    assert {name for name, each in known.items() if each["required"]} <= set(asked)
    for name, value in asked.items():
        must_be(known[name]["schema"], int(value) if known[name]["schema"].get("type") == "integer" else value)
    body = operation.get("requestBody")
    assert bool(body) == bool(heard.body)
    if body:
        must_be(body["content"]["application/json"]["schema"], heard.json())
    if operation_id == "send":
        assert outcome == Accepted("m-1")


def test_all_that_is_described_is_spoken() -> None:
    assert set(SPOKEN) | {"time"} == set(OPERATIONS)
    with ScriptedBridge(_example(OPERATIONS["send"][2], "201"), _example(OPERATIONS["time"][2], "200")) as bridge:
        assert client().send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
        assert [each.target for each in bridge.heard] == ["/v1/time", "/v1/messages"]


def test_a_repeated_acceptance_is_understood() -> None:
    with ScriptedBridge(_example(OPERATIONS["send"][2], "200")) as bridge:
        assert client(knows=[bridge.url]).send(door(bridge.url), LETTER, soon()) == Accepted("m-1")


def _described_refusals(operation: dict[str, Any]) -> set[tuple[int, str]]:
    return {
        (int(status), code)
        for status, answer in operation["responses"].items()
        if (problem := resolved(answer).get("content", {}).get("application/problem+json"))
        for code in problem["schema"]["properties"]["code"]["enum"]
    }


def test_the_refusals_that_the_client_knows_are_those_described() -> None:
    assert _described_refusals(OPERATIONS["send"][2]) == {*replies.REFUSALS, (422, "refused")}


def test_words_for_refusals_are_those_described() -> None:
    reason = DESCRIPTION["components"]["responses"]["Refused"]["content"]["application/problem+json"]["schema"]
    assert set(reason["properties"]["reason"]["enum"]) == set(replies.WORDS_FOR_REFUSALS)
    assert all(f"`{word}`" in GUIDE for word in replies.WORDS_FOR_REFUSALS)


def test_every_described_refusal_is_told_apart_from_not_knowing() -> None:
    for status, code in _described_refusals(OPERATIONS["send"][2]):
        with ScriptedBridge(refuses(status, code, forGood=True)) as bridge:
            answer = client(knows=[bridge.url]).send(door(bridge.url), LETTER, soon())
        assert getattr(answer, "reason", None) not in {Reason.UNDOCUMENTED, None}
        assert f"`{code}`" in GUIDE
        assert f"`{HTTPStatus(status).value}`" in GUIDE


def test_what_bridges_can_do_is_in_both() -> None:
    told = DESCRIPTION["components"]["schemas"]["Account"]["properties"]["capabilities"]["description"]
    for capability in Capability:
        assert re.search(rf"\b{capability}\b", told)
        assert f"`{capability}`" in GUIDE


def test_the_types_of_events_are_in_both() -> None:
    assert all(f"`{kind}`" in GUIDE for kind in DESCRIPTION["webhooks"])


def test_the_signature_in_the_guide_is_right() -> None:
    given = {
        name: re.search(rf"^    {name} +(.+)$", GUIDE, re.MULTILINE) for name in ("secret", "id", "timestamp", "body")
    }
    secret, event_id, timestamp, body = (found[1] for found in given.values() if found)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, f"{event_id}.{timestamp}.{body}".encode(), "sha256")).decode()
    assert f"    v1,{signature}\n" in GUIDE
    event = DESCRIPTION["webhooks"]["tip.received"]["post"]["requestBody"]["content"]["application/json"]
    must_be(event["schema"], json.loads(body))


def test_the_letter_in_the_guide_is_one() -> None:
    found = re.search(r'^\{"clientReference".*?\}$', GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None
    must_be({"$ref": "#/components/schemas/Letter"}, json.loads(found[0]))
