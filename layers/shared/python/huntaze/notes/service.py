"""What can be done with notes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Forbidden
from huntaze.fans.model import Fan
from huntaze.members.model import ALLOWED, Permission, Principal
from huntaze.notes.model import Note
from huntaze.paging import Page


class NoteStore(Protocol):
    """The notes of one workspace, inside one transaction."""

    def newest(self, fan_id: UUID, after: Position | None, limit: int) -> Sequence[Note]:
        """A fan's notes from the newest on, or from a place on."""
        ...

    def get_to_change(self, fan_id: UUID, note_id: UUID) -> Note:
        """One note of a fan, which nobody else changes meanwhile; NotFound when there is none."""
        ...

    def add(self, note_id: UUID, fan_id: UUID, author_id: UUID, text: str, at: datetime) -> Note:
        """Keep a new note."""
        ...

    def change(self, note_id: UUID, text: str) -> Note:
        """Give a note other words; NotFound when there is none."""
        ...

    def delete(self, note_id: UUID) -> None:
        """Drop a note."""
        ...


class NotedFans(Protocol):
    """What notes need to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...

    def get_to_refer(self, fan_id: UUID) -> Fan:
        """The same, and nobody erases the fan before this transaction ends."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def fans(self) -> NotedFans:
        """The fans of the workspace."""
        ...

    @property
    def notes(self) -> NoteStore:
        """The notes about them."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Notes:
    """The use cases around notes."""

    def __init__(self, transactions: Transactions, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id

    def page(self, who: Principal, fan_id: UUID, limit: int, after: Position | None = None) -> Page[Note]:
        """A page of a fan's notes, newest first."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            stores.fans.get(fan_id)
            return Page.of(stores.notes.newest(fan_id, after, limit + 1), limit)

    def add(self, who: Principal, fan_id: UUID, text: str) -> Note:
        """Write a note about a fan, in the caller's name."""
        who.must(Permission.WRITE_NOTES)
        with self._transactions(who) as stores:
            stores.fans.get_to_refer(fan_id)
            note = stores.notes.add(self._new_id(), fan_id, who.member_id, text, self._clock.now())
            stores.audit.record(Action.NOTE_WRITTEN, note.id, fan=str(fan_id))
            return note

    def change(self, who: Principal, fan_id: UUID, note_id: UUID, text: str) -> Note:
        """Give a note other words; its author, managers and owners may."""
        who.must(Permission.WRITE_NOTES)
        with self._transactions(who) as stores:
            _must_be_theirs(who, _note(stores, fan_id, note_id))
            note = stores.notes.change(note_id, text)
            stores.audit.record(Action.NOTE_CHANGED, note_id, fan=str(fan_id))
            return note

    def delete(self, who: Principal, fan_id: UUID, note_id: UUID) -> None:
        """Delete a note for good; its author, managers and owners may."""
        who.must(Permission.WRITE_NOTES)
        with self._transactions(who) as stores:
            _must_be_theirs(who, _note(stores, fan_id, note_id))
            stores.notes.delete(note_id)
            stores.audit.record(Action.NOTE_DELETED, note_id, fan=str(fan_id))


def may_change(who: Principal, note: Note) -> bool:
    """Whether this note is theirs to change."""
    return note.author_id == who.member_id or Permission.WRITE_FANS in ALLOWED[who.role]


def _note(stores: Stores, fan_id: UUID, note_id: UUID) -> Note:
    stores.fans.get(fan_id)
    return stores.notes.get_to_change(fan_id, note_id)


def _must_be_theirs(who: Principal, note: Note) -> None:
    if not may_change(who, note):
        raise Forbidden("Somebody else wrote this note. Its author, managers and owners may change it.")
