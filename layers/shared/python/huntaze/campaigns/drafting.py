"""The rules of a campaign's words, audience and times: what breaks none of them is kept, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from huntaze.campaigns.kept import Kept, audience_of, is_too_large, literal_template, schedule_of, template_of
from huntaze.campaigns.model import Bulk, Plan, Reason, Schedule, Variant
from huntaze.campaigns.rules import broken, broken_bulk
from huntaze.errors import FieldError, Invalid
from huntaze.fans.model import Platform
from huntaze.members.model import Principal
from huntaze.messages.model import Account
from huntaze.messages.prices import SENDING
from huntaze.tombstones.model import Identity
from huntaze.tombstones.service import Tombstones, TombstoneStore
from huntaze.wording.service import NamedCreators
from huntaze.workspaces.model import Workspace


class NamedFans(Protocol):
    """What drafting needs to know of fans."""

    def called(self, words: Sequence[str]) -> Mapping[str, UUID]:
        """Whom these words mean: our ids, or the platform's; who is shown for somebody who was merged."""
        ...


class Accounts(Protocol):
    """What drafting needs to know of accounts."""

    def account(self, platform: Platform) -> Account | None:
        """The creator's account on a platform."""
        ...


class Home(Protocol):
    """The workspace itself."""

    def get(self) -> Workspace:
        """The workspace."""
        ...


class Stores(Protocol):
    """What a transaction gives to drafting."""

    @property
    def audiences(self) -> NamedFans:
        """Whom campaigns are for."""
        ...

    @property
    def messages(self) -> Accounts:
        """Through which accounts they leave."""
        ...

    @property
    def profiles(self) -> NamedCreators:
        """What the creator is called."""
        ...

    @property
    def workspace(self) -> Home:
        """Where the creator is."""
        ...

    @property
    def tombstones(self) -> TombstoneStore:
        """Who was erased."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a list of words means, and how many it names in vain, by reason."""

    fan_ids: tuple[UUID, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


class Drafting:
    """Makes of a plan what can be kept."""

    def __init__(self, tombstones: Tombstones) -> None:
        self._tombstones = tombstones

    def checked(self, stores: Stores, who: Principal, plan: Plan) -> Kept:
        """The plan as it is kept; Invalid, naming every field that breaks a rule."""
        creator = stores.profiles.creator_name()
        platforms = sending_platforms(stores.messages, plan.audience.include.platforms)
        refuse(list(broken(plan, platforms, creator)))
        audience, named = plan.audience, self.named(stores, who, plan.audience.recipient_ids or ())
        if audience.recipient_ids is not None:
            audience = replace(audience, recipient_ids=tuple(map(str, named.fan_ids)))
            if not named.fan_ids:
                raise Invalid.field("audience.recipientIds", "Names nobody who is here")
        schedule = replace(plan.schedule, zone=stores.workspace.get().timezone)
        return _fitting(
            Kept(
                name=plan.name,
                template=template_of(plan.variants, creator),
                target_audience=audience_of(audience),
                schedule=schedule_of(schedule),
                starts_at=schedule.starts_at,
                ends_at=schedule.ends_at,
                left_out=named.left_out,
            )
        )

    def literal(self, stores: Stores, who: Principal, bulk: Bulk, name: str) -> Kept:
        """One message to a few, as it is kept; Invalid, naming every field that breaks a rule."""
        variant = Variant(content=bulk.content, price_cents=bulk.price_cents or 0, media=bulk.media)
        schedule = Schedule(starts_at=bulk.starts_at, ends_at=bulk.ends_at)
        refuse(list(broken_bulk(bulk, variant, schedule, sending_platforms(stores.messages, ()))))
        named = self.named(stores, who, bulk.recipient_ids)
        return Kept(
            name=name,
            template=literal_template(variant, priced=bulk.price_cents is not None),
            target_audience={"recipientIds": list(map(str, named.fan_ids))},
            schedule=schedule_of(replace(schedule, zone=stores.workspace.get().timezone)),
            starts_at=bulk.starts_at,
            ends_at=bulk.ends_at,
            left_out=named.left_out,
        )

    def named(self, stores: Stores, who: Principal, words: Sequence[str]) -> Named:
        """Each person once, under our own id; whom the words name in vain is counted and not kept."""
        if not words:
            return Named(())
        found = stores.audiences.called(words)
        nobody = [word for word in words if word not in found]
        asked = [Identity(platform.value, word, None, None) for word in nobody for platform in SENDING]
        erased = sum(_any_of_each(self._tombstones.named(stores.tombstones, who.workspace_id, asked), len(SENDING)))
        fan_ids = tuple(dict.fromkeys(found[word] for word in words if word in found))
        counted = {
            Reason.UNKNOWN: len(nobody) - erased,
            Reason.TOMBSTONE: erased,
            Reason.DUPLICATE: len(words) - len(nobody) - len(fan_ids),
        }
        return Named(fan_ids, {reason.value: count for reason, count in counted.items() if count})


def refuse(faults: Sequence[FieldError]) -> None:
    """Invalid, if any rule is broken."""
    if faults:
        raise Invalid(faults)


def sending_platforms(accounts: Accounts, asked: Sequence[Platform]) -> tuple[Platform, ...]:
    """The platforms a campaign can leave on: those asked for of those connected, or of all where none is yet."""
    possible = [platform for platform in SENDING if not asked or platform in asked]
    connected = [platform for platform in possible if accounts.account(platform) is not None]
    return tuple(connected or possible)


def _any_of_each(flags: Sequence[bool], size: int) -> Iterator[bool]:
    return (any(flags[start : start + size]) for start in range(0, len(flags), size))


def _fitting(kept: Kept) -> Kept:
    faults = []
    if is_too_large(kept.template):
        faults.append(FieldError("variants", "Together they are too long: shorten the texts or the addresses of media"))
    if is_too_large(kept.target_audience):
        faults.append(FieldError("audience", "Is too long: use fewer conditions, or fewer tags in them"))
    refuse(faults)
    return kept
