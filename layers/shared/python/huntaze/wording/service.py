"""Filling in texts for fans."""

from typing import Protocol
from uuid import UUID

from huntaze.errors import Conflict
from huntaze.fans.model import Fan, Platform
from huntaze.wording.model import Filled, IllWorded, Variable, Wording

_PLATFORMS = {Platform.ONLYFANS: "OnlyFans", Platform.FANSLY: "Fansly", Platform.PATREON: "Patreon"}


class GreetedFans(Protocol):
    """What wording needs to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...


class NamedCreators(Protocol):
    """What wording needs to know of the team."""

    def creator_name(self) -> str:
        """What the creator is called: by the oldest owner's profile that says so, or else by the workspace."""
        ...


class Stores(Protocol):
    """What a transaction gives to whoever fills in a text."""

    @property
    def fans(self) -> GreetedFans:
        """The fans of the workspace."""
        ...

    @property
    def profiles(self) -> NamedCreators:
        """The team's profiles."""
        ...


def for_fan(stores: Stores, text: str, fan_id: UUID) -> Filled:
    """A text as this fan would get it."""
    fan = stores.fans.get(fan_id)
    try:
        wording = Wording(text)
    except IllWorded:
        raise Conflict("This text cannot be filled in any more. Mend its variables and save it again.") from None
    return wording.filled(values_of(fan, stores.profiles.creator_name()))


def values_of(fan: Fan, creator: str) -> dict[Variable, str]:
    """What is known of a fan, by the variable it fills; nothing where there is nothing."""
    names = fan.name.split()
    return {
        Variable.NAME: names[0] if names else "",
        Variable.FULL_NAME: " ".join(names),
        Variable.HANDLE: fan.handle or "",
        Variable.PLATFORM: _PLATFORMS.get(fan.platform, ""),
        Variable.CREATOR: creator,
    }
