"""What the API is asked about numbers: of which days and which fans, in what steps, as which table."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from huntaze.analytics.model import FIRST_YEAR, LAST_YEAR, MOST_TOP_FANS, Asked, Preset, Step, asked_day
from huntaze.analytics.sheet import Table
from huntaze.fans.model import Platform
from huntaze.schema import Incoming, Tag


def _day(value: object) -> object:
    day = asked_day(value) if isinstance(value, str) else None
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
