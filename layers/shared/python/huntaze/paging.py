"""Pages of lists, and where the next one begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from huntaze.cursors import Position


class Positioned(Protocol):
    """What has a place in a list."""

    @property
    def position(self) -> Position:
        """The place right after it."""
        ...


Item = TypeVar("Item", bound=Positioned)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A stretch of a list, and where the next one begins if there is more."""

    items: tuple[Item, ...]
    next: Position | None

    @classmethod
    def of(cls, found: Sequence[Item], limit: int) -> "Page[Item]":
        """A page from what was found; one more than the page holds tells that there is a next one."""
        shown = tuple(found[:limit])
        return cls(shown, shown[-1].position if len(found) > limit else None)
