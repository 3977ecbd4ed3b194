"""Stand-ins for what webhooks are made of, and a bridge that signs."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from huntaze.clock import Clock, SystemClock
from huntaze.errors import NotFound, Unavailable
from huntaze.ids import new_id
from huntaze.platforms.model import Credentials, Door
from huntaze.webhooks import signature
from huntaze.webhooks.model import Delivered, Ticket, Told


@dataclass
class FakeConnections:
    """Whose connections there are, by their id and platform."""

    known: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    asked: list[tuple[UUID, str]] = field(default_factory=list)

    def workspace_of(self, connection_id: UUID, platform: str) -> UUID | None:
        self.asked.append((connection_id, platform))
        return self.known.get((connection_id, platform))


@dataclass
class FakeDoors:
    """What opens the connections, by workspace and id."""

    secrets: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    opened: list[tuple[UUID, UUID]] = field(default_factory=list)

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        self.opened.append((workspace_id, connection_id))
        secret = self.secrets.get((workspace_id, connection_id))
        if secret is None:
            raise NotFound
        return Door("onlyfans", "https://bridge.example", Credentials("a token", secret))


@dataclass
class FakeEvents:
    """What platforms told one workspace, by the connection and the sender's id."""

    kept: dict[tuple[UUID, str], tuple[UUID, Told]] = field(default_factory=dict)

    def keep(self, connection_id: UUID, event_id: str, told: Told, new_id: UUID) -> bool:
        return self.kept.setdefault((connection_id, event_id), (new_id, told))[0] == new_id


@dataclass
class FakeEventStores:
    webhooks: FakeEvents = field(default_factory=FakeEvents)


class FakeEventDatabase:
    """One store per workspace."""

    def __init__(self) -> None:
        self.workspaces: dict[UUID, FakeEventStores] = {}

    @contextmanager
    def as_machine(self, workspace_id: UUID) -> Iterator[FakeEventStores]:
        yield self.workspaces.setdefault(workspace_id, FakeEventStores())


@dataclass
class FakeEventQueue:
    """Remembers the tickets, or is away."""

    tickets: list[Ticket] = field(default_factory=list)
    away: bool = False

    def put(self, ticket: Ticket) -> None:
        if self.away:
            raise Unavailable("The queue cannot be reached right now.", retry_after=5)
        self.tickets.append(ticket)


@dataclass
class Bridge:
    """A bridge that tells of events, signed with its secret."""

    connection_id: UUID = field(default_factory=new_id)
    secret: str = field(default_factory=signature.made_up)
    platform: str = "onlyfans"
    clock: Clock = field(default_factory=SystemClock)

    @property
    def path(self) -> str:
        return f"/api/webhooks/{self.platform}/{self.connection_id}"

    def headers(self, body: str, event_id: str | None = None, seconds: int = 0) -> dict[str, str]:
        """What a request with this body says, as signed so many seconds from now."""
        at = int(self.clock.now().timestamp()) + seconds
        return dict(signature.signed(event_id or f"msg_{new_id().hex}", at, body.encode(), self.secret))

    def delivered(self, body: str, event_id: str | None = None, seconds: int = 0) -> Delivered:
        headers = self.headers(body, event_id, seconds)
        return Delivered(
            headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body.encode()
        )


def event(kind: str, data: Mapping[str, object] | None = None, at: str = "2026-06-01T12:00:00Z") -> str:
    """The body of an event."""
    return json.dumps({"type": kind, "at": at, "data": data or {}})
