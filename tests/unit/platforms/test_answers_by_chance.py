"""Whatever bytes come back, it is an answer or NoAnswer: nothing else leaves, and nothing takes longer than it may."""

import socket
import time

from hypothesis import example, given
from hypothesis import strategies as st

from huntaze.platforms.model import NotAccepted, Unknown
from huntaze.runtime.guarded_http import GuardedHttp, NoAnswer, Reply, Request
from huntaze.runtime.guarded_network import GuardedNetwork, Place
from tests.support.bridges import LETTER, client, door, soon

URL = "http://bridge.example.com"
_LINES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.1 100 Continue", b"HTTP/1.0 201", b"HTTP/0.9 200 x", b"HTTP/1.1 999 x"),
        *(b"Content-Length: 5", b"Content-Length: -5", b"Content-Length: x", b"Transfer-Encoding: chunked"),
        *(b"Transfer-Encoding: gzip", b"Connection: keep-alive", b": ", b" folded", b"\xff: \xfe", b"X" * 300),
        *(b"", b"5", b"hello", b"-1", b"0", b"ffffffffffffffffffff", b"+5", b"1_0", b'{"messageId": "m"}'),
    ]
)
_ANSWERS = st.lists(_LINES, max_size=12).map(b"\r\n".join) | st.binary(max_size=300)


class OneAnswer(GuardedNetwork):
    """A network whose other end has said all it will ever say."""

    answer = b""

    def connection(self, place: Place, until: float) -> socket.socket:
        assert place.host == "bridge.example.com"
        assert until > time.monotonic()
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(self.answer)
        return ours


def _network(answer: bytes) -> GuardedHttp:
    network = OneAnswer(private=True)
    object.__setattr__(network, "answer", answer)
    return GuardedHttp(network)


@given(_ANSWERS)
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
@example(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n")
def test_bytes_by_chance_are_an_answer_or_none(answer: bytes) -> None:
    try:
        reply = _network(answer).ask(Request("POST", URL, "/v1/messages", {}, b"{}"), soon())
    except NoAnswer:
        return
    assert isinstance(reply, Reply)
    assert 100 <= reply.status <= 999


@given(_ANSWERS)
def test_and_a_letter_that_left_is_never_called_not_sent(answer: bytes) -> None:
    outcome = client(_network(answer), knows=[URL]).send(door(URL), LETTER, soon())
    assert not (isinstance(outcome, NotAccepted) and not outcome.asked)
    assert isinstance(outcome, Unknown) or answer.startswith(b"HTTP/")
