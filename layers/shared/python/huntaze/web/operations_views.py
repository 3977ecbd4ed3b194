"""What the page of operations receives."""

from dataclasses import dataclass
from datetime import datetime

from huntaze.monitoring.model import Condition
from huntaze.web.home_views import Account
from huntaze.web.sent_views import SentRow
from huntaze.web.views import Says

PATH = "/operations"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A part: how it is, its figure, and what is the matter with it."""

    key: str
    condition: Condition
    platform: str = ""  # of an account
    figure: Says | None = None
    trouble: Says | None = None
    runbook: str | None = None  # the section for whoever runs the servers

    @property
    def tone(self) -> str:
        """The colour of its word."""
        tones = {Condition.OK: "good", Condition.DEGRADED: "warning", Condition.AWAY: "bad"}
        return tones.get(self.condition, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that goes on by itself: how far it is, and where all of it is."""

    kind: str
    href: str
    name: str
    state: Says
    done: int
    total: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """The figures of the queue, which all workspaces share."""

    due: int
    delayed: int
    in_flight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsPage:
    """Whether it is healthy, and what to do if not."""

    condition: Condition
    held: bool
    parts: tuple[PartRow, ...]
    queue: Queued | None
    dead_letters: int | None
    rows: tuple[SentRow, ...]
    accounts: tuple[Account, ...]
    works: tuple[Work, ...]
    word: str = ""  # names what was told

    @property
    def troubled(self) -> tuple[PartRow, ...]:
        """Parts that something is the matter with, but for those that a list of their own tells of."""
        return tuple(part for part in self.parts if part.trouble)

    @property
    def is_calm(self) -> bool:
        """Whether nothing needs anybody."""
        return not (self.troubled or self.rows or self.held)
