"""Nobody can lead a request into our own networks: what can be typed and what a name can stand for, with a canary."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from huntaze.errors import Unavailable
from huntaze.platforms.model import Accepted, NotAccepted, Reason
from huntaze.runtime import guarded_network
from huntaze.runtime.guarded_http import GuardedHttp, Request
from huntaze.runtime.guarded_network import GuardedNetwork, NotSent, Trouble
from tests.support.bridges import LETTER, Certificate, ScriptedBridge, answers, certificate, client, door, near, soon
from tests.support.private_places import ADDRESSES, PUBLIC, SPELLINGS

NAME = "bridge.example.com"


@pytest.fixture
def canary() -> Iterator[ScriptedBridge]:
    with ScriptedBridge() as listening:
        yield listening


@pytest.fixture
def connected_to(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that somebody begins to connect to. Nobody answers there."""
    begun: list[str] = []

    def refuse(address: str, _port: int, _seconds: float) -> socket.socket:
        begun.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(guarded_network, "_connected_to", refuse)
    return begun


def _trouble(http: GuardedHttp, base: str) -> Trouble:
    with pytest.raises(NotSent) as refused:
        http.ask(Request("GET", base, "/v1/time", {}), soon())
    return refused.value.trouble


def test_there_are_enough_of_them() -> None:
    assert len(set(SPELLINGS)) >= 80


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_private_place_is_even_looked_up(host: str, connected_to: list[str]) -> None:
    asked: list[str] = []

    def look_up(name: str, _: int) -> Sequence[str]:
        asked.append(name)
        return ["127.0.0.1"]

    http = GuardedHttp(GuardedNetwork(look_up=look_up))
    for base in (f"https://{host}", f"https://{host}:8443/zoe", f"http://{host}"):
        assert _trouble(http, base) is Trouble.ADDRESS_REFUSED
    assert (asked, connected_to) == ([], [])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_and_even_if_it_were_the_system_s_own_reading_of_it_is_refused(
    host: str, canary: ScriptedBridge, connected_to: list[str]
) -> None:
    """What libc makes of these is the canary itself; the second guard stands behind the first."""
    place = guarded_network.Place(host.strip("[]"), canary.port, encrypted=True)
    with pytest.raises(NotSent) as refused:
        GuardedNetwork().connection(place, soon())
    assert refused.value.trouble is Trouble.ADDRESS_REFUSED
    assert not connected_to
    assert not canary.connections


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("others", [(), PUBLIC[:1], PUBLIC[2:3]])
def test_a_name_that_stands_for_a_private_place_too_is_refused(
    address: str, others: Sequence[str], connected_to: list[str]
) -> None:
    for found in ([address, *others], [*others, address]):
        http = GuardedHttp(GuardedNetwork(look_up=lambda *_, found=found: found))
        assert _trouble(http, f"https://{NAME}") is Trouble.ADDRESS_REFUSED
    assert not connected_to


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_place_is_connected_to_and_it_alone(address: str, connected_to: list[str]) -> None:
    http = GuardedHttp(GuardedNetwork(look_up=lambda *_: [address]))
    assert _trouble(http, f"https://{NAME}") is Trouble.NO_CONNECTION
    assert connected_to == [address]


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(connected_to: list[str]) -> None:
    """Rebinding: the name is public when it is checked and private when it would be looked up again."""
    minds = iter([[PUBLIC[0]], ["127.0.0.1"], ["169.254.169.254"]])
    http = GuardedHttp(GuardedNetwork(look_up=lambda *_: next(minds)))
    assert _trouble(http, f"https://{NAME}") is Trouble.NO_CONNECTION
    assert connected_to == [PUBLIC[0]]
    assert _trouble(http, f"https://{NAME}") is Trouble.ADDRESS_REFUSED


def test_rebinding_on_real_sockets_never_meets_the_canary(canary: ScriptedBridge) -> None:
    with ScriptedBridge() as bridge:
        minds = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.3"]])
        http = near(look_up=lambda *_: next(minds))
        url = f"http://{NAME}:{bridge.port}"
        assert client(http, knows=[url]).send(door(url), LETTER, soon()) == Accepted("m-1")
        assert next(minds) == ["127.0.0.2"]  # asked once
    assert not canary.connections


def test_a_redirect_leads_no_question_to_the_canary(canary: ScriptedBridge) -> None:
    with ScriptedBridge(answers(302, None, Location=canary.url)) as bridge:
        for ask in (client().account, client().fans, client().clear_webhook):
            with pytest.raises(Unavailable):
                ask(door(bridge.url))
    assert not canary.connections


def test_no_proxy_of_the_environment_is_asked(canary: ScriptedBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.url)
    with ScriptedBridge() as bridge:
        assert client(knows=[bridge.url]).send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
    assert not canary.connections


