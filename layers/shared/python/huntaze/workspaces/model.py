"""What a workspace is."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One creator's place: days begin where its clock hangs, and amounts without a currency are in its own."""

    id: UUID
    name: str
    timezone: str
    currency: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkspace:
    """What an operator founds, and for whom."""

    name: str
    timezone: str
    currency: str
    owner_email: str


class Changes(TypedDict, total=False):
    """What is to be different; what is not in it stays."""

    name: str
    timezone: str
    currency: str
