"""Taking events in: once, proven, and kept whatever becomes of the queue."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from huntaze.clock import SystemClock
from huntaze.errors import Invalid, Unsigned
from huntaze.ids import new_id
from huntaze.webhooks.model import Delivered, ticket
from huntaze.webhooks.service import Webhooks
from tests.support.fake_webhooks import (
    Bridge,
    FakeConnections,
    FakeDoors,
    FakeEventDatabase,
    FakeEventQueue,
    event,
)

BODY = event("message.received", {"text": "Hi"})


@dataclass
class Reception:
    """Everything that a request meets."""

    workspace_id: UUID = field(default_factory=new_id)
    bridge: Bridge = field(default_factory=Bridge)
    connections: FakeConnections = field(default_factory=FakeConnections)
    doors: FakeDoors = field(default_factory=FakeDoors)
    database: FakeEventDatabase = field(default_factory=FakeEventDatabase)
    queue: FakeEventQueue = field(default_factory=FakeEventQueue)

    def __post_init__(self) -> None:
        self.connections.known[self.bridge.connection_id, "onlyfans"] = self.workspace_id
        self.doors.secrets[self.workspace_id, self.bridge.connection_id] = self.bridge.secret
        self.webhooks = Webhooks(
            self.connections,
            self.doors,
            self.database.as_machine,
            self.queue,
            clock=SystemClock(),
            new_id=new_id,
        )

    def hear(self, delivered: Delivered, platform: str = "onlyfans", connection_id: object = None) -> None:
        self.webhooks.take_in(platform, str(connection_id or self.bridge.connection_id), delivered)

    def kept(self) -> list[str]:
        return [event_id for stores in self.database.workspaces.values() for _, event_id in stores.webhooks.kept]


@pytest.fixture
def reception() -> Reception:
    return Reception()


def test_an_event_is_kept_and_a_worker_told_by_ids_alone(reception: Reception) -> None:
    reception.hear(reception.bridge.delivered(BODY, "msg_1"))
    assert reception.kept() == ["msg_1"]
    (told,) = reception.queue.tickets
    assert ticket(told.body()) == (reception.workspace_id, told.event_id)
    assert "Hi" not in told.body()
    assert "msg_1" not in told.body()


def test_what_is_told_again_is_kept_once_and_told_once(reception: Reception) -> None:
    for seconds in (0, 1, 2):
        reception.hear(reception.bridge.delivered(BODY, "msg_1", seconds))
    assert (reception.kept(), len(reception.queue.tickets)) == (["msg_1"], 1)


def test_a_queue_that_is_away_loses_nothing_and_is_nobodys_error(reception: Reception) -> None:
    reception.queue.away = True
    reception.hear(reception.bridge.delivered(BODY, "msg_1"))
    assert reception.kept() == ["msg_1"]


WRONG: dict[str, Callable[[Reception], None]] = {
    "an unknown connection": lambda all_: all_.hear(all_.bridge.delivered(BODY), connection_id=new_id()),
    "no connection's id": lambda all_: all_.hear(all_.bridge.delivered(BODY), connection_id="not-an-id"),
    "the id of nothing": lambda all_: all_.hear(all_.bridge.delivered(BODY), connection_id=UUID(int=0)),
    "another platform": lambda all_: all_.hear(all_.bridge.delivered(BODY), platform="fansly"),
    "another secret": lambda all_: all_.hear(replace(all_.bridge, secret=Bridge().secret).delivered(BODY)),
    "another body": lambda all_: all_.hear(replace(all_.bridge.delivered(BODY), body=b"{}")),
    "no signature": lambda all_: all_.hear(replace(all_.bridge.delivered(BODY), signatures=None)),
    "an old time": lambda all_: all_.hear(all_.bridge.delivered(BODY, seconds=-400)),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_whatever_is_wrong_is_told_alike(reception: Reception, wrong: Callable[[Reception], None]) -> None:
    with pytest.raises(Unsigned):
        wrong(reception)
    assert (reception.kept(), reception.queue.tickets) == ([], [])


@pytest.mark.parametrize("name", ["an unknown connection", "another platform", "another secret", "another body"])
def test_an_unknown_connection_is_asked_as_much_as_a_known_one(reception: Reception, name: str) -> None:
    with pytest.raises(Unsigned):
        WRONG[name](reception)
    assert (len(reception.connections.asked), len(reception.doors.opened)) == (1, 1)


def test_a_connection_that_was_disconnected_is_like_none(reception: Reception) -> None:
    reception.doors.secrets.clear()
    with pytest.raises(Unsigned):
        reception.hear(reception.bridge.delivered(BODY))


def test_what_is_signed_and_no_event_is_told_to_who_signed_it(reception: Reception) -> None:
    with pytest.raises(Invalid):
        reception.hear(reception.bridge.delivered("[]"))
    assert reception.kept() == []
