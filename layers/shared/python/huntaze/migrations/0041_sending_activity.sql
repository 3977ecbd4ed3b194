-- What a schedule measures of sending, in all workspaces: four numbers. One probe of an index for each account, however
-- much waits for it. Who was paused by a person waits on purpose, and who was disconnected waits for nothing.
GRANT SELECT (workspace_id, account_id, token_returns_at) ON delivery_attempts TO huntaze_reader;
GRANT SELECT (pause_reason) ON platform_connections TO huntaze_reader;

CREATE FUNCTION sending_activity()
RETURNS TABLE (waiting bigint, away bigint, tokens_left bigint, campaigns bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT
        count(*),
        count(*) FILTER (WHERE NOT accounts.is_open),
        coalesce(sum(greatest(accounts.pace_messages - accounts.out, 0)) FILTER (WHERE accounts.is_open), 0)::bigint,
        (SELECT count(*) FROM campaigns WHERE campaigns.status = 'active')
    FROM (
        SELECT
            c.pace_messages,
            c.status = 'active' AND c.paused_at IS NULL AND coalesce(c.held_until <= clock_timestamp(), true) AS is_open,
            (
                SELECT count(*) FROM delivery_attempts AS d
                WHERE d.workspace_id = c.workspace_id AND d.account_id = c.id
                    AND d.token_returns_at > clock_timestamp()
            ) AS out
        FROM platform_connections AS c
        WHERE c.status <> 'revoked' AND (c.paused_at IS NULL OR c.pause_reason = 'forbidden') AND EXISTS (
            SELECT FROM messages AS m
            WHERE m.workspace_id = c.workspace_id AND m.account_id = c.id AND m.status = 'queued'
        )
    ) AS accounts;
END;

CALL run_as_reader('sending_activity()');
