"""The description of the whole API (OpenAPI 3.1), from the code of every function's routes."""

from collections.abc import Iterable
from inspect import get_annotations
from typing import Any, TypeGuard

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaMode

from huntaze.edge import forms, problem
from huntaze.edge import openapi_words as words
from huntaze.edge.api import Declared, HttpApi
from huntaze.edge.once import UNSAFE
from huntaze.edge.request import JSON

Json = dict[str, Any]

_REF = "#/components/schemas/{model}"
_TOKEN = "accessToken"  # noqa: S105 - the name of a scheme
_POWERTOOLS_STATUS = {"422", "500"}  # what it would answer itself, and never does here


def document(apis: Iterable[HttpApi], version: str) -> Json:
    """One document for all functions; two routes or schemas of one name and different content are an error."""
    paths: Json = {}
    schemas: Json = dict(words.SCHEMAS)
    for api in apis:
        described = api.get_openapi_schema(title="Huntaze", version=version)
        found: Json = described.model_dump(mode="json", by_alias=True, exclude_none=True)
        for route in api.declared:
            operation = found["paths"][route.path][route.method.lower()]
            if (fields := operation.pop(forms.EXTENSION, None)) is not None:
                _join(schemas, fields.pop("$defs", {}))
                operation["requestBody"] = _form(fields)
            _complete(operation, route, public=api.public)
            _join(schemas, _schemas_of(route))
            _join(paths.setdefault(route.path, {}), {route.method.lower(): operation})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Huntaze", "version": version, "description": "CRM and paced messaging for creators."},
        "servers": [{"url": "/"}],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": {name: _without_titles(schemas[name]) for name in sorted(schemas)},
            "responses": {name: _common_problem(name) for name in sorted(words.WHEN)},
            "securitySchemes": {_TOKEN: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _complete(operation: Json, route: Declared, *, public: bool) -> None:
    unsafe = route.method in UNSAFE and not (public or route.is_personal)
    operation["operationId"] = to_camel(route.function.__name__)
    operation["security"] = [] if public else [{_TOKEN: []}]
    operation["parameters"] = [
        *_parameters(operation, route),
        *([] if public or route.is_personal else [words.WORKSPACE]),
        *([words.IDEMPOTENCY_KEY] if unsafe else []),
    ]
    common = words.OF_EVERY_ROUTE if public else words.OF_EVERY_ROUTE | words.OF_EVERY_GUARDED_ROUTE
    common = common | (words.OF_EVERY_ROUTE_WITH_A_BODY if "requestBody" in operation else {})
    common = common | (words.OF_EVERY_UNSAFE_ROUTE if unsafe else {})
    answers = {
        status: _good_answer(status, told, route, public=public)
        for status, told in operation["responses"].items()
        if status not in _POWERTOOLS_STATUS
    }
    answers |= {str(status): {"$ref": f"#/components/responses/{name}"} for status, name in common.items()}
    returned = get_annotations(route.function).get("return")
    if _is_model(returned) and hasattr(returned, "retry_after"):
        answers["503"] = _told_all_the_same(returned)
    answers |= {str(status): _problem(when) for status, when in operation.pop(problem.EXTENSION, {}).items()}
    operation["responses"] = {status: answers[status] for status in sorted(answers)}


def _good_answer(status: str, told: Json, route: Declared, *, public: bool) -> Json:
    returned = get_annotations(route.function).get("return")
    told = {"description": told["description"]} if status == "204" else told
    if _is_model(returned):
        # Powertools sees only the text that the body is written as.
        body = {"schema": {"$ref": _REF.format(model=returned.__name__)}}
        told = {"description": told["description"], "content": {JSON: body}}
    version = words.ETAG if hasattr(returned, "etag") else {}
    headers = told.get("headers", {}) | ({} if public else {**words.COUNTED, **version})
    return {**told, "headers": headers} if headers else told


def _problem(when: str) -> Json:
    return {
        "description": when,
        "content": {problem.CONTENT_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
    }


def _common_problem(name: str) -> Json:
    answer = _problem(words.WHEN[name])
    if name in words.ALSO_BY_THE_GATEWAY:
        answer["content"]["application/json"] = {"schema": {"$ref": _REF.format(model="GatewayRefusal")}}
    if name in words.WITH_RETRY_AFTER:
        answer["headers"] = words.RETRY_AFTER
    return answer


def _told_all_the_same(returned: type[BaseModel]) -> Json:
    """The answer of a route that tells what is away, beside the problem of one that can tell nothing."""
    answer = _common_problem("Unavailable")
    bodies = [{"$ref": _REF.format(model=name)} for name in (returned.__name__, "GatewayRefusal")]
    return answer | {"content": answer["content"] | {JSON: {"schema": {"anyOf": bodies}}}}


def _schemas_of(route: Declared) -> Json:
    """The schemas a route speaks of, from pydantic itself: Powertools' copies turn whole numbers into fractions."""
    schemas: Json = {}
    for name, annotation in get_annotations(route.function).items():
        query = _query_model(annotation)
        if query is None and not _is_model(annotation):
            continue
        mode: JsonSchemaMode = "serialization" if name == "return" else "validation"
        schema = (query or annotation).model_json_schema(ref_template=_REF, mode=mode)
        _join(schemas, schema.pop("$defs", {}))
        if query is None:
            _join(schemas, {annotation.__name__: schema})
    return schemas


def _query_model(annotation: Any) -> type[BaseModel] | None:
    """The model in `Annotated[Model, Query()]`."""
    model = getattr(annotation, "__origin__", None)
    return model if _is_model(model) else None


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _parameters(operation: Json, route: Declared) -> list[Json]:
    """Powertools tells the parameters of a query model without their rules: take them from the model."""
    rules: Json = {}
    for annotation in get_annotations(route.function).values():
        if model := _query_model(annotation):
            rules |= model.model_json_schema(ref_template=_REF)["properties"]
    return [_with_rules(parameter, rules) for parameter in operation.get("parameters", [])]


def _with_rules(parameter: Json, rules: Json) -> Json:
    if parameter["name"] not in rules:
        return parameter
    schema = {name: rule for name, rule in rules[parameter["name"]].items() if name != "description"}
    return {**parameter, "schema": _without_null(schema)}


def _form(fields: Json) -> Json:
    """What a form has: one file, and these fields beside it."""
    file: Json = {"type": "string", "format": "binary"}
    schema = {
        "type": "object",
        "required": [forms.FILE, *fields.get("required", [])],
        "properties": {forms.FILE: file} | {name: _without_null(rules) for name, rules in fields["properties"].items()},
        "additionalProperties": False,
    }
    return {"required": True, "content": {forms.MULTIPART: {"schema": schema}}}


def _without_null(rules: Json) -> Json:
    """The rules of a field where everything is text: neither addresses nor forms know a null."""
    schema = {name: rule for name, rule in rules.items() if name != "title"}
    given = [choice for choice in schema.pop("anyOf", []) if choice != {"type": "null"}]
    if schema.get("default", ...) is None:
        del schema["default"]
    return {**(given[0] if len(given) == 1 else {"anyOf": given} if given else {}), **schema}


def _without_titles(schema: Json) -> Json:
    """Pydantic repeats the name of every field as its title, in worse spelling."""
    properties = {
        name: {key: rule for key, rule in rules.items() if key != "title"}
        for name, rules in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties} if properties else schema


def _join(into: Json, more: Json) -> None:
    for name, content in more.items():
        if into.setdefault(name, content) != content:
            raise ValueError(f"{name} is described twice, and differently")
