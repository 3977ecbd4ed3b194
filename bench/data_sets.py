"""How much the benches are measured on."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid5

from huntaze.members.model import Principal, Role
from local.demo.crowd import Amount

# The data's year ends here, on every machine: whoever asks for "the last 30 days" hands in this clock.
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

ROLES = ("owner", "manager", "chatter", "analyst")


@dataclass(frozen=True)
class DataSet:
    """One large workspace, and others beside it so that tenancy costs what it costs."""

    name: str
    large: Amount
    others: int
    other: Amount

    @property
    def workspaces(self) -> tuple[UUID, ...]:
        """The large one first."""
        return tuple(UUID(f"01900000-0000-7000-8000-{number:012x}") for number in range(1, self.others + 2))

    def at(self, scale: float) -> "DataSet":
        """Itself, or less of it."""
        return self if scale == 1 else self.scaled(scale)

    def scaled(self, factor: float) -> "DataSet":
        """The same with less of everything, to try things out."""
        return replace(
            self, name=f"{self.name}-{factor:g}", large=_scaled(self.large, factor), other=_scaled(self.other, factor)
        )


# What the list of fans is measured on: nobody ever wrote, and what fans spent came with a file.
FANS = DataSet("fans", Amount(fans=1_000_000, imported=1), 20, Amount(fans=100_000, imported=1))

# What the inbox and analytics are measured on.
EVERYTHING = DataSet(
    "everything",
    Amount(fans=1_000_000, conversations=1_000_000, messages=10_000_000, transactions=3_000_000),
    20,
    Amount(fans=100_000, conversations=10_000, messages=50_000, transactions=25_000),
)

# What campaigns are measured on: two fans of three get them.
CAMPAIGNS = DataSet(
    "campaigns",
    Amount(fans=150_000, conversations=30_000, messages=300_000, transactions=90_000),
    20,
    Amount(fans=10_000, conversations=1_000, messages=5_000, transactions=2_500),
)


def member_id(workspace_id: UUID, role: str) -> UUID:
    """The one member with this role."""
    return uuid5(workspace_id, role)


def subject_of(workspace_id: UUID, role: str) -> str:
    """As whom this member signs in."""
    return f"{role}-{workspace_id}"


def owner_of(workspace_id: UUID) -> Principal:
    """The owner, as a handler knows whom it works for."""
    return Principal(subject_of(workspace_id, "owner"), workspace_id, member_id(workspace_id, "owner"), Role.OWNER)


def _scaled(amount: Amount, factor: float) -> Amount:
    return replace(
        amount,
        fans=max(1, round(amount.fans * factor)),
        conversations=round(amount.conversations * factor),
        messages=round(amount.messages * factor),
        transactions=round(amount.transactions * factor),
    )
