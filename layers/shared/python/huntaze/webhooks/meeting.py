"""Whom an event is about: the fan is found, or made, and held until all that the event says is written down."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import Fan, NewFan, Platform, SubscriptionStatus
from huntaze.tombstones.model import Erased, Identity
from huntaze.tombstones.service import Tombstones, TombstoneStore
from huntaze.webhooks.model import Kept, Person

_LONGEST_NAME = 200


class FollowerStore(Protocol):
    """The fans of one workspace as platforms know them, inside one transaction."""

    def known(self, platform: str, platform_id: str, username: str | None) -> UUID | None:
        """The fan whom a platform calls so, hidden or not; None when there is none."""
        ...

    def wait_for_imports(self) -> None:
        """Nobody is added by an import from now on, until this transaction ends."""
        ...

    def name_by_id(self, fan_id: UUID, platform_id: str, username: str | None) -> None:
        """Know a fan by the platform's id from now on, who was known by a username alone."""
        ...

    def hold(self, fan_id: UUID) -> Sequence[UUID]:
        """The fan and those who are shown for it, whom nobody else changes meanwhile; Conflict if somebody just did."""
        ...

    def seen(self, fan_ids: Sequence[UUID], at: datetime) -> None:
        """They did something on the platform."""
        ...

    def subscribed(self, fan_ids: Sequence[UUID], status: str, at: datetime) -> bool:
        """Whether they are subscribed, as of this moment; False when something newer is known."""
        ...


class FanStore(Protocol):
    """The fans of one workspace, inside one transaction."""

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        """Keep a new fan; Conflict when the platform's id is taken."""
        ...

    def note_message(self, fan_id: UUID, at: datetime) -> None:
        """Something was said to or by a fan, deleted or not."""
        ...


class ConversationStore(Protocol):
    """The conversations of one workspace, inside one transaction."""

    def place(self, fan_id: UUID, platform: Platform) -> UUID | None:
        """Where is talked with a fan on a platform, also when the fan is hidden; None when nothing was said yet."""
        ...

    def open(self, conversation_id: UUID, fan_id: UUID, platform: Platform, at: datetime) -> bool:
        """Open a conversation with a fan on a platform unless there is one; whether there was none."""
        ...

    def lock(self, conversation_id: UUID) -> UUID:
        """Whom it is with, and nothing new is said until this transaction ends."""
        ...

    def heard(self, conversation_id: UUID, at: datetime) -> None:
        """The fan has said one more thing."""
        ...

    def said(self, conversation_id: UUID, at: datetime) -> None:
        """Something was said to the fan."""
        ...


class Stores(Protocol):
    """What a transaction gives for meeting somebody."""

    @property
    def followers(self) -> FollowerStore:
        """The fans as platforms know them."""
        ...

    @property
    def fans(self) -> FanStore:
        """The fans."""
        ...

    @property
    def conversations(self) -> ConversationStore:
        """Where is talked with them."""
        ...

    @property
    def tombstones(self) -> TombstoneStore:
        """Who was erased and must not come back."""
        ...


@dataclass(frozen=True, slots=True)
class Met:
    """The fan, and all whom what is told of the fan is told of: the fan, and who is shown for it."""

    fan_id: UUID
    people: Sequence[UUID]


class Meeting:
    """Finds who an event is about. Conversations are held before fans, like everybody does who holds both."""

    def __init__(self, tombstones: Tombstones, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._tombstones = tombstones
        self._clock = clock
        self._new_id = new_id

    def meet(self, stores: Stores, workspace_id: UUID, event: Kept, person: Person) -> Met:
        """The fan, held; made now if the platform has never told of them. Erased if they asked to be forgotten."""
        return self._held(stores, self._known(stores, workspace_id, event, person), person)

    def talk(self, stores: Stores, workspace_id: UUID, event: Kept, person: Person) -> tuple[Met, UUID]:
        """The same, and the conversation with them, in which nothing else is said meanwhile."""
        fan_id = self._known(stores, workspace_id, event, person)
        place = self._place(stores, fan_id, Platform(event.platform))
        return self._held(stores, fan_id, person), place

    def _place(self, stores: Stores, fan_id: UUID, platform: Platform) -> UUID:
        place = stores.conversations.place(fan_id, platform)
        if place is None:
            stores.conversations.open(self._new_id(), fan_id, platform, self._clock.now())
            place = stores.conversations.place(fan_id, platform)  # another worker may have been first
        with suppress(NotFound):
            if place is not None:
                stores.conversations.lock(place)
                return place
        raise Conflict("This conversation has just gone with its fan.")

    def _known(self, stores: Stores, workspace_id: UUID, event: Kept, person: Person) -> UUID:
        called = event.platform, person.id, person.username
        found = stores.followers.known(*called)
        if found is None:
            stores.followers.wait_for_imports()
            found = stores.followers.known(*called)
        if found is not None:
            return found
        fan_id = self._new_id()
        stores.fans.add(_new(event, person), fan_id, self._clock.now())
        # Asked after adding, which waits for an erasure of the same platform's id that is under way.
        who = Identity(event.platform, person.id, person.username, None)
        if any(self._tombstones.named(stores.tombstones, workspace_id, [who])):
            raise Erased
        return fan_id

    def _held(self, stores: Stores, fan_id: UUID, person: Person) -> Met:
        people = stores.followers.hold(fan_id)
        stores.followers.name_by_id(fan_id, person.id, person.username)
        return Met(fan_id, people)


def _new(event: Kept, person: Person) -> NewFan:
    """What the platform says of a fan; all else is unknown."""
    return NewFan(
        name=(person.name or person.username or person.id)[:_LONGEST_NAME],
        platform=Platform(event.platform),
        platform_id=person.id,
        handle=person.username,
        email=None,
        phone=None,
        avatar=None,
        tags=(),
        subscription_status=SubscriptionStatus.UNKNOWN,
        last_seen_at=None,
        do_not_contact=False,
        notes="",
        metadata={},
        value_cents=0,
        currency=None,
    )
