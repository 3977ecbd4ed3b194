"""Conversations, messages and drafts in memory, keeping the promises of their stores."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from huntaze.conversations.model import Conversation, LastMessage, Unread
from huntaze.conversations.model import Filters as Asked
from huntaze.cursors import Position
from huntaze.delivery.model import Pace, Road, Sender
from huntaze.drafts.model import Author, Draft, Writing
from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.messages.model import Account, Direction, Filters, Message, Outgoing, Status, Told
from huntaze.money import Money
from tests.support.fake_fans import FakeFans

LATEST = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
STEP = timedelta(microseconds=1)


def _place(after: Position | None) -> tuple[datetime, UUID]:
    return (datetime.fromisoformat(after.key), after.id) if after else LATEST


@dataclass
class FakeMessages:
    """The messages of one workspace, in memory."""

    fans: FakeFans
    accounts: dict[Platform, Account] = field(default_factory=dict)
    kept: dict[UUID, Message] = field(default_factory=dict)
    told: set[tuple[UUID, str]] = field(default_factory=set)

    def matching(self, filters: Filters, after: Position | None, limit: int, offset: int = 0) -> Sequence[Message]:
        found = [
            each
            for each in self.kept.values()
            if each.fan_id in self.fans.kept
            and filters.conversation_id in {None, each.conversation_id}
            and filters.fan_id in {None, each.fan_id}
            and filters.status in {None, each.status}
            and (not filters.in_trouble or each.status in {Status.FAILED, Status.UNKNOWN})
            and filters.approved_by in {None, each.approved_by}
            and (each.occurred_at, each.id) < _place(after)
        ]
        return sorted(found, key=lambda each: (each.occurred_at, each.id), reverse=True)[offset : offset + limit]

    def get(self, message_id: UUID) -> Message:
        message = self.kept.get(message_id)
        if message is None or message.fan_id not in self.fans.kept:
            raise NotFound
        return message

    def account(self, platform: Platform) -> Account | None:
        return self.accounts.get(platform)

    def count_waiting(self, account_id: UUID) -> int:
        return sum(each.account_id == account_id and each.status is Status.QUEUED for each in self.kept.values())

    def queue(self, message_id: UUID, new: Outgoing, approved_by: UUID, at: datetime) -> Message:
        if new.approved_hash not in {None, content_hash(new.fan_id, Writing(new.content, new.account_id, None))}:
            raise AssertionError("the database would not take what nobody approved")
        given = {
            name: getattr(new, name) for name in ("conversation_id", "fan_id", "account_id", "content", "priority")
        }
        approval = {"approved_by": approved_by, "approved_at": at, "sent_by_ai": new.ai_suggestion == new.content.text}
        self.kept[message_id] = _message(
            message_id, at, direction=Direction.OUT, status=Status.QUEUED, queued_at=at, **given, **approval
        )
        return self.kept[message_id]

    def receive(self, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        return self._keep(message_id, fan_id, told, direction=Direction.IN, status=Status.RECEIVED)

    def note_sent_elsewhere(self, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        sent = {"sent_elsewhere": True, "sent_at": told.occurred_at}
        return self._keep(message_id, fan_id, told, direction=Direction.OUT, status=Status.SENT, **sent)

    def mark_all_read(self, conversation_id: UUID) -> int:
        return sum(self.mark_read(each.id) for each in [*self.kept.values()] if each.conversation_id == conversation_id)

    def mark_read(self, message_id: UUID) -> int:
        message = self.kept.get(message_id)
        if message is None or message.direction is Direction.OUT or message.read:
            return 0
        self.kept[message_id] = replace(message, read=True, updated_at=message.updated_at + STEP)
        return 1

    def _keep(self, message_id: UUID, fan_id: UUID, told: Told, **others: Any) -> bool:
        known = (told.conversation_id, told.platform_message_id)
        if known in self.told:
            return False
        self.told.add(known)
        where = {"conversation_id": told.conversation_id, "fan_id": fan_id, "account_id": told.account_id}
        self.kept[message_id] = _message(message_id, told.occurred_at, content=told.content, **where, **others)
        return True


def _message(message_id: UUID, at: datetime, **about: Any) -> Message:
    nothing = dict.fromkeys(("campaign_id", "approved_by", "approved_at", "last_error", "queued_at", "sent_at"))
    usual = {"sent_elsewhere": False, "read": False, "priority": 5, "sent_by_ai": False, "attempts": 0}
    times = {"occurred_at": at, "created_at": at, "updated_at": at}
    return Message(**{"id": message_id, **nothing, **usual, **times, **about})


@dataclass
class FakeConversations:
    """The conversations of one workspace, in memory."""

    fans: FakeFans
    messages: FakeMessages
    kept: dict[UUID, Conversation] = field(default_factory=dict)

    def matching(self, filters: Asked, after: Position | None, limit: int) -> Sequence[Conversation]:
        found = [self.get(each.id) for each in self.kept.values() if each.fan_id in self.fans.kept]
        matching = [each for each in found if self._matches(each, filters) and _newest(each) < _place(after)]
        return sorted(matching, key=_newest, reverse=True)[:limit]

    def get(self, conversation_id: UUID) -> Conversation:
        if conversation_id not in self.kept:
            raise NotFound
        kept = self.kept[conversation_id]
        fan = self.fans.get(kept.fan_id)
        about = {
            "fan_name": fan.name,
            "fan_handle": fan.handle,
            "fan_avatar": fan.avatar,
            "fan_value": fan.value,
        }
        newest = self.messages.matching(Filters(conversation_id), None, 1)
        last = _last(newest[0]) if newest else None
        return replace(kept, do_not_contact=fan.do_not_contact, last_message=last, **about)

    get_to_change = get

    def lock(self, conversation_id: UUID) -> UUID:
        if conversation_id not in self.kept:
            raise NotFound
        return self.kept[conversation_id].fan_id

    def of_fan(self, fan_id: UUID, platform: Platform) -> Conversation:
        for kept in self.kept.values():
            if (kept.fan_id, kept.platform) == (fan_id, platform):
                return self.get(kept.id)
        raise NotFound

    def open(self, conversation_id: UUID, fan_id: UUID, platform: Platform, at: datetime) -> bool:
        if any((kept.fan_id, kept.platform) == (fan_id, platform) for kept in self.kept.values()):
            return False
        nothing = dict.fromkeys(("fan_handle", "fan_avatar", "last_message", "last_message_at"))
        usual = {"fan_name": "", "do_not_contact": False, "unread_count": 0, "archived": False}
        usual["fan_value"] = Money(0, "USD")
        about = {"fan_id": fan_id, "platform": platform, "created_at": at, "updated_at": at}
        self.kept[conversation_id] = Conversation(**{"id": conversation_id, **nothing, **usual, **about})
        return True

    def archive(self, conversation_id: UUID, *, archived: bool) -> None:
        self._change(conversation_id, archived=archived)

    def heard(self, conversation_id: UUID, at: datetime) -> None:
        self.said(conversation_id, at)
        unread = self.kept[conversation_id].unread_count + 1
        self._change(conversation_id, unread_count=unread, archived=False)

    def said(self, conversation_id: UUID, at: datetime) -> None:
        self._change(conversation_id, last_message_at=max(self.kept[conversation_id].last_message_at or at, at))

    def unsaid(self, conversation_id: UUID) -> None:
        self._change(conversation_id)

    def read(self, conversation_id: UUID, messages: int) -> None:
        self._change(conversation_id, unread_count=max(self.kept[conversation_id].unread_count - messages, 0))

    def unread(self) -> Unread:
        found = self.matching(Asked(unread=True), None, len(self.kept))
        return Unread(sum(each.unread_count for each in found), len(found))

    def _change(self, conversation_id: UUID, **changes: Any) -> None:
        kept = self.kept[conversation_id]
        self.kept[conversation_id] = replace(kept, **changes, updated_at=kept.updated_at + STEP)

    def _matches(self, conversation: Conversation, filters: Asked) -> bool:
        fan, (newest, _) = self.fans.get(conversation.fan_id), _newest(conversation)
        words = "\n".join([fan.name, fan.handle or "", fan.email or ""]).lower()
        return (
            (filters.q is None or filters.q.lower() in words)
            and filters.platform in {None, conversation.platform}
            and (not filters.unread or conversation.unread_count > 0)
            and (filters.tag is None or filters.tag in fan.tags)
            and fan.value.cents >= (filters.min_value_cents or 0)
            and (not filters.unanswered or self._is_unanswered(conversation.id))
            and filters.archived == conversation.archived
            and (filters.newest_from is None or newest >= filters.newest_from)
            and (filters.newest_to is None or newest <= filters.newest_to)
        )

    def _is_unanswered(self, conversation_id: UUID) -> bool:
        said = self.messages.matching(Filters(conversation_id), None, len(self.messages.kept))
        last = next((each for each in said if each.status is not Status.CANCELLED), None)
        return last is not None and last.direction is Direction.IN


def _newest(conversation: Conversation) -> tuple[datetime, UUID]:
    return (conversation.last_message_at or conversation.created_at, conversation.id)


def _last(message: Message) -> LastMessage:
    names = ("id", "direction", "status", "occurred_at")
    return LastMessage(text=message.content.text[:200], **{name: getattr(message, name) for name in names})


@dataclass
class FakeDrafts:
    """The drafts of one workspace, in memory."""

    fans: FakeFans
    kept: dict[UUID, Draft] = field(default_factory=dict)
    dismissed: dict[UUID, tuple[Draft, datetime]] = field(default_factory=dict)

    def newest(self, conversation_id: UUID | None, after: Position | None, limit: int) -> Sequence[Draft]:
        found = [
            each
            for each in self.kept.values()
            if each.fan_id in self.fans.kept
            and conversation_id in {None, each.conversation_id}
            and (each.created_at, each.id) < _place(after)
        ]
        return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)[:limit]

    def get(self, draft_id: UUID) -> Draft:
        if draft_id not in self.kept or self.kept[draft_id].fan_id not in self.fans.kept:
            raise NotFound
        return self.kept[draft_id]

    get_to_change = get

    def add(
        self, draft_id: UUID, conversation: Conversation, author_id: UUID | None, new: Writing, at: datetime
    ) -> Draft:
        self.kept[draft_id] = Draft(
            id=draft_id,
            conversation_id=conversation.id,
            fan_id=conversation.fan_id,
            author=Author.HUMAN if author_id else Author.MACHINE,
            author_id=author_id,
            created_at=at,
            updated_at=at,
            **_written(conversation.fan_id, new),
        )
        return self.kept[draft_id]

    def change(self, draft_id: UUID, new: Writing) -> Draft:
        draft = self.get(draft_id)
        self.kept[draft_id] = replace(draft, updated_at=draft.updated_at + STEP, **_written(draft.fan_id, new))
        return self.kept[draft_id]

    def delete(self, draft_id: UUID) -> None:
        self.kept.pop(draft_id, None)

    def dismiss(self, draft_id: UUID, at: datetime) -> None:
        if draft_id in self.kept:
            self.dismissed[draft_id] = (self.kept.pop(draft_id), at)

    def restore(self, draft_id: UUID, dismissed_after: datetime) -> Draft:
        draft, at = self.dismissed.get(draft_id, (None, dismissed_after))
        if draft is None or at <= dismissed_after:
            raise NotFound
        del self.dismissed[draft_id]
        self.kept[draft_id] = replace(draft, updated_at=draft.updated_at + STEP)
        return self.get(draft_id)

    def forget(self, dismissed_before: datetime) -> None:
        self.dismissed = {each: kept for each, kept in self.dismissed.items() if kept[1] > dismissed_before}


def _written(fan_id: UUID, new: Writing) -> dict[str, Any]:
    given = {"content": new.content, "account_id": new.account_id, "ai_suggestion": new.ai_suggestion}
    return {**given, "content_hash": content_hash(fan_id, new)}


def content_hash(fan_id: UUID, new: Writing) -> bytes:
    """Another one for whatever differs of recipient, account, text, price and media, like the database's own."""
    return hashlib.sha256(repr((fan_id, new.account_id, new.content)).encode()).digest()


