"""Taking in what platforms tell: proven, kept and handed on before anybody waits; what it says is looked at later."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import NotFound, Unavailable, Unsigned
from huntaze.platforms.model import Door
from huntaze.webhooks import signature
from huntaze.webhooks.body import told
from huntaze.webhooks.model import Delivered, Ticket, Told

_NOBODY = UUID(int=0)  # is the id of no workspace and of no connection

_log = logging.getLogger(__name__)


class Connections(Protocol):
    """The connections of all workspaces."""

    def workspace_of(self, connection_id: UUID, platform: str) -> UUID | None:
        """Whose connection to this platform it is; None when there is none that is in use."""
        ...


class Doors(Protocol):
    """What opens accounts."""

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        """What opens an account at its bridge, and what its bridge signs with; NotFound when it has none."""
        ...


class IntakeStore(Protocol):
    """The events of one workspace, inside one transaction."""

    def keep(self, connection_id: UUID, event_id: str, told: Told, new_id: UUID) -> bool:
        """Keep what was told, once for each id of the sender's; whether it is news."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def webhooks(self) -> IntakeStore:
        """What platforms told."""
        ...


class EventQueue(Protocol):
    """Where events wait for a worker."""

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        ...


Transactions = Callable[[UUID], AbstractContextManager[Stores]]


class Webhooks:
    """The use case of who tells us something."""

    def __init__(
        self,
        connections: Connections,
        doors: Doors,
        transactions: Transactions,
        queue: EventQueue,
        *,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._connections = connections
        self._doors = doors
        self._transactions = transactions
        self._queue = queue
        self._clock = clock
        self._new_id = new_id
        self._nobodys_secret = signature.made_up()

    def take_in(self, platform: str, connection_id: str, delivered: Delivered) -> None:
        """Keep an event and have it done; Unsigned unless the bridge of this connection has just signed it.

        Once it is kept it is ours to see to: a queue that is away is no reason to have it told again.
        """
        if not signature.is_fresh(delivered, self._clock.now()):
            raise Unsigned
        wanted = _id(connection_id)
        workspace_id = self._connections.workspace_of(wanted, platform)
        secret = self._secret(workspace_id, wanted)
        if not signature.is_signed(delivered, secret) or workspace_id is None:
            raise Unsigned
        self._keep(workspace_id, wanted, delivered.event_id or "", told(delivered.body))

    def _secret(self, workspace_id: UUID | None, connection_id: UUID) -> str:
        """What its bridge signs with. Of a connection that is not there the same is asked, and another one compared."""
        try:
            door = self._doors.open(workspace_id or _NOBODY, connection_id)
        except NotFound:
            return self._nobodys_secret
        return door.credentials.webhook_secret

    def _keep(self, workspace_id: UUID, connection_id: UUID, event_id: str, event: Told) -> None:
        ours = self._new_id()
        ids = {"workspaceId": str(workspace_id), "connectionId": str(connection_id), "eventId": str(ours)}
        with self._transactions(workspace_id) as stores:
            is_news = stores.webhooks.keep(connection_id, event_id, event, ours)
        if not is_news:
            _log.info("told of an event again", extra={**ids, "eventId": None})
            return
        try:
            self._queue.put(Ticket(workspace_id, connection_id, ours))
        except Unavailable:
            _log.warning("the queue of events is away: upkeep tells the workers", extra=ids)
        else:
            _log.info("kept an event", extra=ids)


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        return _NOBODY
