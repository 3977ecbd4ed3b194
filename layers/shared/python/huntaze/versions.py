"""Versions of what people change: an ETag names one, and If-Match asks for it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from huntaze.errors import Stale

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Stamped(Protocol):
    """What knows when it was last changed."""

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed; it only ever grows. None before anybody has saved it."""
        ...


def etag(stamped: Stamped) -> str:
    """Names this very version of a thing: two versions of it never have the same."""
    return f'"{((stamped.updated_at or _EPOCH) - _EPOCH) // timedelta(microseconds=1):x}"'


def must_be_current(stamped: Stamped, if_match: str | None) -> None:
    """Stale unless an If-Match header means this version; `*` means any, and without the header any will do."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag(stamped) not in {tag.strip() for tag in if_match.split(",")}:
        raise Stale