@dataclass
class FakeAttempts:
    """What becomes of messages before anybody sends them."""

    messages: FakeMessages

    def note(self, message_id: UUID, reason: str) -> None:
        if message_id in self.messages.kept:
            self.messages.kept[message_id] = replace(self.messages.kept[message_id], last_error=reason)

    def not_queued(self, message_id: UUID) -> bool:
        waits = self.messages.kept[message_id].status is Status.QUEUED
        if waits:
            failed = {"status": Status.FAILED, "last_error": "queue_unreachable"}
            self.messages.kept[message_id] = replace(self.messages.kept[message_id], **failed)
        return waits


@dataclass
class FakeOutbox:
    """Remembers whom a permit is on its way for. The account stands open, and nobody is ahead."""

    permits: dict[UUID, UUID] = field(default_factory=dict)

    def road(self, message_id: UUID) -> Road:
        assert message_id
        return Road(Sender(UUID(int=0), UUID(int=0), "onlyfans", Pace()), True, 0, 0, None)  # noqa: FBT003

    def put_permit(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta, tries: int = 0) -> None:
        assert permit_id
        assert (wait, tries) == (timedelta(), 0)
        self.permits[message_id] = account_id

    def is_a_copy(self, account_id: UUID, message_id: UUID) -> bool:
        return self.permits.get(message_id) == account_id

    def put_back(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta) -> None:
        self.put_permit(permit_id, account_id, message_id, wait)

    def drop_permit(self, message_id: UUID) -> None:
        self.permits.pop(message_id, None)

    def lock_account(self, account_id: UUID) -> Sender | None:
        assert account_id
        return None  # somebody else is at it
