"""Whatever address somebody types for a bridge, nothing is led into our own networks: a canary there hears nothing.

Every spelling, in both forms that take one, through the use cases with the real client behind them; and names that look
like any other but stand for the canary.
"""

import socket
from collections.abc import Iterator

import pytest

from huntaze import wiring
from huntaze.connections.model import Asked, NewLogin
from huntaze.errors import Invalid, Unavailable
from huntaze.fans.model import Platform
from huntaze.members.model import Principal
from huntaze.runtime import guarded_network
from tests.conftest import Database
from tests.integration.connections.test_connecting import AGREED, ASKED, FANSLY, rows
from tests.support.bridges import ScriptedBridge
from tests.support.fake_connections import FakeBridge, FakeKeys
from tests.support.private_places import SPELLINGS
from tests.support.workspaces import ZOE

TOKEN = "canary-token"
NAMES = ("bridge.example.com", "a.very.long.name.example.com", "xn--bcher-kva.example")


@pytest.fixture
def bridge() -> FakeBridge:
    return FakeBridge(FANSLY)


@pytest.fixture
def canary() -> Iterator[ScriptedBridge]:
    with ScriptedBridge() as listening:
        yield listening
        assert not listening.connections


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch, canary: ScriptedBridge) -> list[str]:
    """The names that somebody looks up: each of them is the canary."""
    names: list[str] = []

    def found(host: str, *_: object, **__: object) -> list[object]:
        names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", canary.port))]

    monkeypatch.setattr(guarded_network.socket, "getaddrinfo", found)
    return names


@pytest.fixture
def real(parts: wiring.Wiring, database: Database) -> Iterator[wiring.Wiring]:
    """A process of production whose client is the real one."""
    assert parts
    made = wiring.Wiring({"STAGE": "prod", "DATABASE_URL": database.app, "PUBLIC_URL": "https://api.example.com"})
    made.keys = FakeKeys()  # type: ignore[assignment]  # keeps the same Protocol
    yield made
    made.postgres.close()


def test_no_spelling_is_taken_or_even_looked_up(
    parts: wiring.Wiring, real: wiring.Wiring, owner: Principal, database: Database, looked_up: list[str]
) -> None:
    known = parts.connecting.connect(owner, ASKED, AGREED).connection
    before = rows(database, ZOE.id)
    for host in SPELLINGS:
        for address in (f"https://{host}", f"https://{host}:8443/zoe", f"http://{host}"):
            with pytest.raises(Invalid):
                real.connecting.connect(owner, Asked(Platform.PATREON, address, TOKEN), AGREED)
            with pytest.raises(Invalid):
                real.connecting.renew(owner, known.id, NewLogin(address, TOKEN))
    assert looked_up == []
    assert rows(database, ZOE.id) == before
    assert parts.doors.open(ZOE.id, known.id).bridge_url == ASKED.bridge_url


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_stands_for_the_canary_is_no_bridge(
    parts: wiring.Wiring, real: wiring.Wiring, owner: Principal, looked_up: list[str], name: str
) -> None:
    known = parts.connecting.connect(owner, ASKED, AGREED).connection
    address = f"https://{name}:8443"
    with pytest.raises(Unavailable) as refused:
        real.connecting.connect(owner, Asked(Platform.ONLYFANS, address, TOKEN), AGREED)
    with pytest.raises(Unavailable):
        real.connecting.renew(owner, known.id, NewLogin(address, TOKEN))
    assert looked_up == [name, name], "it was asked for, and nobody connected"
    assert TOKEN not in str(refused.value)


def test_one_that_was_good_and_leads_astray_later_is_asked_no_more(
    parts: wiring.Wiring, real: wiring.Wiring, owner: Principal, looked_up: list[str]
) -> None:
    """Its owner is trusted no more than anybody: each time the address itself is looked at."""
    known = parts.connecting.connect(owner, ASKED, AGREED).connection
    tested = real.connections.test(owner, known.id)
    assert tested.finding != "answered"
    assert looked_up == ["bridge.example.com"]
