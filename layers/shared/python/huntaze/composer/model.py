"""What somebody is writing."""

from dataclasses import dataclass
from datetime import datetime

from huntaze.attachments.model import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message would say, cost and carry."""

    text: str = ""
    price_cents: int = 0
    attachments: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """What a member has typed in a conversation and not sent; empty, and without a time, when there is nothing."""

    content: Content
    currency: str
    updated_at: datetime | None
