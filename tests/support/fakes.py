"""Stand-ins that keep the same promises as the real parts: the contract suites hold them to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.delivery.model import Out
from huntaze.dossiers.model import Record
from huntaze.idempotency.model import Answer, Kept, Keyed
from huntaze.members.model import Membership, Principal
from tests.support.fake_connections import FakeConnections
from tests.support.fake_desk import (
    FakeAiConfig,
    FakeComposer,
    FakePresence,
    FakeProfiles,
    FakeQuickReplies,
    FakeRooms,
    FakeTemplates,
    FakeWorkspace,
)
from tests.support.fake_erasures import FakeErasures
from tests.support.fake_fans import FakeFans, FakeNotes, FakeTags
from tests.support.fake_inbox import FakeAttempts, FakeConversations, FakeDrafts, FakeMessages, FakeOutbox
from tests.support.fake_merges import FakeMerges
from tests.support.fake_outgoing import FakeOutgoing
from tests.support.fake_team import FakeTeam
from tests.support.fake_tombstones import FakeTombstones


class FakeAnswers:
    """The kept answers of one workspace, in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Kept, datetime]] = {}

    def wait_for(self, subject: str, key: str) -> None:
        """Nobody else is ever there."""

    def kept(self, subject: str, key: str, at: datetime) -> Kept | None:
        kept, until = self._kept.get((subject, key), (None, at))
        return kept if at < until else None

    def keep(self, subject: str, keyed: Keyed, answer: Answer, _at: datetime, until: datetime) -> None:
        self._kept[subject, keyed.key] = (Kept(keyed.fingerprint, answer), until)

    def undo(self, subject: str, key: str, message_id: UUID | None) -> None:
        kept, until = self._kept[subject, key]
        self._kept[subject, key] = (replace(kept, undone_message_id=message_id), until)


class FakeDossiers:
    """Of nobody more is held than one message, if it is told."""

    def __init__(self) -> None:
        self.told: Record | None = None

    def records(self, fan_id: UUID) -> dict[str, tuple[Record, ...]]:
        kinds = (
            "merged",
            "merges",
            "platform_events",
            "imported",
            "composing",
            "notes",
            "conversations",
            "messages",
            "drafts",
            "transactions",
            "campaigns",
            "events",
            "audit",
        )
        messages = (self.told,) if self.told else ()
        return {**dict.fromkeys(kinds, ()), "fan": ({"id": fan_id},), "messages": messages}


@dataclass
class FakeAuditTrail:
    """Remembers what was done, and to what."""

    entries: list[tuple[Action, UUID | None, dict[str, Any]]] = field(default_factory=list)

    def record(self, action: Action, object_id: UUID | None = None, **details: Any) -> None:
        self.entries.append((action, object_id, details))

    @property
    def actions(self) -> list[Action]:
        return [action for action, _, _ in self.entries]


class NothingSentLately:
    """No token of any account is out."""

    def tokens_out(self, _account_id: UUID) -> list[Out]:
        return []


@dataclass
class FakeStores:
    """The stores of one workspace."""

    fans: FakeFans = field(default_factory=FakeFans)
    notes: FakeNotes = field(default_factory=FakeNotes)
    answers: FakeAnswers = field(default_factory=FakeAnswers)
    dossiers: FakeDossiers = field(default_factory=FakeDossiers)
    team: FakeTeam = field(default_factory=FakeTeam)
    audit: FakeAuditTrail = field(default_factory=FakeAuditTrail)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    connections: FakeConnections = field(default_factory=FakeConnections)
    claims: NothingSentLately = field(default_factory=NothingSentLately)
    quick_replies: FakeQuickReplies = field(default_factory=FakeQuickReplies)
    templates: FakeTemplates = field(default_factory=FakeTemplates)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    workspace: FakeWorkspace = field(default_factory=FakeWorkspace)
    ai_config: FakeAiConfig = field(default_factory=FakeAiConfig)
    rooms: FakeRooms = field(default_factory=FakeRooms)
    tombstones: FakeTombstones = field(default_factory=FakeTombstones)

    def __post_init__(self) -> None:
        self.messages = FakeMessages(self.fans)
        self.attempts = FakeAttempts(self.messages)
        self.outgoing = FakeOutgoing(self.fans, self.messages)
        self.conversations = FakeConversations(self.fans, self.messages)
        self.drafts = FakeDrafts(self.fans)
        self.composer, self.presence = FakeComposer(self.rooms), FakePresence(self.rooms)

    @cached_property
    def merges(self) -> FakeMerges:
        return FakeMerges(self.fans)

    @cached_property
    def erasures(self) -> FakeErasures:
        return FakeErasures(self.fans, self.merges)

    @property
    def tags(self) -> FakeTags:
        return FakeTags(self.fans)


class FakeDatabase:
    """One set of stores per workspace; a transaction hands out the caller's."""

    def __init__(self) -> None:
        self.workspaces: dict[UUID, FakeStores] = {}

    @contextmanager
    def in_workspace(self, who: Principal) -> Iterator[FakeStores]:
        yield self.workspaces.setdefault(who.workspace_id, FakeStores())

    as_a_whole = in_workspace

    @contextmanager
    def in_workspace_as_machine(self, workspace_id: UUID) -> Iterator[FakeStores]:
        yield self.workspaces.setdefault(workspace_id, FakeStores())


@dataclass
class FakeMemberships:
    """Who is a member of what."""

    known: dict[str, list[Membership]] = field(default_factory=dict)

    def of(self, subject: str) -> Sequence[Membership]:
        return self.known.get(subject, [])
