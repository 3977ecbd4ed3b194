"""Each row of the contract's table, by a bridge at the other end of a real socket that does exactly that."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from huntaze.platforms.model import (
    Accepted,
    AccountAway,
    Answer,
    Away,
    NotAccepted,
    Reason,
    Refused,
    Unknown,
)
from huntaze.runtime import guarded_network
from tests.support.bridges import (
    ACCEPTED,
    LETTER,
    NOW,
    Act,
    Heard,
    Line,
    ScriptedBridge,
    answers,
    client,
    door,
    near,
    nobody,
    refuses,
    soon,
    told,
)

AN_ANSWER = {"messageId": "m-1", "acceptedAt": "2026-05-01T10:00:00+00:00"}


@pytest.fixture
def bridge() -> Iterator[ScriptedBridge]:
    with ScriptedBridge() as listening:
        yield listening


def _sent(bridge: ScriptedBridge, act: Act, seconds: float = 5) -> Answer:
    bridge.act = act
    return client(knows=[bridge.url]).send(door(bridge.url), LETTER, soon(seconds))


ANSWERED = [
    (answers(201, AN_ANSWER), Accepted("m-1")),
    (answers(200, AN_ANSWER), Accepted("m-1")),
    (refuses(401, "login_expired"), AccountAway(Away.LOGIN_EXPIRED, Reason.LOGIN_EXPIRED)),
    (refuses(401, "bad_token"), AccountAway(Away.LOGIN_EXPIRED, Reason.BAD_TOKEN)),
    (refuses(403, "forbidden"), AccountAway(Away.FORBIDDEN, Reason.FORBIDDEN)),
    (refuses(409, "deadline_passed"), NotAccepted(Reason.DEADLINE_PASSED, asked=True)),
    (refuses(422, "refused", forGood=True, reason="price"), Refused(Reason.PRICE, for_good=True)),
    (refuses(422, "refused", forGood=False, reason="media"), Refused(Reason.MEDIA, for_good=False)),
    (answers(429, None, Retry_After="7"), AccountAway(Away.THROTTLED, Reason.TOO_FAST, timedelta(seconds=7))),
    (answers(429, b"<html>slow down</html>"), AccountAway(Away.THROTTLED, Reason.TOO_FAST)),
]
NOBODY_KNOWS = [
    (answers(500), Reason.SERVER_ERROR),
    (answers(502, b"<html>"), Reason.SERVER_ERROR),
    (answers(503, None, Retry_After="5"), Reason.SERVER_ERROR),
    (answers(504), Reason.SERVER_ERROR),
    (answers(301, None, Location="https://elsewhere.example.com/"), Reason.REDIRECTED),
    (answers(307, None, Location="http://169.254.169.254/"), Reason.REDIRECTED),
    (answers(308), Reason.REDIRECTED),
    (answers(202, AN_ANSWER), Reason.UNDOCUMENTED),
    (answers(204), Reason.UNDOCUMENTED),
    (answers(404, b"no such app"), Reason.UNDOCUMENTED),
    (refuses(400, "malformed"), Reason.UNDOCUMENTED),
    # The right words by somebody who is not the bridge, or the wrong ones by the bridge.
    (answers(401, {"code": "bad_token"}), Reason.UNDOCUMENTED),
    (answers(403, b"<html>blocked by a firewall</html>"), Reason.UNDOCUMENTED),
    (answers(422, {"detail": [{"loc": ["body"]}]}), Reason.UNDOCUMENTED),
    (refuses(401, "forbidden"), Reason.UNDOCUMENTED),
    (refuses(409, "already_there"), Reason.UNDOCUMENTED),
    (refuses(422, "else"), Reason.UNDOCUMENTED),
    # Accepted, and no word of what.
    (answers(201, b"<html>welcome</html>"), Reason.UNREADABLE),
    (answers(201, b'{"messageId": "m-1'), Reason.UNREADABLE),
    (answers(201, b"[" * 100_000), Reason.UNREADABLE),
    (answers(201, b"\xff\xfe\x00"), Reason.UNREADABLE),
    (answers(201, {"acceptedAt": "2026-05-01T10:00:00Z"}), Reason.UNREADABLE),
    (answers(201, {"messageId": 12}), Reason.UNREADABLE),
    (answers(201, {"messageId": ""}), Reason.UNREADABLE),
    (answers(201, {"messageId": "m" * 201}), Reason.UNREADABLE),
    (answers(201, {"messageId": "m\x00"}), Reason.UNREADABLE),
    (answers(201, {"messageId": "\ud800"}), Reason.UNREADABLE),
    (answers(201, ["m-1"]), Reason.UNREADABLE),
    (answers(201, {"messageId": "m-1", "more": "x" * 1024 * 1024}), Reason.TOO_LONG),
]


@pytest.mark.parametrize(("act", "expected"), ANSWERED)
def test_what_the_contract_knows_is_understood(bridge: ScriptedBridge, act: Act, expected: Answer) -> None:
    assert _sent(bridge, act) == expected


@pytest.mark.parametrize(("act", "reason"), NOBODY_KNOWS)
def test_what_it_does_not_know_is_unknown(bridge: ScriptedBridge, act: Act, reason: Reason) -> None:
    assert _sent(bridge, act) == Unknown(reason)


def _hangs_up(line: Line, _: Heard) -> None:
    line.connection.close()


def _resets(line: Line, _: Heard) -> None:
    line.reset()


def _hangs(line: Line, _: Heard) -> None:
    line.hang()


def _stops_in_the_head(line: Line, _: Heard) -> None:
    line.say(told(201, AN_ANSWER)[:40])


def _stops_in_the_body(line: Line, _: Heard) -> None:
    line.say(told(201, AN_ANSWER, Content_Length="500"))


def _resets_in_the_body(line: Line, _: Heard) -> None:
    line.say(told(201, AN_ANSWER, Content_Length="500"))
    line.reset()


def _drips_its_head(line: Line, _: Heard) -> None:
    line.drip(told(201, AN_ANSWER), 0.05)


def _drips_its_body(line: Line, _: Heard) -> None:
    answer = told(201, AN_ANSWER)
    begins = answer.index(b"\r\n\r\n") + 4
    line.say(answer[:begins])
    line.drip(answer[begins:], 0.1)


def _goes_on_and_on(line: Line, _: Heard) -> None:
    while True:
        line.say(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def _never_ends_its_head(line: Line, _: Heard) -> None:
    line.say(b"HTTP/1.1 201 Created\r\n")
    while True:
        line.say(b"X: " + b"x" * 1000 + b"\r\n")


def _never_ends_a_chunk(line: Line, _: Heard) -> None:
    line.say(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
    while True:
        line.say(b"x" * 65536)


def _says(content: bytes) -> Act:
    return lambda line, _: line.say(content)


CUT = [
    (_hangs_up, Reason.CONNECTION_LOST),
    (_resets, Reason.CONNECTION_LOST),
    (_stops_in_the_body, Reason.CONNECTION_LOST),
    (_resets_in_the_body, Reason.CONNECTION_LOST),
    (_hangs, Reason.NO_ANSWER),
    (_drips_its_head, Reason.NO_ANSWER),
    (_drips_its_body, Reason.NO_ANSWER),
    (_goes_on_and_on, Reason.TOO_LONG),
    (_never_ends_its_head, Reason.UNREADABLE),
    (_never_ends_a_chunk, Reason.TOO_LONG),
    (_says(b"220 smtp.example.com ESMTP\r\n"), Reason.UNREADABLE),
    (_says(b"\x16\x03\x01\x02\x00" * 40), Reason.UNREADABLE),
    (_says(b"HTTP/1.1 20x Created\r\n\r\n"), Reason.UNREADABLE),
    (_says(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), Reason.CONNECTION_LOST),
    (_stops_in_the_head, Reason.UNREADABLE),
]


@pytest.mark.parametrize(("act", "reason"), CUT)
def test_an_answer_that_is_cut_drips_or_never_comes_is_unknown(
    bridge: ScriptedBridge, act: Act, reason: Reason
) -> None:
    assert _sent(bridge, act, seconds=1) == Unknown(reason)


@pytest.mark.parametrize("act", [_hangs, _drips_its_head, _drips_its_body])
def test_nobody_waits_longer_than_until_the_deadline(bridge: ScriptedBridge, act: Act) -> None:
    begun = time.monotonic()
    _sent(bridge, act, seconds=0.5)
    assert 0.4 < time.monotonic() - begun < 4  # a whole drip takes ten seconds and a hang sixty


def test_an_answer_in_chunks_is_an_answer(bridge: ScriptedBridge) -> None:
    chunked = (
        b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"mes\r\n11\r\nsageId": "m-1"  }\r\n0\r\n\r\n'
    )
    assert _sent(bridge, _says(chunked)) == Accepted("m-1")


def test_so_is_one_that_ends_with_its_connection(bridge: ScriptedBridge) -> None:
    assert _sent(bridge, _says(b'HTTP/1.0 201 Created\r\n\r\n{"messageId": "m-1"}')) == Accepted("m-1")


def test_where_nobody_listens_it_was_certainly_not_accepted() -> None:
    with nobody() as url:
        assert client(knows=[url]).send(door(url), LETTER, soon()) == NotAccepted(Reason.NO_CONNECTION, asked=False)


def test_after_our_own_deadline_no_byte_leaves(bridge: ScriptedBridge) -> None:
    answer = client(knows=[bridge.url]).send(door(bridge.url), LETTER, time.monotonic())
    assert answer == NotAccepted(Reason.TOO_LATE, asked=False)
    assert not bridge.heard


def test_a_worker_that_was_frozen_before_the_first_byte_says_nothing(
    bridge: ScriptedBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had a connection, and woke up a minute later: others may have taken its message over."""
    frozen = 0.0
    connected = guarded_network._connected_to  # noqa: SLF001

    def freeze(address: str, port: int, seconds: float) -> socket.socket:
        nonlocal frozen
        connection = connected(address, port, seconds)
        frozen = 60
        return connection

    monkeypatch.setattr(guarded_network, "_connected_to", freeze)
    http = near(now=lambda: time.monotonic() + frozen)
    answer = client(http, knows=[bridge.url]).send(door(bridge.url), LETTER, soon())
    assert answer == NotAccepted(Reason.TOO_LATE, asked=False)
    assert not bridge.heard


