"""Rows by the million: COPY into every table at once, by the superuser of a scratch cluster."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Dumper

from local.demo.rows import TABLES, Row, Story

# Neither triggers nor foreign keys run. The rows are nevertheless what they would have made of them: hashes come from
# the generator, and a test compares both ways of loading. Only message_transitions stays empty.
_WITHOUT_TRIGGERS = "-c session_replication_role=replica"

# An index that is not ready is not kept up; REINDEX builds it whole, several times quicker, and makes it ready again.
_SUSPEND_INDEXES = "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = %s::regclass"
_COPY = "COPY {table} ({columns}) FROM STDIN"

Say = Callable[[str], None]


class _Json(Dumper):
    """Lists and objects as jsonb takes them."""

    def dump(self, obj: Any) -> Buffer:
        return json.dumps(obj, ensure_ascii=False).encode() if obj else b"{}" if isinstance(obj, dict) else b"[]"


def copy(conninfo: str, stories: Iterable[Story]) -> None:
    """Write all of it in one go, one transaction for each table; indexes are suspended until `index` is called."""
    with ExitStack() as open_copies:
        writers = {kind: open_copies.enter_context(_copying(conninfo, kind)).write_row for kind in TABLES}
        for story in stories:
            for row in story.rows():
                writers[type(row)](row)


def index(conninfo: str, say: Say) -> None:
    """Build the indexes of what was copied, and tell the planner what is there."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for table in map(sql.Identifier, TABLES.values()):
            say(f"Indexing {table.as_string(connection)}")
            connection.execute(sql.SQL("REINDEX TABLE {}").format(table))
            connection.execute(sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(table))


def suspend_indexes(conninfo: str) -> None:
    """Leave the indexes alone until `index` builds them."""
    with psycopg.connect(conninfo) as connection:
        for table in TABLES.values():
            connection.execute(_SUSPEND_INDEXES, [table])


@contextmanager
def _copying(conninfo: str, kind: type[Row]) -> Iterator[psycopg.Copy]:
    statement = sql.SQL(_COPY).format(
        table=sql.Identifier(TABLES[kind]), columns=sql.SQL(", ").join(map(sql.Identifier, kind._fields))
    )
    with psycopg.connect(conninfo, options=_WITHOUT_TRIGGERS) as connection:
        for of_json in (list, tuple, dict):
            connection.adapters.register_dumper(of_json, _Json)
        with connection.cursor() as cursor, cursor.copy(statement) as open_copy:
            yield open_copy
