"""The proxy strikes what it is told to, once, and is not noticed otherwise."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from chaos.proxy import Proxy, Strike


class Echo:
    """A server that remembers what it was told, and says it again."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                while said := connection.recv(1024):
                    self.heard.append(said)
                    connection.sendall(said)

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy("echo", echo.port) as made:
        yield made


def ask(proxy: Proxy, *words: bytes) -> list[bytes]:
    """What comes back of each; nothing when the line is cut."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as connection:
        answers = []
        for word in words:
            connection.sendall(word)
            answers.append(connection.recv(1024))
        return answers


def test_nobody_notices_it(proxy: Proxy) -> None:
    assert ask(proxy, b"one", b"two") == [b"one", b"two"]
    assert not proxy.struck


def test_a_cut_before_is_never_heard_of(proxy: Proxy, echo: Echo) -> None:
    proxy.strike(Strike.CUT_BEFORE, b"two")
    assert ask(proxy, b"one", b"two") == [b"one", b""]
    assert echo.heard == [b"one"]
    assert proxy.struck == {Strike.CUT_BEFORE: 1}
    assert ask(proxy, b"two") == [b"two"]


def test_a_cut_after_is_done_and_not_answered(proxy: Proxy, echo: Echo) -> None:
    reference = b"01900000-0000-7000-8000-000000000001"
    said = b'{"clientReference":"' + reference + b'"}'
    proxy.strike(Strike.CUT_AFTER, b"clientReference")
    assert ask(proxy, said) == [b""]
    assert echo.heard == [said]
    assert (proxy.struck, proxy.references) == ({Strike.CUT_AFTER: 1}, {reference.decode()})


def test_a_delay_is_only_a_delay(proxy: Proxy) -> None:
    proxy.strike(Strike.DELAY, seconds=0.05)
    assert ask(proxy, b"one") == [b"one"]
    assert proxy.struck == {Strike.DELAY: 1}


def test_what_has_not_struck_is_taken_back(proxy: Proxy) -> None:
    proxy.strike(Strike.CUT_BEFORE, b"never", times=3)
    assert proxy.relent() == 3
    assert ask(proxy, b"never") == [b"never"]


def test_a_server_that_is_away_is_away(proxy: Proxy, echo: Echo) -> None:
    echo.close()
    with Proxy("nobody", 1) as nobody:
        assert ask(nobody, b"one") == [b""]
    assert not proxy.struck
