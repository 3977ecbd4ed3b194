"""What can be done with tags."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.errors import Invalid
from huntaze.fans.model import Fan, Filters, Selection, Totals
from huntaze.members.model import Permission, Principal
from huntaze.tags.model import TagCount

MOST_CHANGED_AT_ONCE = 50_000  # what one request can do within its time


class TagStore(Protocol):
    """The tags of one workspace, inside one transaction."""

    def all(self) -> Sequence[TagCount]:
        """The 1,000 most used, with how many fans have each; the most used first."""
        ...

    def of(self, fan_id: UUID) -> Sequence[TagCount]:
        """One fan's tags in their order, with how many fans have each."""
        ...

    def change(self, fan_ids: Sequence[UUID], add: Sequence[str], remove: Sequence[str]) -> int:
        """Put tags on fans and take tags off them; how many fans changed. Conflict when one would have too many."""
        ...

    def rename(self, fan_ids: Sequence[UUID], old: str, new: str) -> int:
        """Call a tag of these fans otherwise; who has the new one already has it once. How many fans changed."""
        ...


class TaggedFans(Protocol):
    """What tags need to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...

    def totals(self, filters: Filters) -> Totals:
        """All that match, counted and summed up."""
        ...

    def selected(self, chosen: Selection) -> Sequence[UUID]:
        """Who is selected, kept from others until this transaction ends; NotFound unless all ids are there."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def fans(self) -> TaggedFans:
        """The fans of the workspace."""
        ...

    @property
    def tags(self) -> TagStore:
        """Their tags."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Tags:
    """The use cases around tags."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def all(self, who: Principal) -> tuple[TagCount, ...]:
        """The workspace's tags, the most used first."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            return tuple(stores.tags.all())

    def of(self, who: Principal, fan_id: UUID) -> tuple[TagCount, ...]:
        """One fan's tags, and how many fans have each of them."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            stores.fans.get(fan_id)
            return tuple(stores.tags.of(fan_id))

    def rename(self, who: Principal, old: str, new: str) -> int:
        """Call a tag otherwise, or merge it into another that is there already; how many fans that changed."""
        who.must(Permission.WRITE_FANS)
        if old == new:
            return 0
        with self._transactions(who) as stores:
            changed = stores.tags.rename(_all_with(stores.fans, old), old, new)
            stores.audit.record(Action.TAG_RENAMED, fans=changed)
            return changed

    def delete(self, who: Principal, tag: str) -> int:
        """Take a tag off everybody; how many fans had it."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            changed = stores.tags.change(_all_with(stores.fans, tag), (), (tag,))
            stores.audit.record(Action.TAG_DELETED, fans=changed)
            return changed

    def put_on(self, who: Principal, fan_id: UUID, tag: str) -> None:
        """Put a tag on a fan; nothing happens when it is there."""
        self._change(who, fan_id, Action.FAN_TAGGED, add=(tag,))

    def take_from(self, who: Principal, fan_id: UUID, tag: str) -> None:
        """Take a tag off a fan; nothing happens when it is not there."""
        self._change(who, fan_id, Action.FAN_UNTAGGED, remove=(tag,))

    def _change(
        self, who: Principal, fan_id: UUID, action: Action, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            if stores.tags.change(stores.fans.selected(Selection(ids=(fan_id,))), add, remove):
                stores.audit.record(action, fan_id)


def few_enough(fans: TaggedFans, chosen: Selection, *, field: str) -> Sequence[UUID]:
    """Who is selected; Invalid when they are more than one request can change."""
    if chosen.filters is not None and fans.totals(chosen.filters).count > MOST_CHANGED_AT_ONCE:
        raise Invalid.field(field, f"Means more than {MOST_CHANGED_AT_ONCE:,} fans, too many for one request")
    return fans.selected(chosen)


def _all_with(fans: TaggedFans, tag: str) -> Sequence[UUID]:
    return few_enough(fans, Selection(filters=Filters(tag=tag)), field="tag")
