"""Stand-ins that keep the same promises as the real parts: the contract suites hold them to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from uuid import UUID

from huntaze.delivery.permits import Permit
from huntaze.errors import Conflict
from huntaze.fans.model import About, Fan, NewFan, Platform, Position
from huntaze.members.model import Membership, Principal
from huntaze.money import Money


class FakeFans:
    """The fans of one workspace, in memory."""

    def __init__(self, currency: str = "USD") -> None:
        self._currency = currency
        self._kept: list[Fan] = []

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        taken = {(fan.platform, fan.platform_id) for fan in self._kept if fan.platform_id is not None}
        if (new.platform, new.platform_id) in taken:
            raise Conflict("There is a fan with this platformId on this platform already.")
        about = {rule.name: getattr(new, rule.name) for rule in fields(About)}
        value = Money(new.value_cents, new.currency or self._currency)
        fan = Fan(**about, id=fan_id, value=value, last_message_at=None, created_at=at, updated_at=at)
        self._kept.append(fan)
        return fan

    def newest(self, limit: int, platform: Platform | None, after: Position | None) -> Sequence[Fan]:
        ordered = sorted(self._kept, key=lambda fan: (fan.created_at, fan.id), reverse=True)
        found = [fan for fan in ordered if platform in {None, fan.platform} and _is_after(fan, after)]
        return found[:limit]


def _is_after(fan: Fan, place: Position | None) -> bool:
    return place is None or (fan.created_at, fan.id) < (place.created_at, place.fan_id)


@dataclass
class FakeStores:
    """The stores of one workspace."""

    fans: FakeFans = field(default_factory=FakeFans)


class FakeDatabase:
    """One set of stores per workspace; a transaction hands out the caller's."""

    def __init__(self) -> None:
        self.workspaces: dict[UUID, FakeStores] = {}

    @contextmanager
    def in_workspace(self, who: Principal) -> Iterator[FakeStores]:
        yield self.workspaces.setdefault(who.workspace_id, FakeStores())


@dataclass
class FakeMemberships:
    """Who is a member of what."""

    known: dict[str, list[Membership]] = field(default_factory=dict)

    def of(self, subject: str) -> Sequence[Membership]:
        return self.known.get(subject, [])


@dataclass
class FakePermitQueue:
    """Remembers what was put back."""

    put: list[tuple[Permit, str, int]] = field(default_factory=list)

    def put_back(self, permit: Permit, queue: str, delay_seconds: int) -> None:
        self.put.append((permit, queue, delay_seconds))
