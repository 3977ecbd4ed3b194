-- What reading the audit log takes: an index for each filter, and times that follow the chain.

-- A clock may step back; the log's does not. So a stretch of time is a stretch of positions.
CREATE OR REPLACE FUNCTION chain_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_heads;
BEGIN
    INSERT INTO audit_heads (workspace_id) VALUES (NEW.workspace_id) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM audit_heads WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    NEW.at := greatest(
        clock_timestamp(),
        (SELECT at FROM audit_log WHERE workspace_id = NEW.workspace_id AND position = head.position)
    );
    NEW.actor_id := current_actor();
    NEW.position := head.position + 1;
    NEW.prev_hash := head.hash;
    NEW.hash := audit_hash(NEW);
    UPDATE audit_heads SET position = NEW.position, hash = NEW.hash WHERE workspace_id = NEW.workspace_id;
    RETURN NEW;
END
$$;

CREATE INDEX audit_log_of_action ON audit_log (workspace_id, action, position DESC);
CREATE INDEX audit_log_by_time ON audit_log (workspace_id, at, position);
CREATE INDEX audit_log_of_kind ON audit_log (workspace_id, object_kind, position DESC);
