-- What the routes of messages on their way ask, each from an index of its own, however many messages there were.

-- How many were queued since midnight, and how many came to an end: counted in the index alone.
CREATE INDEX message_transitions_queued ON message_transitions (workspace_id, at)
    WHERE to_status = 'queued' AND from_status IS NULL;
CREATE INDEX message_transitions_ended ON message_transitions (workspace_id, at) INCLUDE (from_status, to_status)
    WHERE to_status IN ('sent', 'failed', 'unknown');

-- What a schedule measures, in all workspaces: two numbers. A permit that has not fired long after its slot tells that
-- nobody takes permits, or makes those that are missing. Messages that nobody knows of are counted, up to more than
-- anybody looks through.
CREATE INDEX outbox_permits_due ON outbox (due_at) WHERE kind = 'permit';
GRANT SELECT (due_at) ON outbox TO huntaze_reader;

CREATE FUNCTION outbox_age_seconds() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT coalesce(greatest(extract(epoch FROM clock_timestamp() - min(outbox.due_at)), 0), 0)::double precision
    FROM outbox WHERE outbox.kind = 'permit';
END;

CREATE FUNCTION unknown_messages() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT count(*) FROM (SELECT FROM messages WHERE messages.status = 'unknown' LIMIT 10000) AS found;
END;

CALL run_as_reader('outbox_age_seconds()');
CALL run_as_reader('unknown_messages()');
