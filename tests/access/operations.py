"""The operations of the API, read from its own description, with every place in them where an id can stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel

from functions.openapi import described
from huntaze.edge.api import HttpApi
from tests.support.functions import load, names

Json = dict[str, Any]
Way = tuple[str | int, ...]  # to a place inside a body: names, and 0 for "the first of a list"


@dataclass(frozen=True)
class Operation:
    """One method of one path, as a caller learns of it."""

    id: str
    function: str
    method: str
    path: str
    ids_in_path: tuple[str, ...]
    ids_in_query: tuple[str, ...]
    needed_in_query: Mapping[str, Json]
    ids_in_body: tuple[Way, ...]
    has_cursor: bool
    body: Json | None
    takes_form: bool  # a file with fields, in place of a body in JSON

    def __str__(self) -> str:
        return self.id


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation that takes a token."""
    document = described()
    functions = _functions()
    return tuple(
        _operation(functions[told["operationId"]], method.upper(), path, told, document["components"]["schemas"])
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if told["security"]
    )


def _functions() -> dict[str, str]:
    """Which function answers which operation."""
    return {
        to_camel(route.function.__name__): name
        for name in names()
        if isinstance(app := getattr(load(name), "app", None), HttpApi)
        for route in app.declared
    }


def _operation(function: str, method: str, path: str, told: Json, schemas: Json) -> Operation:
    parameters = [one for one in told.get("parameters", []) if one["in"] in {"path", "query"}]
    schema = _body(told, schemas)
    return Operation(
        id=told["operationId"],
        function=function,
        method=method,
        path=path,
        ids_in_path=tuple(one["name"] for one in parameters if one["in"] == "path" and _is_id(one["schema"])),
        ids_in_query=tuple(one["name"] for one in parameters if one["in"] == "query" and _is_id(one["schema"])),
        needed_in_query={
            one["name"]: whole(one["schema"], schemas)
            for one in parameters
            if one["in"] == "query" and one.get("required")
        },
        ids_in_body=tuple(_ways_to_ids(schema)) if schema else (),
        has_cursor=any(one["name"] == "cursor" for one in parameters),
        body=schema,
        takes_form="multipart/form-data" in told.get("requestBody", {}).get("content", {}),
    )


def _body(told: Json, schemas: Json) -> Json | None:
    content = told.get("requestBody", {}).get("content", {}).get("application/json")
    return whole(content["schema"], schemas) if content else None


def whole(schema: Json, schemas: Json) -> Json:
    """A schema with everything in place that it only refers to."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    resolved = dict(schema)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            resolved[key] = [whole(one, schemas) for one in schema[key]]
    if "properties" in schema:
        resolved["properties"] = {name: whole(one, schemas) for name, one in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        resolved["items"] = whole(schema["items"], schemas)
    return resolved


def _ways_to_ids(schema: Json, so_far: Way = ()) -> Iterator[Way]:
    if _is_id(schema):
        yield so_far
    for choice in schema.get("anyOf", []):
        yield from _ways_to_ids(choice, so_far)
    for name, inner in schema.get("properties", {}).items():
        yield from _ways_to_ids(inner, (*so_far, name))
    if "items" in schema:
        yield from _ways_to_ids(schema["items"], (*so_far, 0))


def _is_id(schema: Json) -> bool:
    return schema.get("format") == "uuid" or any(one.get("format") == "uuid" for one in schema.get("anyOf", []))
