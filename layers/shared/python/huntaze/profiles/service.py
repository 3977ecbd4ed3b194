"""What members can do with their own profiles."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.members.model import Principal
from huntaze.profiles.model import Changes, Profile
from huntaze.versions import must_be_current


class ProfileStore(Protocol):
    """The profiles of one workspace, inside one transaction."""

    def get(self, member_id: UUID) -> Profile:
        """A member's; an empty one when they have none."""
        ...

    def get_to_change(self, member_id: UUID) -> Profile:
        """The same, and nobody else changes it meanwhile, nor makes one; NotFound when there is no such member."""
        ...

    def save(self, member_id: UUID, profile: Profile) -> Profile:
        """Keep it in place of what was there."""
        ...

    def delete(self, member_id: UUID) -> bool:
        """Drop it; whether there was one."""
        ...

    def creator_name(self) -> str:
        """What the creator is called: by the oldest owner's profile that says so, or else by the workspace."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def profiles(self) -> ProfileStore:
        """The team's profiles."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Profiles:
    """The use cases around profiles. Everybody has their own, whatever their role, and nobody another's."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal) -> Profile:
        """The caller's own."""
        with self._transactions(who) as stores:
            return stores.profiles.get(who.member_id)

    def creator(self, who: Principal) -> str:
        """What the workspace's creator is called; every member may know it."""
        with self._transactions(who) as stores:
            return stores.profiles.creator_name()

    def update(self, who: Principal, changes: Changes, if_match: str | None = None) -> Profile:
        """Change it, or begin one; Stale unless it is still the version that `if_match` names."""
        with self._transactions(who) as stores:
            profile = stores.profiles.get_to_change(who.member_id)
            must_be_current(profile, if_match)
            if changes:
                profile = stores.profiles.save(who.member_id, replace(profile, **changes))
                stores.audit.record(Action.PROFILE_CHANGED, who.member_id, fields=sorted(changes))
            return profile

    def delete(self, who: Principal) -> None:
        """Drop it for good; nothing happens when there is none."""
        with self._transactions(who) as stores:
            if stores.profiles.delete(who.member_id):
                stores.audit.record(Action.PROFILE_DELETED, who.member_id)
