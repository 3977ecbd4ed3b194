-- What platforms tell by themselves: kept once, done once, and emptied as soon as it is done. Decision 21 has the reasons.

-- Whose connection it is, for a request that only names it. The id of one workspace's connection is nobody else's.
DROP POLICY IF EXISTS read_by_functions ON platform_connections;
CREATE POLICY read_by_functions ON platform_connections FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, platform, status) ON platform_connections TO huntaze_reader;
CREATE INDEX IF NOT EXISTS platform_connections_by_id ON platform_connections (id);

CREATE FUNCTION workspace_of_connection(connection_id uuid, on_platform text) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT c.workspace_id FROM platform_connections AS c
    WHERE c.id = connection_id AND c.platform = on_platform AND c.status <> 'revoked';
END;

-- A message may be longer than what other JSON columns take, so the payload has a bound of its own. `id` is our name for
-- the event: the sender's own is theirs to choose, and queues hold no words of others.
ALTER TABLE webhook_events
    ALTER COLUMN payload TYPE jsonb,
    ADD CONSTRAINT webhook_events_payload
        CHECK (jsonb_typeof(payload) = 'object' AND octet_length(payload::text) <= 1048576),
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN outcome text CHECK (outcome IN (
        'done',         -- it is written down
        'known',        -- it was written down before, by another event
        'dropped',      -- it is about a person who was erased
        'unknown_type', -- kept for a while: a later version may know it
        'malformed',    -- it does not say what its type must say; last_error names the field
        'failed'        -- it could not be done for as long as words are kept
    )),
    ADD COLUMN tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0), -- that ended in an error of ours
    ADD COLUMN emptied_at timestamptz, -- since when nobody's words are in it
    ADD CONSTRAINT webhook_events_ended CHECK ((processed_at IS NULL) = (outcome IS NULL)),
    ADD CONSTRAINT webhook_events_empty CHECK (emptied_at IS NULL OR payload = '{}'),
    ADD CONSTRAINT webhook_events_of_ours UNIQUE (workspace_id, id);
CREATE INDEX webhook_events_with_words ON webhook_events (received_at) WHERE emptied_at IS NULL;
GRANT UPDATE (payload, outcome, tries, emptied_at) ON webhook_events TO huntaze_app;

-- What somebody else signed is never changed, and what was done is not done again.
CREATE FUNCTION guard_webhook_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.payload <> OLD.payload AND NEW.emptied_at IS NULL THEN
        RAISE EXCEPTION 'what a platform told is only ever emptied'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'webhook_events_emptied';
    END IF;
    IF OLD.processed_at IS NOT NULL
        AND (NEW.processed_at, NEW.outcome) IS DISTINCT FROM (OLD.processed_at, OLD.outcome)
    THEN
        RAISE EXCEPTION 'an event is done once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'webhook_events_once';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER webhook_events_1_guard BEFORE UPDATE ON webhook_events
    FOR EACH ROW EXECUTE FUNCTION guard_webhook_event();

-- What a schedule looks for, in all workspaces: ids alone.
CREATE POLICY read_by_functions ON webhook_events FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, connection_id, received_at, processed_at, tries, emptied_at) ON webhook_events
    TO huntaze_reader;

CREATE FUNCTION webhook_events_forgotten(received_before timestamptz, most_tries integer, at_most integer)
RETURNS TABLE (workspace_id uuid, connection_id uuid, event_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT e.workspace_id, e.connection_id, e.id FROM webhook_events AS e
    WHERE e.processed_at IS NULL AND e.received_at < received_before AND e.tries < most_tries
    ORDER BY e.received_at LIMIT at_most;
END;

CREATE FUNCTION workspaces_with_old_words(received_before timestamptz, at_most integer)
RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT DISTINCT e.workspace_id FROM webhook_events AS e
    WHERE e.emptied_at IS NULL AND e.received_at < received_before LIMIT at_most;
END;

CALL run_as_reader('workspace_of_connection(uuid, text)');
CALL run_as_reader('webhook_events_forgotten(timestamptz, integer, integer)');
CALL run_as_reader('workspaces_with_old_words(timestamptz, integer)');
