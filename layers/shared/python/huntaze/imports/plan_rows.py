"""The rows of plans in PostgreSQL: what each row of a file will do is decided here, thousands at a time."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.imports.edits import planned_row
from huntaze.imports.model import Action, Counts, Field, Import, PlannedChunk, PlannedRow, Policy, RejectedRow
from huntaze.money import MOST_CENTS

# Rows come as one JSON text: PostgreSQL takes it apart faster than anybody puts arrays together.
#
# Who is who, in this order: by the platform's id; by the username where it stands in for the id; by the username of a
# fan, unless both have ids and these differ. `names` and `handle_key` are made before fans are looked at: row-level
# security keeps conditions with a function in them away from indexes. LATERAL keeps the planner to one look at an
# index for each row, however many fans there are and whatever it knows of them.
#
# Whoever stands further up in the file is found the same way, in what is planned already and among the rows beside it.
#
# IS NOT DISTINCT FROM is what = is, but no index is used for it: a table that has just begun to grow is unknown to the
# planner, and half of what is asked for would look as good to it as the whole.
ADD = """
WITH incoming AS MATERIALIZED (
    SELECT *, lower(handle) AS handle_key, coalesce(platform_id, lower(handle)) AS account,
        ARRAY[handle, lower(handle)] AS names,
        place_in_file(%(import_id)s, %(plan)s, platform, coalesce(platform_id, lower(handle))) AS account_place,
        place_in_file(%(import_id)s, %(plan)s, platform, lower(handle)) AS handle_place
    FROM json_to_recordset(%(rows)s::json) AS r (
        number integer, id uuid, platform text, platform_id text, handle text, name text, email text, tier text,
        spent_cents bigint, currency text, last_seen_at timestamptz, tags jsonb, do_not_contact boolean,
        erased boolean, about text, reason text, cells jsonb
    )
), met AS MATERIALIZED (
    SELECT incoming.*, found.fan_id, found.several
    FROM incoming CROSS JOIN LATERAL (
        SELECT (array_agg(c.id ORDER BY c.place, c.hidden, c.created_at, c.id))[1] AS fan_id,
            min(c.place) = 3 AND count(*) FILTER (WHERE NOT c.hidden) > 1 AS several
        FROM (
            SELECT id, 1 AS place, deleted_at IS NOT NULL AS hidden, created_at FROM fans
            WHERE workspace_id = %(workspace_id)s AND platform = incoming.platform
                AND fans.platform_id = incoming.platform_id
            UNION ALL
            SELECT id, 2, deleted_at IS NOT NULL, created_at FROM fans
            WHERE workspace_id = %(workspace_id)s AND platform = incoming.platform
                AND fans.platform_id = ANY(incoming.names)
            UNION ALL
            SELECT id, 3, deleted_at IS NOT NULL, created_at FROM fans
            WHERE workspace_id = %(workspace_id)s AND platform IS NOT DISTINCT FROM incoming.platform
                AND fans.handle_key = incoming.handle_key
                AND (incoming.platform_id IS NULL OR fans.platform_id IS NULL
                    OR lower(fans.platform_id) = fans.handle_key)
        ) AS c
    ) AS found
), known AS MATERIALIZED (
    SELECT met.*, fans.updated_at AS version, fans.deleted_at, fans.merged_into,
        fans.platform_id AS had_id, fans.handle AS had_handle, fans.name AS had_name, fans.email AS had_email,
        fans.metadata AS had_metadata, fans.value_cents AS had_cents, fans.currency AS had_currency,
        fans.valued_at AS had_valued_at, fans.last_seen_at AS had_seen, fans.tags AS had_tags,
        fans.do_not_contact AS had_flag,
        CASE WHEN spent_cents IS NOT NULL AND fans.id IS NOT NULL AND fans.deleted_at IS NULL
            AND (%(overwrite)s OR (%(fill)s AND fans.value_cents = 0))
        THEN least(%(most)s, spent_cents::numeric + coalesce((
            SELECT sum(amount_cents) FROM transactions
            WHERE workspace_id = %(workspace_id)s AND transactions.currency = met.currency
                AND occurred_at > %(valued_at)s AND transactions.fan_id IN (
                    SELECT person.fan_id FROM same_person(met.fan_id) AS person
                )
        ), 0))::bigint END AS worth
    FROM met LEFT JOIN fans ON fans.workspace_id = %(workspace_id)s AND fans.id = met.fan_id
), refused AS MATERIALIZED (
    SELECT known.*, CASE
        WHEN reason IS NOT NULL THEN reason
        WHEN erased THEN NULL
        WHEN several THEN 'several_fans'
        WHEN worth IS NOT NULL AND had_cents > 0 AND currency <> had_currency THEN 'other_currency'
    END AS refusal
    FROM known
), placed AS MATERIALIZED (
    SELECT refused.*, refusal IS NULL AND NOT erased AND (
        number > least(
            min(number) FILTER (WHERE refusal IS NULL) OVER (PARTITION BY platform, account),
            CASE WHEN fan_id IS NOT NULL THEN
                min(number) FILTER (WHERE refusal IS NULL) OVER (PARTITION BY fan_id)
            END,
            CASE WHEN handle_key IS NOT NULL THEN
                min(number) FILTER (WHERE refusal IS NULL AND platform_id IS NULL)
                    OVER (PARTITION BY platform, handle_key)
            END,
            CASE WHEN platform_id IS NULL AND handle_key IS NOT NULL THEN
                min(number) FILTER (WHERE refusal IS NULL) OVER (PARTITION BY platform, handle_key)
            END
        )
        OR coalesce((
            SELECT true FROM import_rows AS e
            WHERE e.workspace_id = %(workspace_id)s AND e.action <> 'reject' AND e.account_place = refused.account_place
            LIMIT 1
        ) OR (platform_id IS NULL AND (
            SELECT true FROM import_rows AS e
            WHERE e.workspace_id = %(workspace_id)s AND e.action <> 'reject' AND e.handle_place = refused.handle_place
                AND e.platform_id IS NOT NULL AND e.handle IS NOT NULL
            LIMIT 1
        )) OR (platform_id IS NOT NULL AND (
            SELECT true FROM import_rows AS e
            WHERE e.workspace_id = %(workspace_id)s AND e.action <> 'reject' AND e.account_place = refused.handle_place
                AND e.platform_id IS NULL
            LIMIT 1
        )) OR (fan_id IS NOT NULL AND (
            SELECT true FROM import_rows AS e
            WHERE e.workspace_id = %(workspace_id)s AND e.action <> 'reject' AND e.fan_id = refused.fan_id
                AND import_id IS NOT DISTINCT FROM %(import_id)s AND plan IS NOT DISTINCT FROM %(plan)s
            LIMIT 1
        )), false)
    ) AS twice
    FROM refused
), weighed AS MATERIALIZED (
    SELECT placed.*, CASE WHEN fan_id IS NULL OR refusal IS NOT NULL OR erased OR twice OR deleted_at IS NOT NULL
            OR NOT (%(fill)s OR %(overwrite)s)
        THEN '{}' ELSE array_remove(ARRAY[
            CASE WHEN platform_id <> had_id OR (platform_id IS NOT NULL AND had_id IS NULL) THEN 'userId' END,
            CASE WHEN handle IS NOT NULL AND (had_handle IS NULL OR (%(overwrite)s AND handle <> had_handle))
                THEN 'username' END,
            -- Who is called by username or id has no name yet.
            CASE WHEN name <> had_name AND (%(overwrite)s OR had_name = had_handle OR had_name = had_id)
                THEN 'name' END,
            CASE WHEN email IS NOT NULL AND (had_email IS NULL OR (%(overwrite)s AND email <> had_email))
                THEN 'email' END,
            CASE WHEN tier IS NOT NULL AND (had_metadata ->> 'subscriptionTier' IS NULL
                OR (%(overwrite)s AND tier <> had_metadata ->> 'subscriptionTier')) THEN 'tier' END,
            CASE WHEN worth <> had_cents THEN 'spent' END,
            CASE WHEN last_seen_at IS NOT NULL AND (had_seen IS NULL OR (%(overwrite)s AND last_seen_at <> had_seen))
                THEN 'lastSeen' END,
            CASE WHEN tags <> '[]' AND (had_tags = '[]'
                OR (%(overwrite)s AND NOT (tags @> had_tags AND tags <@ had_tags))) THEN 'tags' END,
            CASE WHEN do_not_contact AND NOT had_flag THEN 'doNotContact' END
        ], NULL) END AS changes
    FROM placed
), judged AS MATERIALIZED (
    SELECT weighed.*, CASE
            WHEN refusal IS NOT NULL THEN 'reject'
            WHEN erased OR twice OR deleted_at IS NOT NULL THEN 'skip'
            WHEN fan_id IS NULL THEN 'create'
            WHEN changes = '{}' THEN 'skip'
            ELSE 'update'
        END AS action,
        CASE
            WHEN refusal IS NOT NULL THEN refusal
            WHEN erased THEN 'erased'
            WHEN twice THEN 'duplicate'
            WHEN merged_into IS NOT NULL THEN 'merged'
            WHEN deleted_at IS NOT NULL THEN 'deleted'
            WHEN fan_id IS NULL THEN NULL
            WHEN NOT (%(fill)s OR %(overwrite)s) THEN 'known'
            WHEN had_flag AND NOT do_not_contact THEN 'stays_unwanted'
            WHEN changes = '{}' THEN 'same'
        END AS because
    FROM weighed
), planned AS (
    INSERT INTO import_rows (
        workspace_id, import_id, plan, number, action, about, reason, fan_id, version, changes, before, platform,
        platform_id, handle, name, email, tier, spent_cents, currency, last_seen_at, tags, do_not_contact, cells
    )
    SELECT %(workspace_id)s, %(import_id)s, %(plan)s, number, action,
        CASE because WHEN 'several_fans' THEN %(username_header)s WHEN 'other_currency' THEN %(spent_header)s
            ELSE about END,
        because, CASE WHEN action = 'create' THEN id ELSE fan_id END,
        CASE WHEN action = 'update' THEN version END, CASE WHEN action = 'update' THEN changes END,
        CASE WHEN action = 'update' THEN (
            SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object(
                'userId', had_id, 'username', had_handle, 'name', had_name, 'email', had_email,
                'tier', CASE WHEN had_metadata ? 'subscriptionTier'
                    THEN jsonb_build_object('subscriptionTier', had_metadata -> 'subscriptionTier') ELSE '{}' END,
                'spent', jsonb_build_object('cents', had_cents, 'currency', had_currency, 'at', had_valued_at),
                'lastSeen', had_seen, 'tags', had_tags, 'doNotContact', had_flag
            )) WHERE key = ANY(changes)
        ) END,
        platform, platform_id, handle, name, email, tier, spent_cents, currency, last_seen_at, tags, do_not_contact,
        cells
    FROM judged ORDER BY number
    RETURNING number, action, about, reason, fan_id, version, changes, before, platform, platform_id, handle, name,
        email, tier, spent_cents, currency, last_seen_at, tags, do_not_contact
)
SELECT count(*) AS total,
    count(*) FILTER (WHERE action = 'create') AS created, count(*) FILTER (WHERE action = 'update') AS updated,
    count(*) FILTER (WHERE action = 'skip') AS skipped, count(*) FILTER (WHERE action = 'reject') AS rejected,
    coalesce((
        SELECT jsonb_object_agg(reason, found)
        FROM (SELECT reason, count(*) AS found FROM planned WHERE reason IS NOT NULL GROUP BY reason) AS why
    ), '{}') AS reasons,
    array_agg(number) FILTER (WHERE action = 'reject' AND reason IN ('several_fans', 'other_currency')) AS refused,
    sha256(%(hash)s || convert_to(coalesce(string_agg(planned::text, E'\\n' ORDER BY number), ''), 'UTF8')) AS hash
