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

-- Conversations of a merged fan belong to the fan who is shown: they stay in the inbox as long as that one is there, and
-- are found by that one's name. conversations_matching as it was, but for this. Only its owner may replace it.
GRANT SELECT (merged_into) ON fans TO huntaze_reader;
GRANT CREATE ON SCHEMA public TO huntaze_reader;
SET LOCAL ROLE huntaze_reader;

CREATE OR REPLACE FUNCTION conversations_matching(
    containing   text,
    on_platform  text,
    unread_only  boolean,
    are_archived boolean,
    newest_from  timestamptz,
    newest_to    timestamptz,
    after_key    text,
    after_id     uuid,
    page_size    integer
)
RETURNS TABLE (conversation_id uuid, place bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
DECLARE
    wanted    integer := least(page_size, 101);
    look_at   integer := greatest(2000, 20 * wanted);
    page      uuid[];
    in_order  text := 'newest_key DESC, id DESC';
    -- Only what was asked for becomes a condition, so each plan is made for its question. No value enters the text.
    asked     text := 'workspace_id = $1 AND archived = $4'
        || CASE WHEN on_platform IS NULL THEN '' ELSE ' AND platform = $3' END
        || CASE WHEN unread_only THEN ' AND unread_count > 0' ELSE '' END
        || CASE WHEN newest_from IS NULL THEN '' ELSE ' AND newest_key >= $5' END
        || CASE WHEN newest_to IS NULL THEN '' ELSE ' AND newest_key <= $6' END
        || CASE WHEN after_id IS NULL THEN '' ELSE ' AND (newest_key, id) < ($7::timestamptz, $8)' END;
    read      text := 'SELECT id, fan_id, newest_key FROM conversations WHERE ' || asked;
    -- OFFSET 0 keeps the planner to one look at one row for each row before: that is what a page of few needs, and
    -- what stops when the page is full.
    -- Whoever is merged is hidden; then, and only then, the one who is shown for them is looked at.
    with_fan  text := ' CROSS JOIN LATERAL (SELECT FROM fans WHERE workspace_id = $1 AND fans.id = fan_id'
        || ' AND (deleted_at IS NULL%1$s OR EXISTS (SELECT FROM fans AS shown WHERE shown.workspace_id = $1'
        || ' AND shown.id = fans.merged_into AND shown.deleted_at IS NULL%2$s)) OFFSET 0) AS fan';
    named     text := ' AND search_text LIKE $2';
    look      text := format('(%s ORDER BY %s LIMIT %%s) AS next', read, in_order)
        || format(with_fan, named, ' AND shown.search_text LIKE $2');
    sources   text[] := CASE
        WHEN containing IS NULL THEN ARRAY['conversations' || format(with_fan, '', '') || ' WHERE ' || asked]
        -- As in fans_matching: look at what comes next; if that holds a quarter of a page, look eight times as far; and
        -- what is rarer than that is collected through the index of the fans.
        ELSE ARRAY[
            format(look, look_at),
            format(look, 8 * look_at),
            '(SELECT fans.id AS found FROM fans WHERE workspace_id = $1 AND deleted_at IS NULL' || named
                || ' OFFSET 0) AS collected CROSS JOIN LATERAL (SELECT found AS person UNION ALL SELECT fans.id FROM fans'
                || ' WHERE workspace_id = $1 AND merged_into = found) AS people'
                || ' CROSS JOIN LATERAL (' || read || ' AND fan_id = person OFFSET 0) AS theirs'
        ]
    END;
BEGIN
    FOR step IN 1 .. cardinality(sources) LOOP
        CONTINUE WHEN step = 2 AND coalesce(cardinality(page), 0) < wanted / 4;
        EXECUTE format(
            'SELECT array_agg(id) FROM (SELECT id FROM %s ORDER BY %s LIMIT $9) AS page', sources[step], in_order
        ) INTO page USING
            current_workspace(), search_pattern(containing), on_platform, are_archived, newest_from, newest_to,
            after_key, after_id, wanted;
        EXIT WHEN cardinality(page) = wanted;
    END LOOP;
    RETURN QUERY SELECT id, ordinality FROM unnest(page) WITH ORDINALITY AS found (id, ordinality);
END
$$;

SET LOCAL ROLE huntaze_owner;
REVOKE CREATE ON SCHEMA public FROM huntaze_reader;
