"""How PostgreSQL means to answer a statement."""

from typing import Any, LiteralString

import psycopg
import psycopg.sql

from tests.support.workspaces import ZOE, inside

Connection = psycopg.Connection[Any]

ONLY_INDEXES = "SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off"

EXPLAIN_ALL = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
SET auto_explain.log_level = notice; SET client_min_messages = notice
"""


def nodes_of(root: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes of a plan, the root first."""
    nodes, waiting = [], [root]
    while waiting:
        nodes.append(waiting.pop())
        waiting += nodes[-1].get("Plans", [])
    return nodes


def plans_inside(connection: Connection, function: LiteralString, arguments: LiteralString) -> str:
    """The plans of everything that one call of a function ran, as the planner chose them freely."""
    told: list[str] = []
    connection.execute(EXPLAIN_ALL)
    connection.execute("SET ROLE huntaze_app")
    connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    with inside(connection, ZOE):
        call = psycopg.sql.SQL("SELECT count(*) FROM {}({})").format(
            psycopg.sql.Identifier(function), psycopg.sql.SQL(arguments)
        )
        connection.execute(call, {"id": ZOE.of("fan")})
    return "\n".join(told)
