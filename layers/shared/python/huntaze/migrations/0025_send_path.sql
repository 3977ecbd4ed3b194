-- The send path: accounts that wait by themselves, attempts whose end nobody saw, and who must be woken.

-- A hold by machine: it ends by itself. What a person paused, or must mend, stays in paused_at and status.
ALTER TABLE platform_connections
    ADD COLUMN held_until  timestamptz,
    ADD COLUMN held_reason text CHECK (char_length(held_reason) BETWEEN 1 AND 500),
    ADD COLUMN failures    smallint NOT NULL DEFAULT 0 CHECK (failures >= 0), -- in a row, since the last good answer
    ADD CONSTRAINT connections_held CHECK (held_until IS NULL OR held_reason IS NOT NULL);
GRANT UPDATE (held_until, held_reason, failures) ON platform_connections TO huntaze_app;

-- 'lapsed': the lease ran out and nobody settled it, so its worker died. That alone counts against a message that may
-- be killing its workers; what the platform did not answer well is the platform's.
ALTER TABLE delivery_attempts
    DROP CONSTRAINT delivery_attempts_outcome_check,
    DROP CONSTRAINT delivery_attempts_answered,
    ADD CONSTRAINT delivery_attempts_outcome_check
        CHECK (outcome IN ('accepted', 'refused', 'not_accepted', 'unknown', 'lapsed')),
    ADD CONSTRAINT delivery_attempts_answered
        CHECK (outcome IS NULL OR outcome IN ('unknown', 'lapsed') OR answered_at IS NOT NULL),
    ADD COLUMN absences smallint NOT NULL DEFAULT 0 CHECK (absences >= 0), -- how often the platform did not have it
    ADD COLUMN look_at  timestamptz; -- when the platform is asked next whether it has it; NULL: nobody asks
CREATE INDEX delivery_attempts_in_doubt ON delivery_attempts (look_at) WHERE look_at IS NOT NULL;
GRANT UPDATE (absences, look_at) ON delivery_attempts TO huntaze_app;

-- A request whose message was taken back because the queue was away: asked again, it sends that very message.
ALTER TABLE idempotency_keys ADD COLUMN undone_message_id uuid;

-- What the account behind a permit is like. A permit names its workspace and account; a batch has several of each.
CREATE POLICY read_by_functions ON platform_connections FOR SELECT TO huntaze_reader USING (true);
CREATE POLICY read_by_functions ON messages FOR SELECT TO huntaze_reader USING (true);
CREATE POLICY read_by_functions ON outbox FOR SELECT TO huntaze_reader USING (true);
CREATE POLICY read_by_functions ON delivery_attempts FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (
    workspace_id, id, platform, status, paused_at, held_until, pace_messages, pace_seconds, pace_gap_seconds
) ON platform_connections TO huntaze_reader;
GRANT SELECT (workspace_id, id, account_id, status) ON messages TO huntaze_reader;
GRANT SELECT (workspace_id, kind, account_id, expires_at) ON outbox TO huntaze_reader;
GRANT SELECT (workspace_id, id, account_id, message_id, lease_until, outcome, look_at) ON delivery_attempts
    TO huntaze_reader;

-- For the accounts that a batch of permits names.
CREATE FUNCTION accounts_to_send(account_ids uuid[])
RETURNS TABLE (
    workspace_id uuid, id uuid, platform text, pace_messages smallint, pace_seconds smallint, pace_gap_seconds smallint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT c.workspace_id, c.id, c.platform, c.pace_messages, c.pace_seconds, c.pace_gap_seconds
    FROM platform_connections AS c WHERE c.id = ANY(account_ids);
END;

-- Accounts in which more messages wait than permits are on their way, as far as they may send at all.
CREATE FUNCTION accounts_to_wake(at_most integer)
RETURNS TABLE (workspace_id uuid, account_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT waiting.workspace_id, waiting.account_id
    FROM (
        SELECT m.workspace_id, m.account_id, count(*) AS messages
        FROM messages AS m WHERE m.status = 'queued' GROUP BY m.workspace_id, m.account_id
    ) AS waiting
    JOIN platform_connections AS c ON c.workspace_id = waiting.workspace_id AND c.id = waiting.account_id
    WHERE c.status = 'active' AND c.paused_at IS NULL AND (c.held_until IS NULL OR c.held_until <= clock_timestamp())
        AND waiting.messages > (
            SELECT count(*) FROM outbox AS o
            WHERE o.workspace_id = waiting.workspace_id AND o.account_id = waiting.account_id AND o.kind = 'permit'
                AND o.expires_at > clock_timestamp()
        )
    ORDER BY waiting.workspace_id, waiting.account_id
    LIMIT at_most;
END;

-- Attempts whose end nobody saw, and those after which the platform is asked whether it has the message.
CREATE FUNCTION attempts_in_doubt(at_most integer)
RETURNS TABLE (workspace_id uuid, attempt_id uuid, message_id uuid, account_id uuid, has_lapsed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    (
        SELECT d.workspace_id, d.id, d.message_id, d.account_id, true
        FROM delivery_attempts AS d WHERE d.outcome IS NULL AND d.lease_until < clock_timestamp()
        ORDER BY d.lease_until LIMIT at_most
    )
    UNION ALL
    (
        SELECT d.workspace_id, d.id, d.message_id, d.account_id, false
        FROM delivery_attempts AS d WHERE d.look_at <= clock_timestamp() ORDER BY d.look_at LIMIT at_most
    );
END;

CALL run_as_reader('accounts_to_send(uuid[])');
CALL run_as_reader('accounts_to_wake(integer)');
CALL run_as_reader('attempts_in_doubt(integer)');

-- A line to somebody about whom another is in doubt waits until that is settled: they might change places.
CREATE INDEX messages_in_doubt ON messages (workspace_id, conversation_id) WHERE status = 'unknown';
CREATE INDEX platform_connections_by_id ON platform_connections (id); -- accounts_to_send
