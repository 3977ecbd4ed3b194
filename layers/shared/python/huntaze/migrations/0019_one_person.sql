-- Two fans that are one person, and people who must not be contacted. Decision 15 has the reasons.

-- A merge moves nothing: messages stay with the fan that they were approved for. The merged fan's row stays, hidden like
-- a deleted one, and points at the fan who is shown. It always points at that one directly, however many merges led
-- there, so that whatever hangs on one person is found in one step.
ALTER TABLE fans
    ADD COLUMN merged_into uuid,
    ADD FOREIGN KEY (workspace_id, merged_into) REFERENCES fans,
    ADD CONSTRAINT fans_merged CHECK (merged_into IS NULL OR (merged_into <> id AND deleted_at IS NOT NULL));
CREATE INDEX fans_merged_into ON fans (workspace_id, merged_into) WHERE merged_into IS NOT NULL;

-- Everybody who is shown as this fan: the fan, and those merged into it. Plain SQL: the planner inlines it.
CREATE FUNCTION same_person(shown_id uuid) RETURNS TABLE (fan_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
    SELECT shown_id
    UNION ALL
    SELECT fans.id FROM fans WHERE fans.workspace_id = current_workspace() AND fans.merged_into = shown_id;
END;
GRANT EXECUTE ON FUNCTION same_person(uuid) TO huntaze_app;

-- Nobody is merged into who is merged, and nobody is merged whom others still point at: no chains, no circles. The row
-- pointed at is locked, so that two merges in both directions meet here, one of them in vain.
CREATE FUNCTION guard_merge() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM fans WHERE workspace_id = NEW.workspace_id AND id = NEW.merged_into AND merged_into IS NULL FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT FROM fans WHERE workspace_id = NEW.workspace_id AND merged_into = NEW.id) THEN
        RAISE EXCEPTION 'a fan is merged into one that is shown'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fans_merged_once';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER fans_1_merge AFTER INSERT OR UPDATE OF merged_into ON fans
    FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION guard_merge();

-- What a merge gave to the kept fan, so that the reversal takes back this and nothing else. It holds no value of a
-- person's: a field that was empty took the merged fan's, whose row still has it.
CREATE TABLE fan_merges (
    workspace_id   uuid NOT NULL,
    id             uuid NOT NULL,
    kept_id        uuid NOT NULL, -- as people chose; the fan who is shown may be another one by now
    merged_id      uuid NOT NULL,
    merged_by      uuid NOT NULL,
    tags           string_list NOT NULL DEFAULT '[]',
    value_cents    cents NOT NULL DEFAULT 0,
    currency       currency_code NOT NULL,
    filled         string_list NOT NULL DEFAULT '[]', -- names of columns
    seen_before    timestamptz,
    seen_given     timestamptz, -- NULL: last_seen_at stayed
    message_before timestamptz,
    message_given  timestamptz,
    merged_at      timestamptz NOT NULL DEFAULT now(),
    undone_at      timestamptz,
    undone_by      uuid,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, kept_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, merged_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, merged_by) REFERENCES members,
    FOREIGN KEY (workspace_id, undone_by) REFERENCES members,
    CONSTRAINT fan_merges_of_two CHECK (kept_id <> merged_id),
    CONSTRAINT fan_merges_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CONSTRAINT fan_merges_seen CHECK (seen_given IS NOT NULL OR seen_before IS NULL),
    CONSTRAINT fan_merges_message CHECK (message_given IS NOT NULL OR message_before IS NULL)
);
CREATE UNIQUE INDEX fan_merges_once ON fan_merges (workspace_id, merged_id) WHERE undone_at IS NULL;
CREATE INDEX fan_merges_of_merged ON fan_merges (workspace_id, merged_id);
CREATE INDEX fan_merges_of_kept ON fan_merges (workspace_id, kept_id, merged_at);
CREATE INDEX fan_merges_newest ON fan_merges (workspace_id, merged_at DESC, id DESC) WHERE undone_at IS NULL;
CALL keep_within_workspace('fan_merges');
GRANT SELECT, INSERT ON fan_merges TO huntaze_app;
GRANT UPDATE (tags, filled, seen_before, seen_given, message_before, message_given, undone_at, undone_by) ON fan_merges
    TO huntaze_app;

