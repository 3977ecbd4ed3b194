"""What is shown of the pace: numbers where somebody knows them, and nothing made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.connections.model import Outlook
from huntaze.connections.outlook import KnownPace
from huntaze.delivery.model import Glance, Pace
from huntaze.errors import Unavailable
from huntaze.ids import new_id

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class FakePaces:
    """Says the same of every account, or nothing."""

    glance: Glance | None

    def look(self, accounts: Sequence[object]) -> Sequence[Glance]:
        if self.glance is None:
            raise Unavailable("Redis is away.", retry_after=5)
        return [self.glance for _ in accounts]


@pytest.mark.parametrize(
    ("glance", "outlook"),
    [
        (Glance(7, timedelta(0)), Outlook(7, NOON)),
        (Glance(0, timedelta(seconds=9)), Outlook(0, NOON + timedelta(seconds=9))),
        (Glance(None, timedelta(0)), Outlook()),
        (None, Outlook()),
    ],
)
def test_what_nobody_knows_is_not_shown(glance: Glance | None, outlook: Outlook) -> None:
    assert KnownPace(FakePaces(glance), FixedClock(NOON)).outlook(new_id(), Pace()) == outlook
