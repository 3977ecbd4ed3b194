"""How campaigns stand, and what they would do: numbers, people, and moments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from huntaze.campaigns.model import Campaign, Outcome, Status, Variant
from huntaze.campaigns.steps import Lane
from huntaze.cursors import Position
from huntaze.fans.model import Platform
from huntaze.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of a campaign stand in one way, and what came of them."""

    variant: str | None
    outcome: Outcome
    reason: str | None
    recipients: int
    replies: int = 0
    buyers: int = 0
    revenue_cents: int = 0
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Progress:
    """How a campaign stands: the sums of its tallies, and who was named and has no row."""

    tallies: tuple[Tally, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    def of(self, *outcomes: Outcome) -> int:
        """How many recipients stand in one of these ways."""
        return sum(tally.recipients for tally in self.tallies if tally.outcome in outcomes)

    @property
    def recipients(self) -> int:
        """Everybody it is really for."""
        return sum(tally.recipients for tally in self.tallies if tally.outcome is not Outcome.SKIPPED)

    @property
    def waiting(self) -> int:
        """How many will still get it, if nothing comes between."""
        return self.of(Outcome.PENDING, Outcome.QUEUED)

    @property
    def ended(self) -> int:
        """Of how many it is known, or as known as it will be, what became of it."""
        return self.of(Outcome.SENT, Outcome.FAILED, Outcome.UNKNOWN, Outcome.CANCELLED)

    @property
    def replies(self) -> int:
        """How many wrote within `REPLY_HOURS` of it."""
        return sum(tally.replies for tally in self.tallies)

    @property
    def buyers(self) -> int:
        """How many paid for it, or tipped within `TIP_HOURS` of it."""
        return sum(tally.buyers for tally in self.tallies)

    @property
    def revenue(self) -> Money:
        """What they paid, in the currency that the workspace had at the launch."""
        currency = self.tallies[0].currency if self.tallies else "USD"
        return Money(sum(tally.revenue_cents for tally in self.tallies), currency)

    def of_variant(self, name: str) -> "Progress":
        """The same of one wording among several."""
        return Progress(tuple(tally for tally in self.tallies if tally.variant == name))

    @property
    def excluded(self) -> Mapping[str, int]:
        """How many were left out, by reason."""
        found = dict(self.left_out)
        for tally in self.tallies:
            if tally.outcome is Outcome.SKIPPED and tally.reason and tally.recipients:
                found[tally.reason] = found.get(tally.reason, 0) + tally.recipients
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign with its numbers, when it will be through, if that can be said, and which accounts keep it waiting."""

    campaign: Campaign
    progress: Progress
    finishes_at: datetime | None = None
    waits_for: tuple[Lane, ...] = ()

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return self.campaign.position


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What became of one recipient, and why. Who may not see fans is not told their names."""

    fan_id: UUID
    name: str | None = field(repr=False)
    handle: str | None = field(repr=False)
    outcome: Outcome
    reason: str | None
    variant: str | None
    message_id: UUID | None
    sent_at: datetime | None
    replied_at: datetime | None
    revenue_cents: int
    currency: str

    def unnamed(self) -> "Recipient":
        """The same for somebody who may not see fans."""
        return replace(self, name=None, handle=None)

    @property
    def position(self) -> Position:
        """The place right after them, in the order of their ids."""
        return Position("", self.fan_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom an audience reaches: how many on each platform, and how many are left out for each reason."""

    platforms: Mapping[Platform, int]
    excluded: Mapping[str, int]
    sample: tuple[UUID, ...] = ()  # a few of them, to look at their texts

    def beside(self, left_out: Mapping[str, int]) -> "Reach":
        """The same with those who were named and are nowhere to be found."""
        reasons = sorted({*self.excluded, *left_out})
        counted = {reason: self.excluded.get(reason, 0) + left_out.get(reason, 0) for reason in reasons}
        return replace(self, excluded=counted)

    @property
    def recipients(self) -> int:
        """Everybody it is really for."""
        return sum(self.platforms.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Another campaign that leaves through the same account at the same time."""

    id: UUID
    name: str
    status: Status
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would happen if a campaign were launched now."""

    campaign: Campaign
    reach: Reach
    finishes_at: datetime | None  # in `zone`; nothing when an account sends nothing, or it would take a year
    zone: str
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A campaign's words as one fan gets them."""

    variant: Variant
    text: str = field(repr=False)
    reason: str | None  # why this fan would get nothing; None for who would
