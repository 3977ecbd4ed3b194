-- Which accounts the relay wakes, as before but for one thing: what waits beyond the horizon counts for nothing. Permits are
-- made no farther ahead than 15 minutes, so an account with more than that lacked some for ever, and enough of such
-- accounts would have kept all others from the rounds of the relay. Only its owner may replace the function.
GRANT CREATE ON SCHEMA public TO huntaze_reader;
SET LOCAL ROLE huntaze_reader;

-- The spacing of permits, 1.5 seconds for the answers to travel included, is Pace.spacing of huntaze/delivery/model.py.
CREATE OR REPLACE FUNCTION accounts_to_wake(at_most integer)
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
        AND least(
            waiting.messages, floor(900 / greatest((c.pace_seconds + 1.5) / c.pace_messages, c.pace_gap_seconds))
        ) > (
            SELECT count(*) FROM outbox AS o
            WHERE o.workspace_id = waiting.workspace_id AND o.account_id = waiting.account_id AND o.kind = 'permit'
                AND o.expires_at > clock_timestamp()
        )
    ORDER BY waiting.workspace_id, waiting.account_id
    LIMIT at_most;
END;

SET LOCAL ROLE huntaze_owner;
REVOKE CREATE ON SCHEMA public FROM huntaze_reader;
