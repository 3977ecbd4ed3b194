import base64
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.edge.request import JSON, LARGEST_BODY, admitted, failing_fields, parsed_json, wanted_workspace
from huntaze.errors import Invalid, TooLarge
from huntaze.ids import new_id


def _event(body: str | None, *, encoded: bool = False, content_type: str | None = JSON) -> dict[str, Any]:
    headers = {} if content_type is None else {"content-type": content_type}
    return {"headers": headers, "isBase64Encoded": encoded, "body": body}


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _failing(raised: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [field.field for field in raised.value.fields]


@pytest.mark.parametrize("event", [{}, {"body": None}, _event(None), _event("")])
def test_a_request_without_a_body_comes_in(event: dict[str, Any]) -> None:
    assert admitted(event, [JSON]) == event


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "Application/JSON", None])
def test_json_comes_in_under_its_names(content_type: str | None) -> None:
    event = _event("{}", content_type=content_type)
    assert admitted(event, [JSON]) == event


def test_encoded_json_is_decoded_once() -> None:
    decoded = admitted(_event(_encoded('{"a": "é"}'.encode()), encoded=True), [JSON])
    assert (decoded["body"], decoded["isBase64Encoded"]) == ('{"a": "é"}', False)


def test_a_file_stays_encoded() -> None:
    event = _event(_encoded(b"\x89PNG"), encoded=True, content_type="multipart/form-data; boundary=x")
    assert admitted(event, ["multipart/form-data"]) == event


@pytest.mark.parametrize("body", ["not base64!", _encoded(b"\xff\xfe")])
def test_what_is_no_text_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as raised:
        admitted(_event(body, encoded=True), [JSON])
    assert _failing(raised) == ["body"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_another_type_is_refused_by_name(content_type: str) -> None:
    with pytest.raises(Invalid) as raised:
        admitted(_event("{}", content_type=content_type), [JSON])
    assert _failing(raised) == ["Content-Type"]


@pytest.mark.parametrize(
    "event",
    [
        _event("x" * (LARGEST_BODY + 1)),
        _event("é" * (LARGEST_BODY // 2 + 1)),
        _event(_encoded(b"x" * (LARGEST_BODY + 3)), encoded=True),
    ],
    ids=["plain", "two bytes a character", "encoded"],
)
def test_too_much_is_told_as_that(event: dict[str, Any]) -> None:
    with pytest.raises(TooLarge, match="imports"):
        admitted(event, [JSON])


def test_the_largest_body_comes_in() -> None:
    assert admitted(_event("x" * LARGEST_BODY), [JSON])["body"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "nothing",
        "{'a': 1}",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": ' + "1" * 5_000 + "}",
        '{"a": ' + "[" * 200_000,
        "\ufeff{}",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        parsed_json(text)
    assert _failing(raised) == ["body"]
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("text", ["[]", '[{"name": "x"}]', '"x"', "1", "null", "true"])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="not valid"):
        parsed_json(text)


@given(st.text())
def test_any_text_is_an_object_or_invalid(text: str) -> None:
    with suppress(Invalid):
        assert isinstance(parsed_json(text), dict)


def test_the_wanted_workspace_is_an_id_or_absent() -> None:
    workspace_id = new_id()
    assert wanted_workspace(None) is None
    assert wanted_workspace(str(workspace_id)) == workspace_id


@pytest.mark.parametrize("header", ["", "zoe", "0190", "1; DROP TABLE fans", "\0"])
def test_a_workspace_that_is_no_id_is_refused_by_name(header: str) -> None:
    with pytest.raises(Invalid) as raised:
        wanted_workspace(header)
    assert _failing(raised) == ["X-Workspace"]


@pytest.mark.parametrize(
    ("location", "name"),
    [
        (("body", "name"), "name"),
        (("body", "tags", 3), "tags.3"),
        (("body",), "body"),
        (("query", "query", "limit"), "limit"),
        (("query", "limit"), "limit"),
        (("path", "fan_id"), "fan_id"),
        (("body", "x" * 500), "x" * 100),
    ],
)
def test_a_field_is_named_as_the_caller_knows_it(location: tuple[str | int, ...], name: str) -> None:
    (failing,) = failing_fields([{"loc": location, "msg": "Value error, must be so", "type": "value_error"}])
    assert (failing.field, failing.message) == (name, "Must be so")


def test_a_regular_expression_is_not_shown() -> None:
    (failing,) = failing_fields([{"loc": ("body", "email"), "msg": "pattern '^x$'", "type": "string_pattern_mismatch"}])
    assert "^" not in failing.message
