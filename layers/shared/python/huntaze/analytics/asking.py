"""What the API is asked about numbers: of which days and which fans, in what steps, as which table."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from huntaze.analytics.model import Asked, Preset, Step
from huntaze.analytics.service import MOST_TOP_FANS
from huntaze.analytics.sheet import Table
from huntaze.fans.model import Platform
from huntaze.schema import Incoming, Tag

FIRST_YEAR, LAST_YEAR = 2000, 2100  # no creator has numbers before, and nobody compares with what lies after
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_typed(text: str) -> date | None:
    """A day as addresses name it; nothing where it is none that one could ask for."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _day(value: object) -> object:
    day = day_typed(value) if isinstance(value, str) else None
    if day is None:
        raise ValueError(f"must be a day such as 2026-05-31, from {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class NumbersQuery(Incoming):
    """Of which days, and of which fans."""

    preset: Annotated[Preset, Field(alias="range", description="Days that end today; `from` and `to` win.")] = (
        Preset.MONTH
    )
    first: Annotated[Day | None, Field(alias="from", description="The first day, in the workspace's time zone.")] = None
    last: Annotated[Day | None, Field(alias="to", description="The last day, which is part of it.")] = None
    platform: Annotated[Platform | None, Field(description="Only fans of this platform.")] = None
    tag: Annotated[Tag | None, Field(description="Only fans who have this tag now.")] = None

    def asked(self) -> Asked:
        """The same in the language of the use cases."""
        return Asked(preset=self.preset, first=self.first, last=self.last, platform=self.platform, tag=self.tag)


class SeriesQuery(NumbersQuery):
    """In what steps."""

    step: Annotated[Step, Field(description="How long a bar is; weeks begin on Monday.")] = Step.DAY


class TopFansQuery(NumbersQuery):
    """How many."""

    limit: Annotated[int, Field(ge=1, le=MOST_TOP_FANS, description="How many of each currency at most.")] = 10


class TableQuery(SeriesQuery):
    """Which table is to be taken along."""

    table: Annotated[Table, Field(description="Which numbers: each is the answer of the path of this name.")]
