"""What a draft is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from huntaze.attachments.model import Media
from huntaze.cursors import Position
from huntaze.messages.model import Content


class Author(StrEnum):
    """Who wrote it first."""

    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Words to a fan that nobody has approved. `content_hash` names exactly these words, price, media and account."""

    id: UUID
    conversation_id: UUID
    fan_id: UUID
    account_id: UUID | None
    author: Author
    author_id: UUID | None
    content: Content
    content_hash: bytes
    ai_suggestion: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return Position(self.created_at.isoformat(), self.id)


class Changes(TypedDict, total=False):
    """What is to be different about a draft; what is not in it stays."""

    text: str
    price_cents: int
    currency: str
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """Content about to become a draft, or to stand in its place."""

    content: Content
    account_id: UUID | None
    ai_suggestion: str | None
