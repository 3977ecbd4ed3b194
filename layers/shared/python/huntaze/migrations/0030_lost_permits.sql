-- A permit that never fired, of an account in which nothing waits any more (its message was withdrawn, or left through
-- another permit): nobody looked for it, so it stood in the outbox for ever, and was told as the age of the outbox. Now
-- the relay is sent to such accounts too, and accounts that may not send count for no age: nothing of theirs is late.
GRANT CREATE ON SCHEMA public TO huntaze_reader;
SET LOCAL ROLE huntaze_reader;

-- In any order: with more accounts than one round reaches, the same ones would be reached each time.
-- A permit is lost 90 seconds after its slot at the earliest (huntaze/delivery/store.py); the slot has an index.
CREATE OR REPLACE FUNCTION accounts_to_wake(at_most integer)
RETURNS TABLE (workspace_id uuid, account_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT found.workspace_id, found.account_id
    FROM (
        SELECT waiting.workspace_id, waiting.account_id
        FROM (
            SELECT m.workspace_id, m.account_id, count(*) AS messages
            FROM messages AS m WHERE m.status = 'queued' GROUP BY m.workspace_id, m.account_id
        ) AS waiting
        JOIN platform_connections AS c ON c.workspace_id = waiting.workspace_id AND c.id = waiting.account_id
        WHERE least(
            waiting.messages, floor(900 / greatest((c.pace_seconds + 1.5) / c.pace_messages, c.pace_gap_seconds))
        ) > (
            SELECT count(*) FROM outbox AS o
            WHERE o.workspace_id = waiting.workspace_id AND o.account_id = waiting.account_id AND o.kind = 'permit'
                AND o.expires_at > clock_timestamp()
        )
        UNION
        SELECT o.workspace_id, o.account_id FROM outbox AS o
        WHERE o.kind = 'permit' AND o.due_at < now() - interval '90 seconds'
            AND o.expires_at <= clock_timestamp()
    ) AS found
    JOIN platform_connections AS c ON c.workspace_id = found.workspace_id AND c.id = found.account_id
    WHERE c.status = 'active' AND c.paused_at IS NULL AND (c.held_until IS NULL OR c.held_until <= clock_timestamp())
    ORDER BY random()
    LIMIT at_most;
END;

CREATE OR REPLACE FUNCTION outbox_age_seconds() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT coalesce(greatest(extract(epoch FROM clock_timestamp() - (
        SELECT o.due_at FROM outbox AS o
        JOIN platform_connections AS c ON c.workspace_id = o.workspace_id AND c.id = o.account_id
        WHERE o.kind = 'permit' AND c.status = 'active' AND c.paused_at IS NULL
            AND (c.held_until IS NULL OR c.held_until <= clock_timestamp())
        ORDER BY o.due_at LIMIT 1
    )), 0), 0)::double precision;
END;

SET LOCAL ROLE huntaze_owner;
REVOKE CREATE ON SCHEMA public FROM huntaze_reader;
