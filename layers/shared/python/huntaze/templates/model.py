"""What a template is."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from huntaze.attachments.model import Media
from huntaze.cursors import Position
from huntaze.money import Money
from huntaze.wording.model import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplate:
    """A template about to be added; without a currency the price is in the workspace's own."""

    name: str
    text: Wording
    category: str | None
    price_cents: int
    currency: str | None
    attachments: tuple[Media, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A whole message to use again; `text` may have variables."""

    id: UUID
    name: str
    text: str
    category: str | None
    price: Money
    attachments: tuple[Media, ...]
    usage_count: int
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, the most used first."""
        return Position(str(self.usage_count), self.id)


class Changes(TypedDict, total=False):
    """What is to be different; what is not in it stays."""

    name: str
    text: Wording
    category: str | None
    price_cents: int
    currency: str
    attachments: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which ones are meant; `q` is part of the name, the text or the category, in any case."""

    q: str | None = None
    category: str | None = None
