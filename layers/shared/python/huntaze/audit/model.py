"""What people do that is kept for ever, and whether what is kept is whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from huntaze.cursors import Position


class Action(StrEnum):
    """What somebody did. The first word is the kind of thing that it was done to; the words are part of the API."""

    FAN_CREATED = "fan.created"
    FAN_UPDATED = "fan.updated"
    FAN_DELETED = "fan.deleted"
    FAN_RESTORED = "fan.restored"
    FAN_TAGGED = "fan.tagged"
    FAN_UNTAGGED = "fan.untagged"
    FANS_TAGGED = "fans.tagged"
    FAN_MERGED = "fan.merged"
    FAN_UNMERGED = "fan.unmerged"
    FAN_DISCLOSED = "fan.disclosed"  # all that is held about the person was told
    FAN_ERASED = "fan.erased"
    TAG_RENAMED = "tag.renamed"
    TAG_DELETED = "tag.deleted"
    NOTE_WRITTEN = "note.written"
    NOTE_CHANGED = "note.changed"
    NOTE_DELETED = "note.deleted"
    EXPORT_REQUESTED = "export.requested"
    IMPORT_REQUESTED = "import.requested"
    IMPORT_PLANNED = "import.planned"  # anew, with other choices
    IMPORT_COMMITTED = "import.committed"
    IMPORT_UNDONE = "import.undone"
    CONVERSATION_OPENED = "conversation.opened"
    CONVERSATION_ARCHIVED = "conversation.archived"
    CONVERSATION_REOPENED = "conversation.reopened"
    MESSAGE_APPROVED = "message.approved"
    MESSAGE_REWORDED = "message.reworded"  # what waited, or was not sent, got other words and a new approval
    MESSAGE_RETRIED = "message.retried"  # what had failed was let out again
    MESSAGE_CANCELLED = "message.cancelled"
    MESSAGE_RESOLVED = "message.resolved"  # somebody knew whether it had arrived
    MESSAGE_CHECKED = "message.checked"  # the platform is asked anew whether it has it
    DELIVERY_REDRIVEN = "delivery.redriven"  # dead letters went back into the queue
    CAMPAIGN_CREATED = "campaign.created"
    CAMPAIGN_CHANGED = "campaign.changed"
    CAMPAIGN_DISCARDED = "campaign.discarded"
    CAMPAIGN_LAUNCHED = "campaign.launched"
    CAMPAIGN_PAUSED = "campaign.paused"
    CAMPAIGN_RESUMED = "campaign.resumed"
    CAMPAIGN_CANCELLED = "campaign.cancelled"
    CAMPAIGN_RETRIED = "campaign.retried"  # what had failed was let out again
    CAMPAIGN_EXPORTED = "campaign.exported"  # who got it, to take along
    ANALYTICS_EXPORTED = "analytics.exported"  # a table of numbers, to take along
    DRAFT_WRITTEN = "draft.written"
    DRAFT_CHANGED = "draft.changed"
    DRAFT_DELETED = "draft.deleted"
    DRAFT_RESTORED = "draft.restored"
    QUICK_REPLY_CREATED = "quick_reply.created"
    QUICK_REPLY_CHANGED = "quick_reply.changed"
    QUICK_REPLY_DELETED = "quick_reply.deleted"
    QUICK_REPLY_RESTORED = "quick_reply.restored"
    TEMPLATE_CREATED = "template.created"
    TEMPLATE_CHANGED = "template.changed"
    TEMPLATE_DELETED = "template.deleted"
    TEMPLATE_RESTORED = "template.restored"
    PROFILE_CHANGED = "profile.changed"
    PROFILE_DELETED = "profile.deleted"
    AI_CONFIG_CHANGED = "ai_config.changed"
    AI_CONFIG_DELETED = "ai_config.deleted"
    WORKSPACE_FOUNDED = "workspace.founded"  # by an operator
    WORKSPACE_CHANGED = "workspace.changed"
    CONNECTION_CONNECTED = "connection.connected"
    CONNECTION_TESTED = "connection.tested"
    CONNECTION_PACE_CHANGED = "connection.pace_changed"
    CONNECTION_PAUSED = "connection.paused"
    CONNECTION_RESUMED = "connection.resumed"
    CONNECTION_LOGIN_RENEWED = "connection.login_renewed"
    CONNECTION_DISCONNECTED = "connection.disconnected"
    MEMBER_INVITED = "member.invited"
    MEMBER_JOINED = "member.joined"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    MEMBER_REMOVED = "member.removed"
    MEMBER_LEFT = "member.left"

    @property
    def object_kind(self) -> str:
        """The kind of thing that it was done to."""
        kind = self.partition(".")[0]
        return "fan" if kind == "fans" else kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did. The action is a plain word: a newer version may have written one we do not know."""

    id: UUID
    number: int
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    object_kind: str | None
    object_id: UUID | None
    details: Mapping[str, Any]
    hash: bytes

    @property
    def position(self) -> Position:
        """The place right after this entry, newest first."""
        return Position(str(self.number), self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which entries are meant; nothing said means all."""

    action: str | None = None
    kind: str | None = None
    actor_id: UUID | None = None
    object_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who may stand in the log."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """What an entry is about, as it is called today, and the fan whose page shows it."""

    name: str
    fan_id: UUID | None


class Reason(StrEnum):
    """What is wrong with a chain at some place; the words are part of the API."""

    MISSING = "missing"  # there must be an entry, and there is none
    CHANGED = "changed"  # the entry is not what its hash was made of
    DISPLACED = "displaced"  # it does not continue the entry before it
    SURPLUS = "surplus"  # there is an entry too many
    END_CHANGED = "end_changed"  # the record of where the chain ends says otherwise


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain does not hold."""

    number: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain and its hash: all that is needed to go on from there, or to find it the same later."""

    number: int
    hash: bytes | None


BEGINNING = Link(0, None)


@dataclass(frozen=True, slots=True)
class Ends:
    """What is there, all seen at one moment: how many entries, the last of them, and where the chain says it ends."""

    entries: int
    last: int
    recorded: Link | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some entries one behind the other: how many, the last one, and the first fault among them."""

    entries: int
    last: Link
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry that somebody noted down earlier, and whether it is still the same."""

    number: int
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found: whether the chain holds, which is not known before all of it was looked at."""

    entries: int
    head: Link | None
    checked_to: Link
    complete: bool
    fault: Fault | None
    noted: Noted | None
    checked_at: datetime

    @property
    def holds(self) -> bool | None:
        """Whether it holds; nothing while neither a fault nor the end was reached."""
        return False if self.fault else True if self.complete else None
