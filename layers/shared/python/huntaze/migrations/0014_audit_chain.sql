-- The audit log becomes a chain: each entry carries a hash over itself and the hash of the one before it, so that an
-- entry that was changed, taken out, put in or moved is found. Decision 10 says what a chain proves and what it does not.

-- The end of each workspace's chain. Whoever adds an entry locks it, so that no two entries follow the same one; and
-- entries cut off the end are missed, because it still names the last of them.
CREATE TABLE audit_heads (
    workspace_id uuid PRIMARY KEY REFERENCES workspaces,
    position     bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    hash         sha256_hash,
    CONSTRAINT audit_heads_first CHECK ((position = 0) = (hash IS NULL))
);
CALL keep_within_workspace('audit_heads');
GRANT SELECT ON audit_heads TO huntaze_app;

-- The text of a jsonb array has one form for one value, so fields cannot run into each other. The time is hashed as a
-- number: as text it would depend on the session.
CREATE FUNCTION audit_hash(entry audit_log) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(coalesce(entry.prev_hash, ''::bytea) || convert_to(jsonb_build_array(
    entry.workspace_id, entry.id, entry.position, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.actor_id,
    entry.action, entry.object_kind, entry.object_id, entry.details
)::text, 'UTF8'));
GRANT EXECUTE ON FUNCTION audit_hash(audit_log) TO huntaze_app;

-- Runs as the owner, who is bound to the workspace like everybody: the application cannot write the end of a chain.
-- Who acts is what the transaction says, so nobody writes an entry in somebody else's name.
CREATE FUNCTION chain_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_heads;
BEGIN
    INSERT INTO audit_heads (workspace_id) VALUES (NEW.workspace_id) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM audit_heads WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    NEW.at := clock_timestamp();
    NEW.actor_id := current_actor();
    NEW.position := head.position + 1;
    NEW.prev_hash := head.hash;
    NEW.hash := audit_hash(NEW);
    UPDATE audit_heads SET position = NEW.position, hash = NEW.hash WHERE workspace_id = NEW.workspace_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit();

ALTER TABLE audit_log
    DROP CONSTRAINT audit_log_chain,
    ALTER COLUMN position SET NOT NULL,
    ALTER COLUMN hash SET NOT NULL;
REVOKE INSERT (actor_id) ON audit_log FROM huntaze_app;

-- Newest first and one behind the other: the position orders both, and says it once.
DROP INDEX audit_log_unforked;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_unforked UNIQUE (workspace_id, position);
DROP INDEX audit_log_newest;
DROP INDEX audit_log_of_object;
CREATE INDEX audit_log_of_object ON audit_log (workspace_id, object_id, position DESC) WHERE object_id IS NOT NULL;
CREATE INDEX audit_log_of_actor ON audit_log (workspace_id, actor_id, position DESC);
