"""Whether two databases are the same: every row of every table, and everything that guards them."""

import re
from typing import Any

import psycopg
from psycopg import sql

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
ROWS = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(one::text, 0)), 0) FROM {} AS one")

# By name of what they show, each with rows that can be compared: object ids differ between databases, names do not.
GUARDS = {
    "owners, grants and row-level security": """
        SELECT relname, relkind, relowner::regrole::text, relacl::text, relrowsecurity, relforcerowsecurity
        FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
    "columns and their grants": """
        SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attacl::text,
            attidentity, attgenerated, pg_get_expr(adbin, adrelid),
            row_number() OVER (PARTITION BY attrelid ORDER BY attnum) -- a dropped one leaves no gap in a restored table
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped""",
    "policies": "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "functions, their owners and who may call them": """
        SELECT oid::regprocedure::text, proowner::regrole::text, proacl::text, prosecdef, provolatile, proconfig::text,
            pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')""",
    "triggers": "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "domains": """
        SELECT typname, typowner::regrole::text, typacl::text, format_type(typbasetype, typtypmod)
        FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd'""",
    "sequences": "SELECT sequencename, sequenceowner, last_value FROM pg_sequences",
    "grants to come": "SELECT defaclrole::regrole::text, defaclobjtype, defaclacl::text FROM pg_default_acl",
    "the schema": "SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname = 'public'",
    "the database": "SELECT datdba::regrole::text, datacl::text FROM pg_database WHERE datname = current_database()",
    "extensions": "SELECT extname, extversion, extnamespace::regnamespace::text FROM pg_extension",
}


def rows_of(conninfo: str) -> dict[str, Any]:
    """How many rows each table has, and a hash of all of them."""
    with psycopg.connect(conninfo) as connection:
        tables = [table for (table,) in connection.execute(TABLES)]
        return {table: connection.execute(ROWS.format(sql.Identifier(table))).fetchone() for table in tables}


def guards_of(conninfo: str) -> dict[str, list[str]]:
    """Everything that says what rows may be and who may do what, in an order that does not depend on ids."""
    with psycopg.connect(conninfo) as connection:
        asked = {what: connection.execute(query).fetchall() for what, query in GUARDS.items()}  # type: ignore[arg-type]
    return {
        what: sorted(map(repr, rows) if what.startswith("functions") else map(_bare, rows))
        for what, rows in asked.items()
    }


def _bare(row: tuple[Any, ...]) -> str:
    """Read again, a condition gets brackets and casts that its first reader did without: they say nothing more."""
    return re.sub(r"[()]|::[a-z]+(\[\])?", "", repr(row))
