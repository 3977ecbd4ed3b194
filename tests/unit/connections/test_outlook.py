"""What is shown of the pace: numbers where somebody knows them, and nothing made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.connections.model import Outlook
from huntaze.connections.outlook import KnownPace
from huntaze.delivery.model import Glance, Out, Pace
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


SECOND = timedelta(seconds=1)
SOME, ALL = [Out(new_id(), 4 * SECOND)], [Out(new_id(), (60 - number) * SECOND) for number in range(10)]


@pytest.mark.parametrize(
    ("glance", "out", "outlook"),
    [
        (Glance(7, 0 * SECOND), [], Outlook(7, NOON)),
        (Glance(0, 9 * SECOND), [], Outlook(0, NOON + 9 * SECOND)),
        # Redis keeps nothing of who has not sent lately, or has lost it: then the database is the one who knows.
        (Glance(None, 0 * SECOND), [], Outlook(10, NOON)),
        (Glance(None, 0 * SECOND), SOME, Outlook(9, NOON)),
        (Glance(7, 0 * SECOND), ALL, Outlook(0, NOON + 51 * SECOND)),
        (None, [], Outlook()),
    ],
)
def test_the_less_that_is_known_counts_and_nothing_is_made_up(
    glance: Glance | None, out: list[Out], outlook: Outlook
) -> None:
    assert KnownPace(FakePaces(glance), FixedClock(NOON)).outlook(new_id(), Pace(), out) == outlook
