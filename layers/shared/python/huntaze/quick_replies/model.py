"""What a quick reply is."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from huntaze.cursors import Position
from huntaze.wording.model import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuickReply:
    """A quick reply about to be added."""

    template: Wording
    category: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReply:
    """A short text that the team uses again and again; `template` may have variables."""

    id: UUID
    template: str
    category: str | None
    usage_count: int
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, the most used first."""
        return Position(str(self.usage_count), self.id)


class Changes(TypedDict, total=False):
    """What is to be different; what is not in it stays."""

    template: Wording
    category: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which ones are meant; `q` is part of the text or of the category, in any case."""

    q: str | None = None
    category: str | None = None