FROM planned
"""

# What came of a row that only a look at the fans rejects: its cells are not brought along for all of them.
KEEP_CELLS = """
UPDATE import_rows SET cells = kept.cells
FROM json_to_recordset(%(rows)s::json) AS kept (number integer, cells jsonb)
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND import_rows.number = kept.number AND action = 'reject'
"""

PAGE = """
SELECT number, action, about, coalesce(outcome, reason) AS reason, coalesce(name, handle, platform_id) AS name,
    changes, fan_id, before, platform_id, handle, email, tier, spent_cents, currency, last_seen_at, tags
FROM import_rows
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND number > %(after)s{which}
ORDER BY number LIMIT %(limit)s
"""
OF_ACTION = " AND action = %(action)s"
OF_OUTCOME = " AND outcome = %(outcome)s"
OF_REASON = " AND reason = %(reason)s"

REJECTED = """
SELECT number, about, reason, cells FROM import_rows
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s AND action = 'reject'
    AND number > %(after)s AND cells IS NOT NULL
ORDER BY number LIMIT %(limit)s
"""
REJECTED_SIZE = """
SELECT coalesce(sum(octet_length(cells::text)), 0) AS bytes FROM import_rows
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s AND action = 'reject'
"""
# The function behind it takes the workspace from the transaction.
FORGET = "SELECT forget_import_rows(%(import_id)s, %(at_most)s) AS forgotten"


class PostgresPlanRows:
    """The rows of the plans of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(self, planned: Import, rows: Sequence[Mapping[str, Any]]) -> PlannedChunk:
        """Decide what these rows of its file will do, and keep it; the hash goes on from the one it has."""
        columns = planned.layout.mapping if planned.layout else {}
        (found,) = self._run(
            ADD,
            planned,
            rows=_json(rows),
            fill=planned.choices.policy is Policy.FILL,
            overwrite=planned.choices.policy is Policy.OVERWRITE,
            valued_at=planned.created_at,
            most=MOST_CENTS,
            hash=planned.plan_hash or b"",
            username_header=columns.get(Field.USERNAME) or columns.get(Field.USER_ID),
            spent_header=columns.get(Field.SPENT),
        ).fetchall()
        refused, hashed = found.pop("refused") or (), found.pop("hash")
        return PlannedChunk(Counts(**found), hashed, tuple(refused))

    def keep_cells(self, planned: Import, rows: Sequence[Mapping[str, Any]]) -> None:
        """What these rejected rows were in the file."""
        self._run(KEEP_CELLS, planned, rows=_json(rows))

    def page(
        self,
        of: Import,
        action: Action | None,
        outcome: str | None,
        after: int,
        limit: int,
        *,
        reason: str | None = None,
    ) -> list[PlannedRow]:
        """Rows in their order, behind a number: all, or those that do this, for this reason, or became this."""
        which = (OF_ACTION if action else "") + (OF_OUTCOME if outcome else "") + (OF_REASON if reason else "")
        asked = {"action": action, "outcome": outcome, "reason": reason, "after": after, "limit": limit}
        found = self._run(PAGE.format(which=which), of, **asked)
        return [planned_row(row) for row in found]

    def rejected(self, of: Import, after: int, limit: int) -> list[RejectedRow]:
        """Rows that were rejected, as they came, behind a number."""
        return [
            RejectedRow(row["number"], row["about"], row["reason"], tuple(row["cells"]))
            for row in self._run(REJECTED, of, after=after, limit=limit)
        ]

    def rejected_size(self, of: Import) -> int:
        """How much text they are."""
        (row,) = self._run(REJECTED_SIZE, of).fetchall()
        return int(row["bytes"])

    def forget(self, import_id: UUID, at_most: int) -> int:
        """Delete rows that nobody needs any more; how many there were."""
        (row,) = self._connection.execute(FORGET, {"import_id": import_id, "at_most": at_most}).fetchall()
        return int(row["forgotten"])

    def _run(self, statement: str, of: Import, **parameters: object) -> Cursor[dict[str, Any]]:
        whose = {"workspace_id": self._workspace_id, "import_id": of.id, "plan": of.plan}
        return self._connection.execute(statement, {**whose, **parameters})


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
