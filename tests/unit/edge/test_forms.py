import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from huntaze.edge.forms import Form, form, loosely
from huntaze.errors import Invalid
from tests.support.multipart import BOUNDARY, Part, body_of, content_type

FILE = Part("file", b"Username\nrobin\n", "fans.csv")


def _event(body: bytes, kind: str | None = None) -> dict[str, Any]:
    encoded = base64.b64encode(body).decode()
    return {"headers": {"content-type": kind or content_type()}, "body": encoded, "isBase64Encoded": True}


def _of(*parts: Part) -> Form:
    return form(_event(body_of(parts)))


def _failing(event: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        form(event)
    return [(field.field, field.message) for field in raised.value.fields]


def test_a_file_and_the_fields_beside_it() -> None:
    sent = _of(FILE, Part("locale", "fr-FR"), Part("mapping", '{"spent": "Dépensé"}'))

    assert (sent.file_name, sent.file) == ("fans.csv", b"Username\nrobin\n")
    assert sent.fields == {"locale": "fr-FR", "mapping": '{"spent": "Dépensé"}'}


@given(st.binary(max_size=2_000))
def test_a_file_is_what_was_sent_byte_for_byte(content: bytes) -> None:
    assert _of(Part("file", content, "x")).file == content


@pytest.mark.parametrize(
    "content", [f"a--{BOUNDARY}b".encode(), b"--" + BOUNDARY.encode(), b"\r\n--", b"\r\n\r\n", b"--\r\n", b" \r\n "]
)
def test_what_looks_like_the_end_of_a_part_is_none(content: bytes) -> None:
    """Powertools' own reader would cut the first two, and take blanks away from the last."""
    assert _of(Part("file", content, "x")).file == content


@pytest.mark.parametrize(
    ("told", "kept"),
    [("a;b.csv", "a;b.csv"), ("a%22b.csv", 'a"b.csv'), ("é.csv", "é.csv"), ("x" * 300, "x" * 200), ("", "")],
)
def test_the_name_is_a_label_whatever_stands_in_it(told: str, kept: str) -> None:
    assert _of(Part("file", b"x", told)).file_name == kept


def test_a_form_in_text_is_read_too() -> None:
    event = {**_event(b""), "body": body_of([FILE]).decode(), "isBase64Encoded": False}
    assert form(event).file == FILE.content


@pytest.mark.parametrize(
    ("parts", "field", "message"),
    [
        ([], "file", "Is missing"),
        ([Part("locale", "fr-FR")], "file", "Is missing"),
        ([Part("file", b"", "")], "file", "Is missing"),
        ([FILE, FILE], "file", "Must be one file"),
        ([Part("file", "Username\n")], "file", "Must be sent as a file"),
        ([FILE, Part("locale", "a"), Part("locale", "b")], "locale", "Must be one word"),
        ([FILE, Part("locale", "a", "a.txt")], "locale", "Must be one word"),
        ([FILE, Part("locale", b"\xff")], "locale", "Is not text in UTF-8"),
        ([FILE, Part("mapping", "x" * 20_000)], "mapping", "Is too long"),
        ([FILE, *(Part(f"f{number}", "") for number in range(30))], "body", "Has too many or too long fields"),
    ],
)
def test_another_form_is_refused_by_name(parts: list[Part], field: str, message: str) -> None:
    assert _failing(_event(body_of(parts))) == [(field, message)]


@pytest.mark.parametrize("cut", [3, 5, 20, 60, 100])
def test_a_form_that_was_cut_off_is_refused(cut: int) -> None:
    assert _failing(_event(body_of([FILE])[:-cut])) == [("body", "Is not a complete form")]


@pytest.mark.parametrize(
    "kind", ["application/json", "text/csv", "multipart/mixed; boundary=x", "multipart/form-data", "x", ";boundary=a"]
)
def test_another_type_is_refused_by_name(kind: str) -> None:
    [(field, _)] = _failing(_event(body_of([FILE]), kind))
    assert field == "Content-Type"


@pytest.mark.parametrize("event", [{}, {"headers": {}, "body": None}, {**_event(b""), "body": "not base64!"}])
def test_no_form_at_all_is_refused(event: dict[str, Any]) -> None:
    assert len(_failing(event)) == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_refused(content: bytes) -> None:
    assert _failing(_event(content))
    assert _failing(_event(f"--{BOUNDARY}\r\n".encode() + content))


def test_the_same_content_is_the_same_request_whatever_stands_between_its_parts() -> None:
    fields = [Part("locale", "fr-FR"), Part("policy", "fill")]
    one = _of(FILE, *fields)
    other = form(_event(body_of([*reversed(fields), FILE], "another"), content_type("another")))

    assert one.told() == other.told()
    assert one.told() != _of(FILE, fields[0]).told()
    assert one.told() != _of(Part("file", b"Username\nrobyn\n", "fans.csv"), *fields).told()


def test_a_form_does_not_show_what_is_in_it() -> None:
    assert repr(_of(FILE, Part("locale", "fr-FR"))) == "Form()"


class Fields(BaseModel):
    count: int = 0


def test_fields_are_read_by_a_model_and_refused_by_their_names() -> None:
    assert _of(FILE, Part("count", "7")).read(Fields).count == 7
    with pytest.raises(Invalid) as raised:
        _of(FILE, Part("count", "many")).read(Fields)
    assert [field.field for field in raised.value.fields] == ["count"]


def test_a_page_gets_what_there_is_and_says_itself_what_is_wrong() -> None:
    twice = [Part("fan", "1"), Part("fan", "2"), Part("file", b"", ""), FILE]
    assert loosely(content_type(), body_of(twice)) == ([("fan", "1"), ("fan", "2")], ("fans.csv", FILE.content))
    assert loosely(content_type(), body_of([Part("file", b"", "")])) == ([], None), "where none was chosen"


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", body_of([FILE])[:-20], body_of([Part("a", b"x" * 17_000)]), body_of([Part("a", b"\xff")])],
)
def test_what_is_no_form_of_a_page_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        loosely(content_type(), body)
