-- What the routes of messages on their way ask, each from an index of its own, however many messages there were.

-- How many were queued since midnight, and how many came to an end: counted in the index alone.
CREATE INDEX message_transitions_queued ON message_transitions (workspace_id, at)
    WHERE to_status = 'queued' AND from_status IS NULL;
CREATE INDEX message_transitions_ended ON message_transitions (workspace_id, at) INCLUDE (from_status, to_status)
    WHERE to_status IN ('sent', 'failed', 'unknown');

-- Unknown ones are few, and failed ones may come to be many.
CREATE INDEX messages_unknown ON messages (workspace_id) WHERE status = 'unknown';

-- What a schedule measures, in all workspaces: two numbers. What is due and not on the queue is old; what nobody knows of
-- is counted, up to more than anybody looks through.
CREATE POLICY measured_by_functions ON outbox FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, kind, due_at, published_at) ON outbox TO huntaze_reader;
CREATE POLICY measured_by_functions ON messages FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, status) ON messages TO huntaze_reader;

CREATE FUNCTION delivery_gauges() RETURNS TABLE (outbox_age_seconds double precision, unknown_messages bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT
        coalesce(extract(epoch FROM clock_timestamp() - (
            SELECT min(due_at) FROM outbox WHERE published_at IS NULL AND due_at < clock_timestamp()
        )), 0)::double precision,
        (SELECT count(*) FROM (SELECT FROM messages WHERE status = 'unknown' LIMIT 10000) AS found);
END;
CALL run_as_reader('delivery_gauges()');
