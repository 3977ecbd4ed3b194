-- What a schedule measures of sending, in all workspaces: five numbers. One probe of an index for each account, however
-- much waits for it. Who was paused by a person waits on purpose, and who was disconnected waits for nothing. Who has
-- failed five times in a row (MOST_FAILURES) rests again and again, and is away between two rests too: only one message
-- tries whether it works.
GRANT SELECT (token_returns_at) ON delivery_attempts TO huntaze_reader;
GRANT SELECT (pause_reason, failures) ON platform_connections TO huntaze_reader;

CREATE FUNCTION sending_activity()
RETURNS TABLE (accounts bigint, waiting bigint, away bigint, tokens_left bigint, campaigns bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT
        count(*),
        count(*) FILTER (WHERE used.has_more),
        count(*) FILTER (WHERE used.has_more AND NOT used.is_open),
        coalesce(
            sum(greatest(used.pace_messages - out.tokens, 0)) FILTER (WHERE used.has_more AND used.is_open), 0
        )::bigint,
        (SELECT count(*) FROM campaigns WHERE campaigns.status = 'active')
    FROM (
        SELECT
            c.workspace_id,
            c.id,
            c.pace_messages,
            c.status = 'active' AND c.paused_at IS NULL AND c.failures < 5
                AND coalesce(c.held_until <= clock_timestamp(), true) AS is_open,
            EXISTS (
                SELECT FROM messages AS m
                WHERE m.workspace_id = c.workspace_id AND m.account_id = c.id AND m.status = 'queued'
            ) AS has_more
        FROM platform_connections AS c
        WHERE c.status <> 'revoked' AND (c.paused_at IS NULL OR c.pause_reason = 'forbidden')
    ) AS used
    LEFT JOIN LATERAL (
        SELECT count(*) AS tokens FROM delivery_attempts AS d
        WHERE used.has_more AND d.workspace_id = used.workspace_id AND d.account_id = used.id
            AND d.token_returns_at > clock_timestamp()
    ) AS out ON true;
END;

CALL run_as_reader('sending_activity()');
