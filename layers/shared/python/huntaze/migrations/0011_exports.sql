-- Exports: what somebody asked to take along, and the file that came of it. The file lies in the bucket, not here.

CREATE TABLE exports (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    id            uuid NOT NULL,
    requested_by  uuid NOT NULL,
    filters       json_map NOT NULL DEFAULT '{}', -- as they stand in the address of the table
    sort          text NOT NULL CHECK (sort IN ('lastSeenAt', 'valueCents', 'createdAt', 'name')),
    expected_rows bigint CHECK (expected_rows >= 0), -- what the page counted; NULL when it did not
    status        text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'writing', 'ready', 'failed')),
    claim_id      uuid, -- the worker that may finish it
    lease_until   timestamptz, -- until then that worker counts as alive
    rows          bigint NOT NULL DEFAULT 0 CHECK (rows >= 0),
    bytes         bigint CHECK (bytes >= 0),
    object_key    text CHECK (char_length(object_key) BETWEEN 1 AND 1024),
    error         text CHECK (char_length(error) BETWEEN 1 AND 500), -- for the person who waits
    expires_at    timestamptz NOT NULL DEFAULT now() + interval '7 days',
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, requested_by) REFERENCES members,
    CONSTRAINT exports_claimed CHECK (
        (claim_id IS NULL) = (lease_until IS NULL) AND (status NOT IN ('writing', 'ready') OR claim_id IS NOT NULL)
    ),
    CONSTRAINT exports_file CHECK (
        (status = 'ready') = (object_key IS NOT NULL) AND (status = 'ready') = (bytes IS NOT NULL)
    ),
    CONSTRAINT exports_reason CHECK ((status = 'failed') = (error IS NOT NULL))
);
CREATE INDEX exports_newest ON exports (workspace_id, requested_by, created_at DESC, id DESC);
CREATE INDEX exports_expired ON exports (workspace_id, expires_at);

CREATE FUNCTION guard_export() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (CASE
        WHEN TG_OP = 'INSERT' THEN NEW.status = 'requested'
        WHEN OLD.status = 'requested' THEN NEW.status IN ('writing', 'failed')
        WHEN OLD.status = 'writing' THEN NEW.status IN ('writing', 'ready', 'failed')
        ELSE false -- a file that somebody may hold a link to stays the file; what failed stays failed
    END) THEN
        RAISE EXCEPTION 'an export cannot become %', NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'exports_transition';
    END IF;
    -- Whoever was displaced by another worker may not finish.
    IF TG_OP = 'UPDATE' AND NEW.status = 'ready' AND NEW.claim_id <> OLD.claim_id THEN
        RAISE EXCEPTION 'an export is finished by the worker that holds it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'exports_holder';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER exports_1_guard BEFORE INSERT OR UPDATE ON exports FOR EACH ROW EXECUTE FUNCTION guard_export();

CALL keep_within_workspace('exports');
CALL stamp_updates('exports');
-- What was asked never changes. Rows go when their files have: filters may hold a fan's name.
GRANT SELECT, INSERT, DELETE ON exports TO huntaze_app;
GRANT UPDATE (status, claim_id, lease_until, rows, bytes, object_key, error) ON exports TO huntaze_app;
