"""What bridges tell, read with care: it is theirs, so nothing of it is taken on trust or repeated in an error."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

LONGEST_ID = 200
_MOST_CENTS = 10**12
_LONGEST_TEXT = 100_000


class Unreadable(Exception):
    """Not what the contract says."""


class Told:
    """One JSON object of a bridge, read field by field."""

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise Unreadable
        self._values: Mapping[str, Any] = values

    @classmethod
    def of(cls, body: bytes) -> "Told":
        """The object that a body holds."""
        try:
            return cls(json.loads(body))
        except (ValueError, RecursionError):  # what is too deep to read, too
            raise Unreadable from None

    def name(self, field: str) -> str:
        """An id or another short word that must be there."""
        value = self._values.get(field)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.isprintable():
            raise Unreadable
        return value

    def name_or_none(self, field: str) -> str | None:
        """The same, where it may be missing."""
        return None if self._values.get(field) is None else self.name(field)

    def text(self, field: str, longest: int = _LONGEST_TEXT) -> str:
        """What a person wrote, without what no database keeps."""
        value = self._values.get(field)
        if not isinstance(value, str) or len(value) > longest:
            raise Unreadable
        return value.replace("\0", "").encode(errors="replace").decode()

    def text_or_none(self, field: str, longest: int) -> str | None:
        """The same, where it may be missing."""
        return None if self._values.get(field) is None else self.text(field, longest)

    def number(self, field: str, least: int = 0, most: int = _MOST_CENTS) -> int:
        """A whole number that must be there."""
        value = self._values.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Unreadable
        return value

    def number_or_none(self, field: str, least: int = 0, most: int = _MOST_CENTS) -> int | None:
        """The same, where it may be missing."""
        return None if self._values.get(field) is None else self.number(field, least, most)

    def flag(self, field: str) -> bool:
        """Yes or no."""
        value = self._values.get(field)
        if not isinstance(value, bool):
            raise Unreadable
        return value

    def flag_or_none(self, field: str) -> bool | None:
        """The same, where it may be missing."""
        return None if self._values.get(field) is None else self.flag(field)

    def moment(self, field: str) -> datetime:
        """A moment with its offset that must be there."""
        try:
            moment = datetime.fromisoformat(self.name(field))
        except ValueError:
            raise Unreadable from None
        if moment.tzinfo is None:
            raise Unreadable
        return moment

    def moment_or_none(self, field: str) -> datetime | None:
        """The same, where it may be missing."""
        return None if self._values.get(field) is None else self.moment(field)

    def currency(self, field: str) -> str:
        """Three capital letters that must be there."""
        value = self.name(field)
        if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):  # noqa: PLR2004
            raise Unreadable
        return value

    def currency_or_none(self, field: str) -> str | None:
        """The same, where it may be missing."""
        return None if self._values.get(field) is None else self.currency(field)

    def reference_or_none(self, field: str) -> UUID | None:
        """One of our ids; None for what is missing, and for what somebody else made up."""
        try:
            return UUID(self._values.get(field) or "")
        except (ValueError, AttributeError, TypeError):
            return None

    def inner(self, field: str) -> "Told":
        """An object in it."""
        return Told(self._values.get(field))

    def each(self, field: str) -> Sequence["Told"]:
        """A list of objects in it."""
        return [Told(value) for value in self._list(field)]

    def words(self, field: str) -> frozenset[str]:
        """A list of words in it, whatever words."""
        return frozenset(value for value in self._list(field) if isinstance(value, str))

    def _list(self, field: str) -> Sequence[object]:
        values = self._values.get(field)
        if not isinstance(values, list):
            raise Unreadable
        return values
