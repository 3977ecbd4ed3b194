"""What a body holds: an event that can be kept, or a reason that names the field."""

import json

import pytest

from huntaze.errors import Invalid
from huntaze.webhooks.body import told


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"type", "body"),
        (b"\xff{}", "body"),
        (b'{"type": "a", "n": NaN}', "body"),
        (b'{"type": "a", "n": 1e999}', "body"),
        (b'{"type": "a", "n": 1e300}', "body"),
        (b'{"type": "a", "n": 1' + b"0" * 30 + b"}", "body"),
        (b'{"type": "a", "n": 1' + b"0" * 5000 + b"}", "body"),
        (b"[" * 100_000, "body"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "body"),
        (b"[]", "body"),
        (b'"type"', "body"),
        (b"{}", "type"),
        (b'{"type": 1}', "type"),
        (b'{"type": ""}', "type"),
        (json.dumps({"type": "x" * 101}).encode(), "type"),
    ],
)
def test_what_is_no_event_says_why(body: bytes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        told(body)
    assert [failing.field for failing in refused.value.fields] == [field]


def test_words_that_postgresql_cannot_keep_are_mended_and_not_lost() -> None:
    body = b'{"type": "message.received", "data": {"text": "half \\ud83d and \\u0000 none", "x\\u0000": ["\\udc00"]}}'
    assert told(body).payload["data"] == {"text": "half \ufffd and  none", "x": ["\ufffd"]}


def test_everything_else_stays_as_it_is() -> None:
    payload = {"type": "a", "n": [0, -5, 1.5, True, None, 2**62], "text": "Zoë 🎉 \n\t \u202e", "": {}}
    found = told(json.dumps(payload).encode())
    assert (found.kind, found.payload) == ("a", payload)


def test_what_is_kept_does_not_show_itself() -> None:
    assert "secret" not in repr(told(b'{"type": "a", "text": "secret"}'))
