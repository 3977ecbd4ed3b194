"""Texts with variables as the API takes them, and as it gives them once they are filled in."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from huntaze.schema import Id, Incoming, Outgoing, text
from huntaze.wording.model import LONGEST_TEXT, CategoryCount, Variable, Wording


def _well_worded(text: str) -> str:
    return Wording(text).text


WellWorded = Annotated[
    str,
    Field(
        strict=True,
        max_length=LONGEST_TEXT,
        pattern=r"^[^\x00]*$",
        description=f"`{{name|there}}` is filled in for each fan; there are {', '.join(Variable)}. "
        "What stands behind the bar is said where a fan has no such thing; `{{` and `}}` are braces as such.",
    ),
    AfterValidator(_well_worded),
]


Category = Annotated[str, text(shortest=1, longest=100)]


class FanQuery(Incoming):
    """For whom a text is to be filled in."""

    fan_id: Annotated[Id, Field(description="The fan whose name and the like are filled in.")]


class UseBody(Incoming):
    """For whom a text is used."""

    fan_id: Id


class FilledBody(Outgoing):
    """A text filled in for one fan; `missing` names the variables that their fallback stands for."""

    text: str
    missing: tuple[Variable, ...]
    usage_count: int


class CategoryBody(Outgoing):
    """A category, and how many are in it; null stands for those in none."""

    category: str | None
    count: int


class CategoriesBody(Outgoing):
    """The categories by their names."""

    categories: list[CategoryBody]

    @classmethod
    def of(cls, found: Iterable[CategoryCount]) -> Self:
        """The categories as the API shows them."""
        return cls(categories=[CategoryBody(category=each.category, count=each.count) for each in found])
