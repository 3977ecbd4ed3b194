"""The recipients of a campaign as a sheet: the columns it shows, and how much of it one answer carries."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.campaigns.figures import Recipient
from huntaze.campaigns.model import Campaign, Outcome
from huntaze.cursors import Position
from huntaze.members.model import Permission, Principal
from huntaze.spreadsheets import BYTE_ORDER_MARK, Cell, Lines, decimal

AT_A_TIME = 1_000
MOST_BYTES = 3_000_000  # of one answer, of which Lambda takes 6 MB; what a thousand rows more can add fits in
MOST_ROWS = 20_000

COLUMNS: Mapping[str, Callable[[Recipient], Cell]] = {
    "Fan ID": lambda one: str(one.fan_id),
    "Display Name": lambda one: one.name,
    "Username": lambda one: one.handle,
    "State": lambda one: one.outcome.value,
    "Reason": lambda one: one.reason,
    "Variant": lambda one: one.variant,
    "Message ID": lambda one: str(one.message_id) if one.message_id else None,
    "Sent": lambda one: _moment(one.sent_at),
    "Replied": lambda one: _moment(one.replied_at),
    "Revenue": lambda one: decimal(one.revenue_cents),
    "Currency": lambda one: one.currency,
}


class CampaignStore(Protocol):
    """The campaigns of one workspace, inside one transaction."""

    def get(self, campaign_id: UUID) -> Campaign:
        """One; NotFound when there is none."""
        ...


class RecipientStore(Protocol):
    """Who gets campaigns, and what became of it."""

    def page(
        self, campaign_id: UUID, outcome: Outcome | None, after: Position | None, limit: int
    ) -> Sequence[Recipient]:
        """The recipients of a campaign in the order of their ids, from the first on or from a place on."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def campaigns(self) -> CampaignStore:
        """The campaigns of the workspace."""
        ...

    @property
    def recipients(self) -> RecipientStore:
        """Who gets them."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """As much of a sheet as one answer carries, and where the next part begins; parts put together are the sheet."""

    text: str = field(repr=False)
    next: Position | None


class CampaignSheets:
    """The use case of those who take the results of a campaign along."""

    def __init__(self, transactions: Callable[[Principal], AbstractContextManager[Stores]]) -> None:
        self._transactions = transactions

    def part(self, who: Principal, campaign_id: UUID, after: Position | None = None) -> Part:
        """The sheet from its headers on, or from a place on; the log tells of its first part."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            stores.campaigns.get(campaign_id)
            part = _read(stores.recipients, campaign_id, after, named=who.may(Permission.READ_FANS))
            if after is None:
                stores.audit.record(Action.CAMPAIGN_EXPORTED, campaign_id)
            return part


def _read(store: RecipientStore, campaign_id: UUID, after: Position | None, *, named: bool) -> Part:
    lines = Lines()
    text = [] if after else [BYTE_ORDER_MARK + lines.of([tuple(COLUMNS)])]
    rows = size = 0
    while rows < MOST_ROWS and size < MOST_BYTES:
        found = store.page(campaign_id, None, after, AT_A_TIME)
        shown = found if named else [one.unnamed() for one in found]
        text.append(lines.of([cell(one) for cell in COLUMNS.values()] for one in shown))
        rows, size = rows + len(found), size + len(text[-1].encode())
        if len(found) < AT_A_TIME:
            return Part("".join(text), None)
        after = found[-1].position
    return Part("".join(text), after)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
