"""How answers of PostgreSQL become rows of Python: as psycopg makes them, in half the time."""

import json
from collections.abc import Callable, Iterator, Sequence
from sys import intern
from typing import Any

from psycopg import Connection, Cursor
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from huntaze.runtime.postgres import Row

_read_json = json.JSONDecoder().raw_decode


class Whole(Cursor[Row]):
    """A cursor that hands on all rows at once: it has them from the beginning, and one by one takes longer."""

    def __iter__(self) -> Iterator[Row]:  # type: ignore[override]  # psycopg's own cursor is its own iterator
        """All rows."""
        return iter(self.fetchall())


def named(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    """A row by the names of its columns. Interned, they are quickly found as arguments of a dataclass."""
    names = [intern(column.name) for column in cursor.description or ()]
    return lambda values: dict(zip(names, values, strict=False))  # both are as long as the row is wide


def read_jsonb_as_written(connection: Connection[Row]) -> None:
    """Take jsonb for what PostgreSQL sends, UTF-8 without blanks around it, instead of finding out each time."""
    connection.adapters.register_loader("jsonb", _Jsonb)


class _Jsonb(Loader):
    def load(self, data: Buffer) -> Any:
        value, _ = _read_json(str(data, "utf-8"))
        return value