@pytest.mark.parametrize("port", [22, 25, 80, 444, 6379, 7999, 9000, 65535])
def test_ports_of_other_things_are_refused(port: int, connected_to: list[str]) -> None:
    http = GuardedHttp(GuardedNetwork(look_up=lambda *_: [PUBLIC[0]]))
    assert _trouble(http, f"https://{NAME}:{port}") is Trouble.ADDRESS_REFUSED
    assert not connected_to


def test_a_resolver_that_hangs_takes_no_more_time_than_there_is() -> None:
    over = threading.Event()
    http = GuardedHttp(GuardedNetwork(look_up=lambda *_: [str(over.wait(30))]))
    begun = time.monotonic()
    answer = client(http, knows=[f"https://{NAME}"]).send(door(f"https://{NAME}"), LETTER, soon(0.3))
    over.set()
    assert answer == NotAccepted(Reason.NAME_NOT_FOUND, asked=False)
    assert time.monotonic() - begun < 10


def test_a_name_without_addresses_is_certainly_not_accepted() -> None:
    def none(*_: object) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "nobody")

    http = GuardedHttp(GuardedNetwork(look_up=none))
    answer = client(http, knows=[f"https://{NAME}"]).send(door(f"https://{NAME}"), LETTER, soon())
    assert answer == NotAccepted(Reason.NAME_NOT_FOUND, asked=False)


def test_of_several_addresses_the_next_is_tried() -> None:
    with ScriptedBridge() as bridge:
        http = near(look_up=lambda *_: ["127.0.0.9", "::1", "127.0.0.1"])
        url = f"http://{NAME}:{bridge.port}"
        assert client(http, knows=[url]).send(door(url), LETTER, soon()) == Accepted("m-1")


class TestTls:
    """The name that was typed is the name that the certificate must be for."""

    @pytest.fixture
    def trusted(self, tmp_path: Path) -> Certificate:
        return certificate(tmp_path, NAME, "127.0.0.1")

    @pytest.fixture
    def asked_for(self) -> list[str | None]:
        return []

    @pytest.fixture
    def bridge(self, trusted: Certificate, asked_for: list[str | None]) -> Iterator[ScriptedBridge]:
        context = trusted.server()
        context.sni_callback = lambda _s, name, _c: asked_for.append(name)
        with ScriptedBridge(greet=lambda raw: context.wrap_socket(raw, server_side=True)) as listening:
            yield listening

    def _http(self, trust: ssl.SSLContext) -> GuardedHttp:
        return near(look_up=lambda *_: ["127.0.0.1"], trust=lambda: trust)

    def test_it_is_named_and_checked(
        self, bridge: ScriptedBridge, trusted: Certificate, asked_for: list[str | None]
    ) -> None:
        url = f"https://{NAME}:{bridge.port}"
        assert client(self._http(trusted.trusted()), knows=[url]).send(door(url), LETTER, soon()) == Accepted("m-1")
        assert asked_for == [NAME]

    @pytest.mark.parametrize("host", ["other.example.com", "127.0.0.2", "[::1]"])
    def test_a_certificate_for_another_name_is_not_trusted(
        self, bridge: ScriptedBridge, trusted: Certificate, host: str
    ) -> None:
        url = f"https://{host}:{bridge.port}"
        answer = client(self._http(trusted.trusted()), knows=[url]).send(door(url), LETTER, soon())
        assert answer == NotAccepted(Reason.NO_TRUST, asked=False)
        assert not bridge.heard

    def test_one_that_nobody_signed_is_not(self, bridge: ScriptedBridge) -> None:
        url = f"https://{NAME}:{bridge.port}"
        answer = client(self._http(ssl.create_default_context()), knows=[url]).send(door(url), LETTER, soon())
        assert answer == NotAccepted(Reason.NO_TRUST, asked=False)
        assert not bridge.heard

    def test_where_no_tls_is_spoken_nothing_is_said(self, canary: ScriptedBridge, trusted: Certificate) -> None:
        url = f"https://{NAME}:{canary.port}"
        answer = client(self._http(trusted.trusted()), knows=[url]).send(door(url), LETTER, soon(1))
        assert answer in (
            NotAccepted(Reason.NO_TRUST, asked=False),
            NotAccepted(Reason.NO_CONNECTION, asked=False),
        )
        assert not canary.heard

    def test_a_handshake_that_never_ends_is_certainly_not_accepted(self, trusted: Certificate) -> None:
        over = threading.Event()

        def silent(raw: socket.socket) -> socket.socket:
            over.wait(30)
            return raw

        with ScriptedBridge(greet=silent) as bridge:
            url = f"https://{NAME}:{bridge.port}"
            answer = client(self._http(trusted.trusted()), knows=[url]).send(door(url), LETTER, soon(0.3))
            over.set()
        assert answer == NotAccepted(Reason.NO_CONNECTION, asked=False)

    def test_an_address_without_a_name_is_checked_as_an_address(
        self, bridge: ScriptedBridge, trusted: Certificate
    ) -> None:
        url = f"https://127.0.0.1:{bridge.port}"
        assert client(self._http(trusted.trusted()), knows=[url]).send(door(url), LETTER, soon()) == Accepted("m-1")
