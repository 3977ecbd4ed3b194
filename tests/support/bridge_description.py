"""The description of bridges, docs/platform-bridge.openapi.json, taken apart."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from tests.support.functions import ROOT

DOCS = ROOT / "docs"
DESCRIPTION: dict[str, Any] = json.loads((DOCS / "platform-bridge.openapi.json").read_text())
METHODS = ("get", "put", "post", "delete")


def at(reference: str) -> Any:
    """What a reference leads to."""
    value: Any = DESCRIPTION
    for step in reference.removeprefix("#/").split("/"):
        value = value[step]
    return value


def resolved(value: Any) -> Any:
    """The thing itself, whether it stands here or is referred to."""
    while isinstance(value, dict) and "$ref" in value:
        value = at(value["$ref"])
    return value


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of all that is served."""
    for path, methods in DESCRIPTION["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


OPERATIONS = {operation["operationId"]: (path, method, operation) for path, method, operation in operations()}


def must_be(schema: Any, value: Any) -> None:
    """A jsonschema_rs.ValidationError unless the value is as the schema says."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": DESCRIPTION["components"]}
    jsonschema_rs.validator_for({**whole, "allOf": [schema]}, validate_formats=True).validate(value)


def must_be_answer(operation_id: str, status: int, content_type: str, body: Any) -> None:
    """The same for an answer: its status, its kind and its body must be described."""
    answers = OPERATIONS[operation_id][2]["responses"]
    described = resolved(answers.get(str(status)) or answers[f"{status // 100}XX"])
    if body is not None and "content" in described:
        must_be(described["content"][content_type]["schema"], body)
