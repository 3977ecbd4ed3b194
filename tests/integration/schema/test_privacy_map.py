"""docs/privacy.md knows every column that can hold words, so that none is forgotten when somebody is."""

import re
from typing import Any

import psycopg

from tests.support.functions import ROOT

WORDY = """
WITH RECURSIVE kinds (oid, base) AS (
    SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
    UNION ALL SELECT pg_type.oid, kinds.base FROM pg_type JOIN kinds ON typbasetype = kinds.oid WHERE typtype = 'd'
)
SELECT relname, attname FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid JOIN kinds ON kinds.oid = atttypid JOIN pg_type ON pg_type.oid = kinds.base
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    AND (typcategory IN ('S', 'A') OR typname IN ('json', 'jsonb', 'bytea', 'xml'))
"""
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \|", re.MULTILINE)


def test_every_column_that_can_hold_words_is_in_the_map_and_no_other(catalog: psycopg.Connection[Any]) -> None:
    mapped = {
        (table, column)
        for table, columns in ROW.findall((ROOT / "docs" / "privacy.md").read_text())
        for column in re.findall(r"`(\w+)`", columns)
    }
    there = set(catalog.execute(WORDY).fetchall())
    assert there - mapped == set(), "say in docs/privacy.md what it holds, why, how long, and how it is erased"
    assert mapped - there == set(), "docs/privacy.md tells of columns that are not there"