def test_one_that_was_frozen_after_it_does_not_know(bridge: ScriptedBridge) -> None:
    frozen = 0.0

    def freeze(line: Line, _: Heard) -> None:
        nonlocal frozen
        frozen = 60
        line.say(told(201, AN_ANSWER))

    bridge.act = freeze
    http = near(now=lambda: time.monotonic() + frozen)
    answer = client(http, knows=[bridge.url]).send(door(bridge.url), LETTER, soon())
    # What is in the buffers when it wakes up may still be read; what may not happen is that it counts as not sent.
    assert answer in (Accepted("m-1"), Unknown(Reason.NO_ANSWER))


def test_what_leaves_is_the_letter_and_who_we_are(bridge: ScriptedBridge) -> None:
    before = time.monotonic()
    sending = client(knows=[bridge.url])
    give_up_at = before + 8
    assert sending.send(door(f"{bridge.url}"), LETTER, give_up_at) == Accepted("m-1")
    (heard,) = bridge.messages
    said = heard.json()
    deadline = said.pop("deadline")
    assert said == {
        "clientReference": str(LETTER.reference),
        "recipient": LETTER.recipient,
        "text": LETTER.text,
        "priceCents": 1500,
        "currency": "USD",
        "media": [{"url": "https://media.example.com/1.jpg", "type": "image"}],
    }
    # A second of the eight stays for the answer to travel; what was learnt a moment before makes it no later.
    assert NOW + 6000 < deadline <= NOW + 7000
    assert heard.target == "/v1/messages"
    assert heard.headers["authorization"] == "Bearer canary-token-7f3a"
    assert heard.headers["user-agent"].startswith("Huntaze/1 ")
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["host"] == f"127.0.0.1:{bridge.port}"
    assert heard.headers["connection"] == "close"


def test_a_bridge_may_stand_below_a_path(bridge: ScriptedBridge) -> None:
    client(knows=[f"{bridge.url}/zoe"]).send(door(f"{bridge.url}/zoe"), LETTER, soon())
    assert bridge.messages[0].target == "/zoe/v1/messages"


def test_each_send_has_a_connection_of_its_own(bridge: ScriptedBridge) -> None:
    sending = client(knows=[bridge.url])
    for _ in range(3):
        assert sending.send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
    assert bridge.connections == 3


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Injected: yes", "é", "x" * 5000])
def test_a_token_that_no_header_can_hold_goes_nowhere(bridge: ScriptedBridge, token: str) -> None:
    answer = client(knows=[bridge.url]).send(door(bridge.url, token), LETTER, soon())
    assert answer == AccountAway(Away.LOGIN_EXPIRED, Reason.BAD_TOKEN)
    assert not bridge.connections


def test_a_redirect_is_not_followed(bridge: ScriptedBridge) -> None:
    with ScriptedBridge() as canary:
        act = answers(307, None, Location=f"{canary.url}/v1/messages")
        assert _sent(bridge, act) == Unknown(Reason.REDIRECTED)
        assert not canary.connections
        assert ACCEPTED is canary.act
