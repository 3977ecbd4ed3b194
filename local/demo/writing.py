"""Rows into tables, many at once, by the role of the application and under its rules."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

# COPY refuses tables with row-level security. One array of objects is nearly as quick, and typed by the table itself.
_INSERT = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)
"""
_AT_ONCE = 1000


def insert(connection: Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    statement = sql.SQL(_INSERT).format(
        table=sql.Identifier(table), columns=sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    )
    for begin in range(0, len(rows), _AT_ONCE):
        connection.execute(statement, [json.dumps(rows[begin : begin + _AT_ONCE], default=str)])


def act_as(connection: Connection, workspace_id: str, member_id: str = "") -> None:
    """Belong to a workspace until the transaction ends; what happens is a member's doing, or a machine's."""
    connection.execute(
        "SELECT set_config('huntaze.workspace_id', %s, true), set_config('huntaze.actor_id', %s, true)",
        [workspace_id, member_id],
    )
