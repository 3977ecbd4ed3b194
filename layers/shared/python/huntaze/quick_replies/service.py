"""What can be done with quick replies."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Conflict
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.quick_replies.model import Changes, Filters, NewQuickReply, QuickReply
from huntaze.versions import must_be_current
from huntaze.wording import service as wording
from huntaze.wording.model import CategoryCount, Filled

RESTORABLE = timedelta(days=30)
MOST = 1_000  # so that a search may look at all of them


class QuickReplyStore(Protocol):
    """The quick replies of one workspace, inside one transaction. Deleted ones are only there to be restored."""

    def most_used(self, filters: Filters, after: Position | None, limit: int) -> Sequence[QuickReply]:
        """The most used first, or from a place on."""
        ...

    def categories(self) -> Sequence[CategoryCount]:
        """Every category by its name, and those in none at the end."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def get(self, reply_id: UUID) -> QuickReply:
        """One; NotFound when there is none."""
        ...

    def get_to_change(self, reply_id: UUID) -> QuickReply:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def add(self, new: NewQuickReply, reply_id: UUID, at: datetime) -> QuickReply:
        """Keep a new one."""
        ...

    def change(self, reply_id: UUID, changes: Changes) -> QuickReply:
        """Change what is in `changes`; NotFound when there is none."""
        ...

    def delete(self, reply_id: UUID, at: datetime) -> None:
        """Take one out of every list; NotFound when there is none."""
        ...

    def restore(self, reply_id: UUID, deleted_after: datetime) -> QuickReply:
        """Bring back what was deleted after this moment; NotFound otherwise."""
        ...

    def forget(self, deleted_before: datetime) -> None:
        """Drop some of those that can be restored no more."""
        ...

    def count_use(self, reply_id: UUID) -> QuickReply:
        """Count one use; NotFound when there is none."""
        ...


class Stores(wording.Stores, Protocol):
    """What a transaction gives to these use cases."""

    @property
    def quick_replies(self) -> QuickReplyStore:
        """The quick replies of the workspace."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class QuickReplies:
    """The use cases around quick replies."""

    def __init__(self, transactions: Transactions, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id

    def page(self, who: Principal, filters: Filters, limit: int, after: Position | None = None) -> Page[QuickReply]:
        """A page of them, the most used first."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return Page.of(stores.quick_replies.most_used(filters, after, limit + 1), limit)

    def categories(self, who: Principal) -> tuple[CategoryCount, ...]:
        """The categories, and how many are in each."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return tuple(stores.quick_replies.categories())

    def get(self, who: Principal, reply_id: UUID) -> QuickReply:
        """One quick reply."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return stores.quick_replies.get(reply_id)

    def preview(self, who: Principal, reply_id: UUID, fan_id: UUID) -> tuple[QuickReply, Filled]:
        """One as a fan would get it."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            reply = stores.quick_replies.get(reply_id)
            return reply, wording.for_fan(stores, reply.template, fan_id)

    def use(self, who: Principal, reply_id: UUID, fan_id: UUID) -> tuple[QuickReply, Filled]:
        """The same, and count it."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            filled = wording.for_fan(stores, stores.quick_replies.get(reply_id).template, fan_id)
            return stores.quick_replies.count_use(reply_id), filled

    def create(self, who: Principal, new: NewQuickReply) -> QuickReply:
        """Add one; Conflict when there are as many as a workspace can have."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            # Two at once may make it one more; what the limit keeps short stays short.
            if stores.quick_replies.count() >= MOST:
                raise Conflict(f"A workspace can have {MOST:,} quick replies. Delete some that nobody uses.")
            reply = stores.quick_replies.add(new, self._new_id(), self._clock.now())
            stores.audit.record(Action.QUICK_REPLY_CREATED, reply.id)
            return reply

    def update(self, who: Principal, reply_id: UUID, changes: Changes, if_match: str | None = None) -> QuickReply:
        """Change one; Stale unless it is still the version that `if_match` names."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            reply = stores.quick_replies.get_to_change(reply_id)
            must_be_current(reply, if_match)
            if changes:
                reply = stores.quick_replies.change(reply_id, changes)
                stores.audit.record(Action.QUICK_REPLY_CHANGED, reply_id, fields=sorted(changes))
            return reply

    def delete(self, who: Principal, reply_id: UUID) -> None:
        """Delete one; it can be restored for 30 days."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        now = self._clock.now()
        with self._transactions(who) as stores:
            stores.quick_replies.delete(reply_id, now)
            stores.quick_replies.forget(now - RESTORABLE)
            stores.audit.record(Action.QUICK_REPLY_DELETED, reply_id)

    def restore(self, who: Principal, reply_id: UUID) -> QuickReply:
        """Undo a deletion; NotFound when it is longer ago than 30 days."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            reply = stores.quick_replies.restore(reply_id, self._clock.now() - RESTORABLE)
            stores.audit.record(Action.QUICK_REPLY_RESTORED, reply_id)
            return reply