-- No message of ours waits for somebody who must not be contacted. The fan's row is locked until the message commits:
-- whoever sets the flag meanwhile waits, and then finds the message to cancel. Asked only when a message begins to wait,
-- because a lock that is taken while the message's own row is held could meet one that cancels.
CREATE FUNCTION check_wanted() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    shown    uuid := (SELECT merged_into FROM fans WHERE workspace_id = NEW.workspace_id AND id = NEW.fan_id);
    merged   uuid;
    unwanted boolean := false;
BEGIN
    -- The fan who is shown first, as everybody locks them who merges or undoes.
    SELECT do_not_contact INTO unwanted FROM fans
    WHERE workspace_id = NEW.workspace_id AND id = shown FOR NO KEY UPDATE;
    SELECT do_not_contact OR coalesce(unwanted, false), merged_into INTO unwanted, merged FROM fans
    WHERE workspace_id = NEW.workspace_id AND id = NEW.fan_id FOR NO KEY UPDATE;
    IF merged IS DISTINCT FROM shown THEN -- merged while we waited
        SELECT do_not_contact OR unwanted INTO unwanted FROM fans
        WHERE workspace_id = NEW.workspace_id AND id = coalesce(merged, NEW.fan_id) FOR NO KEY UPDATE;
    END IF;
    IF unwanted THEN
        RAISE EXCEPTION 'this fan must not be contacted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_wanted';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_4_wanted_on_insert AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.status = 'queued') EXECUTE FUNCTION check_wanted();
CREATE TRIGGER messages_4_wanted_on_update AFTER UPDATE OF status ON messages
    FOR EACH ROW WHEN (NEW.status = 'queued' AND OLD.status <> 'queued') EXECUTE FUNCTION check_wanted();

-- Saying that somebody must not be contacted, or merging a fan into such a one, withdraws what waits for them, whichever
-- of their fans it was written to, and takes them out of campaigns under way. Drafts stay: they go nowhere by themselves.
CREATE FUNCTION withdraw_unwanted() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    shown    uuid := coalesce(NEW.merged_into, NEW.id);
    unwanted uuid[] := ARRAY(SELECT fan_id FROM same_person(shown));
BEGIN
    IF NOT (SELECT do_not_contact FROM fans WHERE workspace_id = NEW.workspace_id AND id = shown) THEN
        RETURN NULL;
    END IF;
    WITH withdrawn AS (
        UPDATE messages SET status = 'cancelled', last_error = 'do_not_contact'
        WHERE workspace_id = NEW.workspace_id AND fan_id = ANY(unwanted) AND status = 'queued'
        RETURNING id
    )
    UPDATE campaign_recipients SET status = 'cancelled', reason = 'do_not_contact'
    FROM withdrawn
    WHERE workspace_id = NEW.workspace_id AND message_id = withdrawn.id;
    UPDATE campaign_recipients SET status = 'skipped', reason = 'do_not_contact'
    WHERE workspace_id = NEW.workspace_id AND fan_id = ANY(unwanted) AND status = 'pending';
    RETURN NULL;
END
$$;
CREATE TRIGGER fans_2_unwanted AFTER UPDATE OF do_not_contact, merged_into ON fans
    FOR EACH ROW WHEN (
        (NEW.do_not_contact AND NOT OLD.do_not_contact)
        OR (NEW.merged_into IS NOT NULL AND NEW.merged_into IS DISTINCT FROM OLD.merged_into)
    ) EXECUTE FUNCTION withdraw_unwanted();

-- Who may be contacted again may be so under every name; a flag on a hidden row could be seen by nobody.
CREATE FUNCTION allow_merged() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE fans SET do_not_contact = false
    WHERE workspace_id = NEW.workspace_id AND merged_into = NEW.id AND do_not_contact;
    RETURN NULL;
END
$$;
CREATE TRIGGER fans_3_wanted AFTER UPDATE OF do_not_contact ON fans
    FOR EACH ROW WHEN (OLD.do_not_contact AND NOT NEW.do_not_contact) EXECUTE FUNCTION allow_merged();
