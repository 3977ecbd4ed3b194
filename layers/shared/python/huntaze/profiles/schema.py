"""Profiles as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self, cast

from pydantic import Field

from huntaze.profiles.model import LONGEST_GOAL, MOST_GOALS, Changes, Profile
from huntaze.schema import Outgoing, Partial, WebAddress, Zone, text
from huntaze.versions import etag

Goals = Annotated[
    list[Annotated[str, text(shortest=1, longest=LONGEST_GOAL)]], Field(strict=True, max_length=MOST_GOALS)
]


class ProfileChangesBody(Partial):
    """What is to be different; what is left out stays as it is."""

    display_name: Annotated[str, text(shortest=1, longest=200)] | None = None
    bio: Annotated[str, text(longest=5_000)] | None = None
    timezone: Zone | None = None
    niche: Annotated[str, text(shortest=1, longest=100)] | None = None
    goals: Goals = Field(default_factory=list)
    avatar_url: WebAddress | None = None

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        given = self.given()
        if "goals" in given:
            given["goals"] = tuple(self.goals)
        return cast(Changes, given)


class ProfileBody(Outgoing):
    """A member's own profile; `updatedAt` is null until they save one."""

    display_name: str | None
    bio: str | None
    timezone: str | None
    niche: str | None
    goals: tuple[str, ...]
    avatar_url: str | None
    updated_at: datetime | None

    @property
    def etag(self) -> str:
        """Names this version of the profile, also when there is none yet."""
        return etag(self)

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """A profile as the API shows it."""
        return cls(**{name: getattr(profile, name) for name in cls.model_fields})
