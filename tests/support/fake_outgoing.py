"""Messages on their way in memory, keeping the promises of their store."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from huntaze.delivery.model import Pace
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.messages.model import UNWANTED, Account, Message, Status
from huntaze.outgoing.model import AccountRow, Rewording, Today, Tries, Try
from tests.support.fake_fans import FakeFans
from tests.support.fake_inbox import STEP, FakeMessages


@dataclass
class FakeOutgoing:
    """The messages on their way of one workspace, in memory."""

    fans: FakeFans
    messages: FakeMessages
    tried: dict[UUID, tuple[Try, ...]] = field(default_factory=dict)
    today: Today = Today(0, 0, 0)  # noqa: RUF009 - frozen
    ended_at: datetime | None = None
    handed_over: set[UUID] = field(default_factory=set)  # the platform may have what these said
    can_find: bool = True

    def fan_called(self, platform: Platform, word: str, fan_id: UUID | None) -> UUID | None:
        if fan_id in self.fans.kept:
            return fan_id
        called = (fan for fan in self.fans.kept.values() if (fan.platform, fan.platform_id) == (platform, word))
        return next((fan.id for fan in called), None)

    def account_of(self, message_id: UUID) -> tuple[Platform, Account] | None:
        found = {account.id: (platform, account) for platform, account in self.messages.accounts.items()}
        return found.get(self.messages.kept[message_id].account_id or UUID(int=0))

    def put_back(self, message_id: UUID, expected: Status, at: datetime) -> bool:
        message = self.messages.kept.get(message_id)
        if message and message.status is expected and self.fans.kept[message.fan_id].do_not_contact:
            raise Conflict(UNWANTED)
        again = {"status": Status.QUEUED, "queued_at": at, "occurred_at": at, "attempts": 0}
        return self._decide(message, expected, **again)

    def withdraw(self, message_id: UUID) -> bool:
        return self._decide(self.messages.kept.get(message_id), Status.QUEUED, status=Status.CANCELLED)

    def note_arrived(self, message_id: UUID, at: datetime) -> bool:
        tried = self.tried.get(message_id)
        sent_at = tried[-1].at if tried else at
        return self._decide(self.messages.kept.get(message_id), Status.UNKNOWN, status=Status.SENT, sent_at=sent_at)

    def reword(self, message_id: UUID, new: Rewording, approved_by: UUID, at: datetime) -> bool:
        message = self.messages.kept.get(message_id)
        if message is None or message.status is not Status.QUEUED or message_id in self.handed_over:
            return False
        approved_at = max(at, (message.approved_at or at) + STEP)
        account_id = new.account_id or message.account_id
        approval = {"approved_by": approved_by, "approved_at": approved_at, "sent_by_ai": False}
        changed = {"content": new.content, "account_id": account_id, "updated_at": message.updated_at + STEP}
        self.messages.kept[message_id] = replace(message, **changed, **approval)
        return True

    def ask_again(self, message_id: UUID) -> bool:
        message = self.messages.kept.get(message_id)
        return message is not None and message.status is Status.UNKNOWN and self.can_find

    def tries(self, message_ids: Sequence[UUID]) -> Tries:
        return {each: self.tried[each] for each in message_ids if each in self.tried}

    def accounts(self) -> list[AccountRow]:
        return [_row(platform, account, self._backlog(account)) for platform, account in self.messages.accounts.items()]

    def since(self, _moment: datetime) -> Today:
        return self.today

    def last_processed_at(self) -> datetime | None:
        return self.ended_at

    def _backlog(self, account: Account) -> int:
        waiting = [each for each in self.messages.kept.values() if each.status is Status.QUEUED]
        return sum(each.account_id == account.id for each in waiting)

    def _decide(self, message: Message | None, expected: Status, **changes: Any) -> bool:
        if message is None or message.status is not expected:
            return False
        changed = replace(message, last_error=None, updated_at=message.updated_at + STEP, **changes)
        self.messages.kept[message.id] = changed
        return True


def _row(platform: Platform, account: Account, backlog: int) -> AccountRow:
    nothing = dict.fromkeys(("paused_at", "pause_reason", "held_until", "held_reason", "token_back_in"))
    status = "active" if account.is_active else "expired"
    return AccountRow(
        id=account.id, platform=platform, status=status, pace=Pace(), tokens_left=10, backlog=backlog, **nothing
    )
