"""The worker's side: one event, done once, in the transaction that says that it is done."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import Conflict, Invalid, Unavailable
from huntaze.tombstones.model import Erased
from huntaze.webhooks import acting
from huntaze.webhooks.acting import Acting, Scene
from huntaze.webhooks.model import Kept, Outcome, Said, ticket

_AT_ONCE = 5  # times, when somebody else changes the same people
_LONGEST_NOTE = 1_000

_log = logging.getLogger(__name__)


class EventStore(acting.SignInStore, Protocol):
    """The events of one workspace, inside one transaction."""

    def to_do(self, event_id: UUID) -> Kept | None:
        """An event that nobody else does meanwhile; None when it is done, or gone with a person who was erased."""
        ...

    def end(self, event_id: UUID, outcome: Outcome, note: str | None, at: datetime) -> bool:
        """It is done; False when it is gone."""
        ...

    def count_try(self, event_id: UUID, note: str) -> None:
        """It could not be done, for a reason that is ours."""
        ...


class Stores(acting.Stores, Protocol):
    """What a transaction gives to this use case."""

    @property
    def webhooks(self) -> EventStore:
        """What platforms told."""
        ...


Transactions = Callable[[UUID], AbstractContextManager[Stores]]
Read = Callable[[str, Mapping[str, Any]], Said | None]


class EventWorker:
    """Does the events that queue messages name. What never gets better ends too, with its reason kept."""

    def __init__(self, transactions: Transactions, read: Read, acts: Acting, clock: Clock) -> None:
        self._transactions = transactions
        self._read = read
        self._acting = acts
        self._clock = clock

    def receive(self, body: str) -> None:
        """Do the event of one message. One that is done, or gone, needs nothing more."""
        workspace_id, event_id = ticket(body)
        try:
            outcome = self._done(workspace_id, event_id)
        except Unavailable:
            raise  # not the event's fault, and nothing could be written down
        except Exception as error:
            with self._transactions(workspace_id) as stores:
                stores.webhooks.count_try(event_id, type(error).__name__)
            raise
        ids = {"workspaceId": str(workspace_id), "eventId": str(event_id)}
        _log.info("event ended", extra={**ids, "outcome": outcome})

    def _done(self, workspace_id: UUID, event_id: UUID) -> Outcome | None:
        for _ in range(_AT_ONCE - 1):
            try:
                return self._attempt(workspace_id, event_id)
            except Erased:
                return self._dropped(workspace_id, event_id)
            except Conflict:
                continue
        return self._attempt(workspace_id, event_id)

    def _attempt(self, workspace_id: UUID, event_id: UUID) -> Outcome | None:
        with self._transactions(workspace_id) as stores:
            event = stores.webhooks.to_do(event_id)
            if event is None:
                return None
            outcome, note = self._outcome(Scene(stores, workspace_id, event))
            if not stores.webhooks.end(event_id, outcome, note, self._clock.now()):
                raise Conflict("This event went with a person who was erased.")
            return outcome

    def _outcome(self, scene: Scene) -> tuple[Outcome, str | None]:
        event = scene.event
        try:
            said = self._read(event.kind, event.payload)
        except Invalid as broken:
            reasons = (f"{failing.field}: {failing.message}" for failing in broken.fields)
            return Outcome.MALFORMED, "; ".join(reasons)[:_LONGEST_NOTE]
        if said is None:
            return Outcome.UNKNOWN_TYPE, "This type of event is not known to this version."
        # Nothing happens after it was told, whatever a clock says.
        is_news = self._acting.act(scene, replace(said, at=min(said.at, event.received_at)))
        return (Outcome.DONE if is_news else Outcome.KNOWN), None

    def _dropped(self, workspace_id: UUID, event_id: UUID) -> Outcome:
        """Whatever was written of an erased person has been taken back; that it was told is all that stays."""
        with self._transactions(workspace_id) as stores:
            stores.webhooks.end(event_id, Outcome.DROPPED, None, self._clock.now())
        return Outcome.DROPPED
