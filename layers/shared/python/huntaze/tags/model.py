"""What a tag is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many fans have it."""

    tag: str
    count: int
