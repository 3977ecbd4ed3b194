import base64
from typing import Any

import pytest

from huntaze.errors import Invalid, TooLarge
from huntaze.web.request import FORM, Request
from tests.support.multipart import Part, body_of, content_type


def _request(body: str | None = None, **headers: str) -> Request:
    event: dict[str, Any] = {
        "rawPath": "/fans",
        "rawQueryString": "q=a%20b&q=c&x=",
        "headers": {"Content-Type": FORM, **headers},
        "requestContext": {"requestId": "1", "http": {"method": "POST", "path": "/fans", "sourceIp": "203.0.113.5"}},
    }
    if body is not None:
        event |= {"body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}
    return Request.of(event)


def test_a_form_is_read_from_base64_with_every_value_of_a_field() -> None:
    form = _request("name=Zo%C3%AB+L&fan=1&fan=2&text=a%0D%0Ab&empty=").form
    assert form["name"] == "Zoë L"
    assert form.all("fan") == ("1", "2")
    assert form["text"] == "a\nb"
    assert (form["empty"], form["missing"], form.has("empty"), form.has("missing")) == ("", "", True, False)


@pytest.mark.parametrize("body", ["name=%FF", "name=%C3%28", "a=1&" * 3_000])
def test_what_is_no_text_is_refused(body: str) -> None:
    with pytest.raises(Invalid):
        _ = _request(body).form


def test_a_form_of_another_kind_or_size_is_refused() -> None:
    with pytest.raises(Invalid):
        _ = _request("{}", **{"Content-Type": "application/json"}).form
    with pytest.raises(TooLarge):
        _ = _request("a=" + "x" * 300_000).form


def test_a_form_with_a_file_is_a_form_like_any_other() -> None:
    body = body_of([Part("name", "Zoë\r\nL"), Part("file", b"a;b\r\n\x00", "fans.csv")]).decode()
    form = _request(body, **{"Content-Type": content_type()}).form
    assert (form["name"], form.has("file"), form.file) == ("Zoë\nL", False, ("fans.csv", b"a;b\r\n\x00"))
    assert _request("name=x").form.file is None


def test_cookies_are_read_wherever_the_gateway_puts_them() -> None:
    event = {
        "rawPath": "/",
        "headers": {"cookie": "a=1; b=2=3"},
        "cookies": ["c=4", "bad", " a=5"],
        "requestContext": {"requestId": "1", "http": {"method": "GET", "path": "/"}},
    }
    assert Request.of(event).cookies == {"c": "4", "a": "5", "b": "2=3"}


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, ""),
        ({"HX-Request": "true"}, ""),
        ({"HX-Request-Type": "full", "HX-Target": "body"}, ""),
        ({"HX-Request-Type": "partial", "HX-Target": "section#fans"}, "fans"),
    ],
)
def test_a_part_is_asked_for_by_its_element(headers: dict[str, str], part: str) -> None:
    assert _request(**headers).part == part


def test_the_query_is_read_once_and_its_address_kept() -> None:
    request = _request()
    assert request.query == {"q": "c", "x": ""}
    assert request.here == "/fans?q=a%20b&q=c&x="
