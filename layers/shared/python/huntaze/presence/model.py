"""Who is at a conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# A heartbeat comes about every 20 seconds: two may get lost.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member at a conversation, until then unless they say so again."""

    member_id: UUID
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Company:
    """Who else has a conversation open, and who answers it: the caller perhaps, and perhaps nobody."""

    others: tuple[Somebody, ...]
    answering: Somebody | None
