"""What can be done with templates."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.attachments.model import Media
from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Conflict, Invalid
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.templates.model import Changes, Filters, NewTemplate, Template
from huntaze.versions import must_be_current
from huntaze.wording import service as wording
from huntaze.wording.model import CategoryCount, Filled

RESTORABLE = timedelta(days=30)
MOST = 1_000  # so that a search may look at all of them


class TemplateStore(Protocol):
    """The templates of one workspace, inside one transaction. Deleted ones are only there to be restored."""

    def most_used(self, filters: Filters, after: Position | None, limit: int) -> Sequence[Template]:
        """The most used first, or from a place on."""
        ...

    def categories(self) -> Sequence[CategoryCount]:
        """Every category by its name, and those in none at the end."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def get(self, template_id: UUID) -> Template:
        """One; NotFound when there is none."""
        ...

    def get_to_change(self, template_id: UUID) -> Template:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def add(self, new: NewTemplate, template_id: UUID, at: datetime) -> Template:
        """Keep a new one; Conflict when its name is taken."""
        ...

    def change(self, template_id: UUID, changes: Changes) -> Template:
        """Change what is in `changes`; NotFound when there is none, Conflict when the name is taken."""
        ...

    def delete(self, template_id: UUID, at: datetime) -> None:
        """Take one out of every list; NotFound when there is none."""
        ...

    def restore(self, template_id: UUID, deleted_after: datetime) -> Template:
        """Bring back what was deleted after this moment; NotFound otherwise, Conflict when its name is taken."""
        ...

    def forget(self, deleted_before: datetime) -> None:
        """Drop some of those that can be restored no more."""
        ...

    def count_use(self, template_id: UUID) -> Template:
        """Count one use; NotFound when there is none."""
        ...


class Stores(wording.Stores, Protocol):
    """What a transaction gives to these use cases."""

    @property
    def templates(self) -> TemplateStore:
        """The templates of the workspace."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Templates:
    """The use cases around templates."""

    def __init__(self, transactions: Transactions, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id

    def page(self, who: Principal, filters: Filters, limit: int, after: Position | None = None) -> Page[Template]:
        """A page of them, the most used first."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return Page.of(stores.templates.most_used(filters, after, limit + 1), limit)

    def categories(self, who: Principal) -> tuple[CategoryCount, ...]:
        """The categories, and how many are in each."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return tuple(stores.templates.categories())

    def get(self, who: Principal, template_id: UUID) -> Template:
        """One template."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return stores.templates.get(template_id)

    def preview(self, who: Principal, template_id: UUID, fan_id: UUID) -> tuple[Template, Filled]:
        """One as a fan would get it."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            template = stores.templates.get(template_id)
            return template, wording.for_fan(stores, template.text, fan_id)

    def use(self, who: Principal, template_id: UUID, fan_id: UUID) -> tuple[Template, Filled]:
        """The same, and count it."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            filled = wording.for_fan(stores, stores.templates.get(template_id).text, fan_id)
            return stores.templates.count_use(template_id), filled

    def create(self, who: Principal, new: NewTemplate) -> Template:
        """Add one; Conflict when its name is taken, or there are as many as a workspace can have."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        _must_say_something(new.text.text, new.attachments)
        with self._transactions(who) as stores:
            # Two at once may make it one more; what the limit keeps short stays short.
            if stores.templates.count() >= MOST:
                raise Conflict(f"A workspace can have {MOST:,} templates. Delete some that nobody uses.")
            template = stores.templates.add(new, self._new_id(), self._clock.now())
            stores.audit.record(Action.TEMPLATE_CREATED, template.id)
            return template

    def update(self, who: Principal, template_id: UUID, changes: Changes, if_match: str | None = None) -> Template:
        """Change one; Stale unless it is still the version that `if_match` names."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            template = stores.templates.get_to_change(template_id)
            must_be_current(template, if_match)
            if changes:
                text = changes["text"].text if "text" in changes else template.text
                _must_say_something(text, changes.get("attachments", template.attachments))
                template = stores.templates.change(template_id, changes)
                stores.audit.record(Action.TEMPLATE_CHANGED, template_id, fields=sorted(changes))
            return template

    def delete(self, who: Principal, template_id: UUID) -> None:
        """Delete one; it can be restored for 30 days."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        now = self._clock.now()
        with self._transactions(who) as stores:
            stores.templates.delete(template_id, now)
            stores.templates.forget(now - RESTORABLE)
            stores.audit.record(Action.TEMPLATE_DELETED, template_id)

    def restore(self, who: Principal, template_id: UUID) -> Template:
        """Undo a deletion; NotFound when it is longer ago than 30 days, Conflict when its name is taken meanwhile."""
        who.must(Permission.WRITE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            template = stores.templates.restore(template_id, self._clock.now() - RESTORABLE)
            stores.audit.record(Action.TEMPLATE_RESTORED, template_id)
            return template


def _must_say_something(text: str, attachments: Sequence[Media]) -> None:
    if not text.strip() and not attachments:
        raise Invalid.field("text", "Must say something, unless something is attached")
