"""No text, fan, token or secret in what can be printed: errors with all their causes, reprs, logs."""

import logging
import traceback
from collections.abc import Iterator

import pytest

from huntaze.errors import Unavailable
from huntaze.runtime.scrubbing import kind_of, stack_of
from tests.support.bridges import (
    FAN,
    LETTER,
    SECRET,
    TEXT,
    TOKEN,
    Act,
    ScriptedBridge,
    answers,
    client,
    door,
    refuses,
    soon,
    told,
)

CANARIES = (TOKEN, SECRET, TEXT, FAN, "media.example.com")


def _echoes(content: bytes) -> Act:
    return lambda line, _: line.say(content)


# A bridge that says back what it was told, wherever an answer has room for it.
ECHOES = [
    refuses(401, "bad_token", detail=TOKEN, reason=TEXT),
    refuses(422, "refused", detail=TEXT, reason=TEXT, forGood=True),
    refuses(403, TEXT),
    answers(500, {"error": TEXT, "for": FAN}),
    answers(201, {"id": TEXT}),
    answers(201, {"messageId": f"{TEXT}\n"}),
    answers(429, None, Retry_After=TEXT),
    answers(302, None, Location=f"https://example.com/{FAN}?{TOKEN}"),
    _echoes(f"{TEXT} {TOKEN} {FAN}\r\n\r\n".encode()),
    _echoes(f"HTTP/1.1 {TEXT}\r\n\r\n".encode()),
    _echoes(f"HTTP/1.1 200 OK\r\n{TEXT}\r\n{TOKEN}: {FAN}\r\n\r\n".encode()),
    _echoes(told(200, TEXT.encode(), Transfer_Encoding="chunked")),
]


@pytest.fixture
def bridge() -> Iterator[ScriptedBridge]:
    with ScriptedBridge() as listening:
        yield listening


def _nothing_in(text: str) -> None:
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.parametrize("act", ECHOES)
def test_an_answer_repeats_nothing_of_it(bridge: ScriptedBridge, act: Act, caplog: pytest.LogCaptureFixture) -> None:
    bridge.act = act
    with caplog.at_level(logging.DEBUG):
        _nothing_in(repr(client(knows=[bridge.url]).send(door(bridge.url), LETTER, soon())))
    _nothing_in(caplog.text + "".join(str(record.__dict__) for record in caplog.records))


@pytest.mark.parametrize("act", ECHOES)
def test_no_error_repeats_it(bridge: ScriptedBridge, act: Act) -> None:
    bridge.act = act
    asking, at = client(), door(bridge.url)
    for ask in (
        lambda: asking.account(at),
        lambda: asking.find(at, LETTER.reference),
        lambda: asking.messages(at, FAN),
        lambda: asking.set_webhook(at, "https://api.example.com/hook"),
    ):
        with pytest.raises(Unavailable) as raised:
            ask()
        error = raised.value
        printed = "".join(traceback.format_exception(error))
        _nothing_in(printed + repr(error) + kind_of(error) + stack_of(error))
        assert error.__suppress_context__ or error.__context__ is None


def test_nothing_that_travels_shows_it_in_its_repr(bridge: ScriptedBridge) -> None:
    _nothing_in(repr(LETTER) + repr(door(bridge.url)))
