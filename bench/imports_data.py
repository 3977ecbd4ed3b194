"""Fans as their creator's CSV has them: about 150 bytes each, the same for every run."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

FILE_COLUMNS = ("Username", "Display Name", "Email", "Subscription Tier", "Total Spent", "Last Seen")
_NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_FIRST = ("Ada", "Björn", "Chloé", "Dmitri", "Eve", "Fatima", "Günther", "Hugo", "Inés", "Jack", "Kim", "Łukasz", "Mei")
_LAST = ("Lovelace", "O'Hara", "Müller", "Rossi", "Dupont", "Novák", "Sørensen", "Silva", "Tanaka", "Walker", "García")
_TIERS = ("Free trial of thirty days", "Bronze, monthly", "Silver, three months", "Gold, twelve months with extras")


@dataclass(frozen=True, slots=True)
class ImportedFan:
    """One row of the file."""

    username: str
    name: str
    email: str
    tier: str
    cents: int
    last_seen_at: datetime


def imported_fans(rows: int, first: int = 0) -> Iterator[ImportedFan]:
    """As many as are wanted, each with a username of its own."""
    chance = random.Random(first)  # noqa: S311  (bench data, nobody has to guess)
    for number in range(first, first + rows):
        given, family = chance.choice(_FIRST), chance.choice(_LAST)
        username = f"{given.lower().encode('ascii', 'ignore').decode()}_{number:x}_{chance.randrange(10**6)}"
        yield ImportedFan(
            username=username,
            name=f"{given} {family} of {chance.randrange(10**5)}",
            email=f"{username}@mail-{chance.randrange(40)}.example.com",
            tier=chance.choice(_TIERS),
            cents=chance.randrange(500_000),
            last_seen_at=_NOW - timedelta(seconds=chance.randrange(31_536_000)),
        )


def sheet_row(fan: ImportedFan) -> str:
    """The row of the file."""
    spent = f"${fan.cents // 100:,}.{fan.cents % 100:02}"
    seen = f"{fan.last_seen_at:%Y-%m-%dT%H:%M:%SZ}"
    return f'{fan.username},{fan.name},{fan.email},"{fan.tier}","{spent}",{seen}\n'


def copy_row(fan: ImportedFan, workspace_id: UUID, fan_id: UUID) -> bytes:
    """The row of the table, as COPY takes it."""
    metadata = json.dumps({"subscriptionTier": fan.tier})
    cells = (
        *(str(workspace_id), str(fan_id), fan.name, "onlyfans", fan.username, fan.username, fan.email),
        *(str(fan.cents), "USD", fan.last_seen_at.isoformat(), "[]", metadata),
        *(_NOW.isoformat(),) * 3,
    )
    return ("\t".join(cells) + "\n").encode()
