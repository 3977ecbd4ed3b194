"""What a member says about themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

LONGEST_GOAL = 200
MOST_GOALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A member's own profile; empty, and without a time, until they save one."""

    display_name: str | None = None
    bio: str | None = None
    timezone: str | None = None
    niche: str | None = None
    goals: tuple[str, ...] = ()
    avatar_url: str | None = None
    updated_at: datetime | None = None


class Changes(TypedDict, total=False):
    """What is to be different; what is not in it stays."""

    display_name: str | None
    bio: str | None
    timezone: str | None
    niche: str | None
    goals: tuple[str, ...]
    avatar_url: str | None
