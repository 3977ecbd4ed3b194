"""Migrations suit the code that still runs, or say why they need not."""

import pytest

from huntaze.migrations.runner import FILE_NAME, HERE
from tests.architecture.migrations import violations

# These came before the first deployment: nothing ran that they could have broken.
LAST_BEFORE_DEPLOYMENTS = "0039"

NEWER = [
    path
    for path in sorted(HERE.glob("*.sql"))
    if FILE_NAME.fullmatch(path.name) and path.name[:4] > LAST_BEFORE_DEPLOYMENTS
]


def test_no_migration_takes_from_running_code_what_it_needs() -> None:
    assert [fault for path in NEWER for fault in violations(path.name, path.read_text())] == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE fans",
        "DROP TABLE IF EXISTS fans CASCADE",
        "ALTER TABLE fans DROP COLUMN notes",
        "ALTER TABLE fans DROP notes",
        "ALTER TABLE fans ADD COLUMN a text, DROP COLUMN notes",
        "ALTER TABLE fans RENAME COLUMN notes TO remarks",
        "ALTER TABLE fans RENAME TO people",
        "ALTER FUNCTION memberships_of(text) RENAME TO places_of",
        "ALTER TABLE fans ALTER COLUMN value_cents TYPE numeric",
        "ALTER TABLE fans ALTER value_cents SET DATA TYPE numeric",
        "ALTER TABLE fans ALTER COLUMN email SET NOT NULL",
        "ALTER TABLE fans ADD COLUMN mood text NOT NULL",
        "ALTER TABLE fans ADD mood text NOT NULL",
        "ALTER TABLE fans ADD COLUMN a text NOT NULL, ADD COLUMN b text NOT NULL DEFAULT ''",
        "ALTER TABLE fans ADD CONSTRAINT short CHECK (char_length(name) < 50)",
        "ALTER TABLE fans ADD CHECK (value_cents < 5) NOT VALID",
        "ALTER TABLE fans\n    ADD CONSTRAINT whose FOREIGN KEY (owner) REFERENCES members",
        "ALTER DOMAIN cents ADD CHECK (VALUE < 5)",
        "CREATE UNIQUE INDEX one_name ON fans (workspace_id, name)",
        "DROP FUNCTION memberships_of(text)",
        "REVOKE UPDATE ON fans FROM huntaze_app",
        "TRUNCATE exports",
        "alter table fans drop column notes",
        "-- it is fine\nDROP TABLE fans",
        "-- breaks: no\nDROP TABLE fans",
    ],
)
def test_what_running_code_cannot_live_with_is_refused(statement: str) -> None:
    assert violations("0099_new.sql", f"CREATE TABLE moods (id uuid);\n\n{statement};\nSELECT 1;") != []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE fans ADD COLUMN mood text",
        "ALTER TABLE fans ADD COLUMN mood text NOT NULL DEFAULT 'none'",
        "ALTER TABLE fans ADD COLUMN double bigint NOT NULL GENERATED ALWAYS AS (2 * value_cents) STORED",
        "ALTER TABLE fans ALTER COLUMN email DROP NOT NULL",
        "ALTER TABLE fans ALTER COLUMN value_cents DROP DEFAULT",
        "ALTER TABLE fans DROP CONSTRAINT short",
        "CREATE INDEX moods_of_fans ON fans (mood)",
        "CREATE TABLE moods (id uuid NOT NULL, UNIQUE (id)); CREATE UNIQUE INDEX one ON moods (id)",
        "CREATE TABLE moods (id uuid); ALTER TABLE moods ADD CONSTRAINT a CHECK (true)",
        "CREATE TABLE moods (id uuid); REVOKE ALL ON moods FROM PUBLIC",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE fans; END $$",
        "COMMENT ON TABLE fans IS 'DROP TABLE fans; it''s not'",
        "-- DROP TABLE fans;\nSELECT 1",
        "/* ALTER TABLE fans RENAME TO people; */ SELECT 1",
        "-- breaks: nothing has read this column since release 1.4\nALTER TABLE fans DROP COLUMN mood",
        "DROP INDEX one_name",
        "DROP TRIGGER stamp_update ON fans",
        "GRANT SELECT ON fans TO huntaze_reader",
    ],
)
def test_what_running_code_can_live_with_is_left_alone(statement: str) -> None:
    assert violations("0099_new.sql", f"{statement};") == []


def test_a_reason_is_for_one_statement() -> None:
    text = "-- breaks: nothing has read this since release 1.4\nDROP TABLE a;\nDROP TABLE b;"

    assert [fault.rpartition(" ")[2] for fault in violations("0099_new.sql", text)] == ["b"]
