"""What an import is told by: what was chosen, what its file looks like, rows in numbers, and why it failed."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field

from huntaze.errors import Invalid
from huntaze.fans.model import Platform
from huntaze.imports.model import Counts, Import, Policy, Status
from huntaze.imports.reasons import words
from huntaze.imports.schema import Meaning
from huntaze.schema import Outgoing

_MENDED_BY_MAPPING = frozenset({"no_name_column", "unknown_column"})

Row = Annotated[int, Field(description="Counted from 1 after the header.")]
Column = Annotated[str | None, Field(description="The header of the column that it is about.")]


class ReasonBody(Outgoing):
    """How many rows have one reason."""

    reason: str
    message: str
    count: int


class CountsBody(Outgoing):
    """Rows in numbers."""

    total: int
    created: int
    updated: int
    skipped: int
    rejected: int
    reasons: list[ReasonBody]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """The same in the language of the API, the most frequent reason first."""
        frequent = sorted(counts.reasons.items(), key=lambda found: (-found[1], found[0]))
        return cls(
            total=counts.total,
            created=counts.created,
            updated=counts.updated,
            skipped=counts.skipped,
            rejected=counts.rejected,
            reasons=[ReasonBody(reason=code, message=words(code), count=count) for code, count in frequent],
        )


class LayoutBody(Outgoing):
    """What a look at the file has shown."""

    encoding: str
    delimiter: str
    header: Sequence[str]
    sample: Annotated[Sequence[Sequence[str]], Field(description="Its first rows.")]
    mapping: Annotated[Mapping[Meaning, str], Field(description="Which header stands for which field.")]


class ChoicesBody(Outgoing):
    """What was chosen about the file."""

    platform: Platform
    locale: str | None
    policy: Policy
    mapping: Mapping[Meaning, str] | None


class FailureBody(Outgoing):
    """Why a whole file could not be read."""

    code: str
    message: str
    row: Annotated[int | None, Field(description="Counted from 1 after the header; 0 is the header itself.")]
    column: Column

    @classmethod
    def of(cls, known: Import) -> Self | None:
        """What an import says of it, if it failed."""
        if known.error is None:
            return None
        return cls(code=known.error, message=words(known.error), row=known.error_row, column=known.error_column)


def must_have_been_readable(known: Import) -> None:
    """Go on only with an import that has a plan; Invalid, by the name of the field that mends it, with another one."""
    if known.status is Status.MAPPING:
        raise Invalid.field("mapping", words("no_name_column"))
    failed = FailureBody.of(known)
    if failed is not None:
        raise Invalid.field("mapping" if failed.code in _MENDED_BY_MAPPING else "file", _told(failed))


def _told(failed: FailureBody) -> str:
    """`Row 7, column Total Spent: …`."""
    places = [f"row {failed.row}"] if failed.row is not None else []
    places += [f"column {failed.column}"] if failed.column is not None else []
    place = ", ".join(places)
    return f"{place[:1].upper()}{place[1:]}: {failed.message}" if place else failed.message
