"""Tags as the API takes and gives them."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field

from huntaze.schema import Incoming, Outgoing, Tag
from huntaze.tags.model import TagCount


class TagQuery(Incoming):
    """Which tag is meant."""

    tag: Annotated[Tag, Field(description="The tag, exactly as it is written.")]


class TagBody(Incoming):
    """A tag."""

    tag: Tag


class TagCountBody(Outgoing):
    """A tag, and how many fans have it."""

    tag: str
    count: int


class TagsBody(Outgoing):
    """Tags, and how many fans have each."""

    tags: list[TagCountBody]

    @classmethod
    def of(cls, tags: Iterable[TagCount]) -> Self:
        """Tags as the API shows them."""
        return cls(tags=[TagCountBody(tag=each.tag, count=each.count) for each in tags])


class ChangedFansBody(Outgoing):
    """How many fans a change has reached."""

    changed: int
