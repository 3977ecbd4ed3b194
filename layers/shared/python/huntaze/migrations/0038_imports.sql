-- Imports: the plan of one is its rows, and what became of them. Decision 29 has the reasons.

-- Usernames know no case. Stored, because row-level security keeps conditions on lower(handle) away from indexes.
ALTER TABLE fans ADD COLUMN handle_key text COLLATE "C" GENERATED ALWAYS AS (lower(handle)) STORED;
CREATE INDEX fans_by_handle ON fans (workspace_id, handle_key) WHERE handle_key IS NOT NULL;
DROP INDEX fans_without_id;

ALTER TABLE imports
    -- Nobody has written these yet: a plan and its outcome have more to tell.
    DROP COLUMN total_rows, DROP COLUMN inserted_rows, DROP COLUMN updated_rows, DROP COLUMN skipped_rows,
    DROP COLUMN rejected_rows, DROP COLUMN last_error,
    DROP CONSTRAINT imports_status_check,
    ADD CONSTRAINT imports_status_check CHECK (status IN (
        'uploading', 'planning', 'mapping', 'planned', 'committing', 'committed', 'failed', 'undoing', 'undone'
    )),
    ADD COLUMN file_bytes   bigint CHECK (file_bytes >= 0),
    ADD COLUMN layout       jsonb CHECK (jsonb_typeof(layout) = 'object' AND octet_length(layout::text) <= 262144),
    ADD COLUMN plan         integer NOT NULL DEFAULT 0 CHECK (plan >= 0), -- how many dry runs there have been
    ADD COLUMN bytes_read   bigint NOT NULL DEFAULT 0 CHECK (bytes_read >= 0),
    ADD COLUMN last_row     integer NOT NULL DEFAULT 0 CHECK (last_row >= 0), -- the last one that the plan knows
    ADD COLUMN position     integer NOT NULL DEFAULT 0 CHECK (position >= 0), -- the last one committed, or undone
    ADD COLUMN planned      json_map NOT NULL DEFAULT '{}',
    ADD COLUMN done         json_map NOT NULL DEFAULT '{}',
    ADD COLUMN undone       json_map NOT NULL DEFAULT '{}',
    ADD COLUMN rejected_key text CHECK (char_length(rejected_key) BETWEEN 1 AND 1024),
    ADD COLUMN error        text CHECK (error ~ '^[a-z_]{1,50}$'),
    ADD COLUMN error_row    integer CHECK (error_row >= 0),
    ADD COLUMN error_column text CHECK (char_length(error_column) <= 300),
    ADD COLUMN forgotten_at timestamptz, -- since when neither its rows nor its files are kept
    ADD CONSTRAINT imports_planned CHECK (plan_hash IS NOT NULL OR status NOT IN (
        'planned', 'committing', 'committed', 'undoing', 'undone'
    )),
    ADD CONSTRAINT imports_committed CHECK (committed_at IS NOT NULL OR status NOT IN ('committed', 'undoing', 'undone')),
    ADD CONSTRAINT imports_undone CHECK ((undone_at IS NOT NULL) = (status = 'undone')),
    ADD CONSTRAINT imports_failed CHECK (status <> 'failed' OR error IS NOT NULL);
-- What the schedule looks for.
CREATE INDEX imports_at_work ON imports (updated_at) WHERE status IN ('planning', 'committing', 'undoing');
CREATE INDEX imports_uploading ON imports (created_at) WHERE status = 'uploading';
CREATE INDEX imports_kept ON imports (created_at) WHERE forgotten_at IS NULL;

-- An import goes one way. A dry run begins with a plan of its own; once planned, the plan stays what it is.
CREATE FUNCTION guard_import() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (
        (OLD.status IN ('uploading', 'mapping', 'planned', 'failed') AND NEW.status = 'planning')
        OR (OLD.status = 'planning' AND NEW.status IN ('mapping', 'planned'))
        OR (OLD.status IN ('uploading', 'planning', 'mapping', 'planned') AND NEW.status = 'failed')
        OR (OLD.status, NEW.status) IN (
            ('planned', 'committing'), ('committing', 'committed'), ('committed', 'undoing'), ('undoing', 'undone')
        )
    ) THEN
        RAISE EXCEPTION 'an import that is % does not become %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_in_order';
    END IF;
    IF (NEW.status = 'planning' AND OLD.status <> 'planning') <> (NEW.plan <> OLD.plan) OR NEW.plan NOT IN (
        OLD.plan, OLD.plan + 1
    ) THEN
        RAISE EXCEPTION 'each dry run is a plan of its own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_plan_of_its_own';
    END IF;
    IF OLD.status <> 'planning' AND NEW.status <> 'planning' AND (
        (NEW.plan_hash, NEW.last_row, NEW.planned, NEW.policy, NEW.platform)
            IS DISTINCT FROM (OLD.plan_hash, OLD.last_row, OLD.planned, OLD.policy, OLD.platform)
    ) OR NEW.created_at <> OLD.created_at THEN
        RAISE EXCEPTION 'a plan does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_plan_stays';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER imports_1_guard BEFORE UPDATE ON imports FOR EACH ROW EXECUTE FUNCTION guard_import();

-- One row for each row of the file. What it does is fixed while it is planned; later only what became of it is noted,
-- and that only where it was something else. It holds people, and goes after 30 days.
CREATE FUNCTION place_in_file(import_id uuid, plan integer, platform text, called text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(platform || ' ' || called, hashtextextended(import_id::text, plan));
GRANT EXECUTE ON FUNCTION place_in_file(uuid, integer, text, text) TO huntaze_app;

CREATE TABLE import_rows (
    workspace_id   uuid NOT NULL,
    import_id      uuid NOT NULL,
    plan           integer NOT NULL,
    number         integer NOT NULL CHECK (number > 0), -- in the file, from 1 after the header
    action         text NOT NULL CHECK (action IN ('create', 'update', 'skip', 'reject')),
    about          text CHECK (char_length(about) <= 300), -- the header of the column that the reason is about
    reason         text CHECK (reason ~ '^[a-z_]{1,50}$'),
    fan_id         uuid, -- whom it is about; of a fan who will be created, the id
    version        timestamptz, -- of the fan that it was compared with
    changes        text[], -- fields that an update will write
    before         json_map, -- what they hold until then
    platform       platform_name,
    platform_id    text CHECK (char_length(platform_id) BETWEEN 1 AND 200),
    handle         text CHECK (char_length(handle) BETWEEN 1 AND 200),
    name           text CHECK (char_length(name) BETWEEN 1 AND 200),
    email          text CHECK (char_length(email) BETWEEN 3 AND 320),
    tier           text CHECK (char_length(tier) BETWEEN 1 AND 200),
    spent_cents    cents,
    currency       currency_code,
    last_seen_at   timestamptz,
    tags           jsonb CHECK (coalesce(tags, '[]')::string_list IS NOT NULL), -- the domain takes no NULL
    do_not_contact boolean,
    cells          jsonb CHECK (jsonb_typeof(cells) = 'array'), -- of a rejected row, as it came
    -- Who that is on the platform: a file without ids takes the username for one.
    account        text COLLATE "C" GENERATED ALWAYS AS (coalesce(platform_id, lower(handle))) STORED,
    handle_key     text COLLATE "C" GENERATED ALWAYS AS (lower(handle)) STORED,
    -- By which the same fan is found further up in the file: one number each.
    account_place  bigint GENERATED ALWAYS AS (
                       place_in_file(import_id, plan, platform, coalesce(platform_id, lower(handle)))
                   ) STORED,
    handle_place   bigint GENERATED ALWAYS AS (place_in_file(import_id, plan, platform, lower(handle))) STORED,
    outcome        text CHECK (outcome IN ('since_added', 'since_changed', 'since_gone', 'since_edited')),
    version_left   timestamptz, -- of the fan, by the update
    PRIMARY KEY (workspace_id, import_id, plan, number),
    FOREIGN KEY (workspace_id, import_id) REFERENCES imports,
    CONSTRAINT import_rows_do_something CHECK (action IN ('skip', 'reject') OR (account IS NOT NULL AND fan_id IS NOT NULL)),
    CONSTRAINT import_rows_say_why CHECK (reason IS NOT NULL OR action IN ('create', 'update')),
    CONSTRAINT import_rows_of_a_version CHECK (
        action <> 'update' OR (version IS NOT NULL AND cardinality(changes) > 0 AND before IS NOT NULL)
    )
);
-- Who stands in the file already, by the account, by the username of one with an id, or as a fan; and what is held of
-- somebody. Then what people look at. None begins like the primary key: what is asked for by number is found by that.
CREATE INDEX import_rows_by_account ON import_rows (workspace_id, account_place) WHERE action <> 'reject';
CREATE INDEX import_rows_by_handle ON import_rows (workspace_id, handle_place)
    WHERE action <> 'reject' AND platform_id IS NOT NULL AND handle IS NOT NULL;
CREATE INDEX import_rows_of_fan ON import_rows (workspace_id, fan_id) WHERE fan_id IS NOT NULL;
CREATE INDEX import_rows_by_action ON import_rows (workspace_id, action, import_id, plan, number);
CREATE INDEX import_rows_otherwise ON import_rows (workspace_id, outcome, import_id, plan, number)
    WHERE outcome IS NOT NULL;
CALL keep_within_workspace('import_rows');
GRANT SELECT, INSERT, UPDATE (outcome, version_left, cells) ON import_rows TO huntaze_app;

CREATE FUNCTION check_planning() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT workspace_id, import_id, plan FROM new_rows) AS added
        WHERE NOT EXISTS (
            SELECT FROM imports
            WHERE imports.workspace_id = added.workspace_id AND imports.id = added.import_id
                AND imports.plan = added.plan AND imports.status = 'planning'
        )
    ) THEN
        RAISE EXCEPTION 'a plan does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_plan_stays';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER import_rows_1_planning AFTER INSERT ON import_rows
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_planning();

CREATE FUNCTION refuse_replanning() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a plan does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_plan_stays';
END
$$;
CREATE TRIGGER import_rows_2_stays BEFORE UPDATE ON import_rows FOR EACH ROW WHEN (
    (NEW.workspace_id, NEW.import_id, NEW.plan, NEW.number, NEW.action, NEW.about, NEW.reason, NEW.fan_id, NEW.version,
        NEW.changes, NEW.before, NEW.platform, NEW.platform_id, NEW.handle, NEW.name, NEW.email, NEW.tier,
        NEW.spent_cents, NEW.currency, NEW.last_seen_at, NEW.tags, NEW.do_not_contact)
    IS DISTINCT FROM
    (OLD.workspace_id, OLD.import_id, OLD.plan, OLD.number, OLD.action, OLD.about, OLD.reason, OLD.fan_id, OLD.version,
        OLD.changes, OLD.before, OLD.platform, OLD.platform_id, OLD.handle, OLD.name, OLD.email, OLD.tier,
        OLD.spent_cents, OLD.currency, OLD.last_seen_at, OLD.tags, OLD.do_not_contact)
    OR (OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome)
    OR (OLD.version_left IS NOT NULL AND NEW.version_left IS DISTINCT FROM OLD.version_left)
) EXECUTE FUNCTION refuse_replanning();

-- What a rejected row was in the file is added while it is planned, and taken away by an erasure.
CREATE FUNCTION check_cells() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.cells IS NOT NULL OR NEW.action <> 'reject' OR NOT EXISTS (
        SELECT FROM imports
        WHERE workspace_id = NEW.workspace_id AND id = NEW.import_id AND plan = NEW.plan AND status = 'planning'
    ) THEN
        RAISE EXCEPTION 'a plan does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_plan_stays';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER import_rows_3_cells BEFORE UPDATE OF cells ON import_rows
    FOR EACH ROW WHEN (NEW.cells IS NOT NULL AND NEW.cells IS DISTINCT FROM OLD.cells) EXECUTE FUNCTION check_cells();

-- What a person said of a header, for the next file that has it.
CREATE TABLE import_mappings (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    header       text NOT NULL CHECK (char_length(header) BETWEEN 1 AND 300), -- without case, accents and punctuation
    field        text NOT NULL CHECK (field ~ '^[A-Za-z]{1,50}$'),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, header)
);
CALL keep_within_workspace('import_mappings');
CALL stamp_updates('import_mappings');
GRANT SELECT, INSERT, UPDATE (field) ON import_mappings TO huntaze_app;

-- Whether anything hangs on a fan: said, written, paid, sent or merged.
CREATE FUNCTION stands_alone(fan uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT NOT (
        EXISTS (SELECT FROM conversations WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM messages WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM drafts WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM fan_notes WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM campaign_recipients WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM transactions WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM analytics_events WHERE workspace_id = current_workspace() AND fan_id = fan)
        OR EXISTS (SELECT FROM fan_merges WHERE workspace_id = current_workspace() AND kept_id = fan)
        OR EXISTS (SELECT FROM fan_merges WHERE workspace_id = current_workspace() AND merged_id = fan)
        OR EXISTS (SELECT FROM fans WHERE workspace_id = current_workspace() AND merged_into = fan)
        OR EXISTS (SELECT FROM erasures WHERE workspace_id = current_workspace() AND fan_id = fan)
    );
END;

-- The one way in which the application gets rid of fans who are not erased: those whom an import has created that is
-- being undone, in the workspace of the transaction, and who are as it left them. Runs as the owner of the tables, whom
-- row-level security binds like everybody. Updates are taken back by the same rule.
CREATE FUNCTION undo_import_rows(undone_import uuid, after_row integer, to_row integer)
RETURNS TABLE (removed bigint, restored bigint, kept bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here         uuid := current_workspace();
    of_plan      integer;
BEGIN
    SELECT plan INTO of_plan FROM imports
    WHERE workspace_id = here AND id = undone_import AND status = 'undoing' AND position = after_row FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only what is being undone is undone' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- Two steps: whoever is about to write to one of them holds the row, and what they did is seen by the next statement.
    PERFORM FROM fans
    WHERE workspace_id = here AND id IN (
        SELECT fan_id FROM import_rows
        WHERE workspace_id = here AND import_id = undone_import AND plan = of_plan
            AND number > after_row AND number <= to_row AND action IN ('create', 'update') AND outcome IS NULL
    )
    ORDER BY id FOR UPDATE;

    UPDATE import_rows AS r SET outcome = 'since_edited'
    WHERE workspace_id = here AND import_id = undone_import AND plan = of_plan
        AND number > after_row AND number <= to_row AND action IN ('create', 'update') AND outcome IS NULL
        AND NOT EXISTS (
            SELECT FROM fans AS f WHERE f.workspace_id = here AND f.id = r.fan_id AND CASE r.action
                WHEN 'create' THEN f.updated_at = f.created_at AND stands_alone(f.id)
                ELSE f.updated_at = r.version_left AND NOT (r.before ? 'userId' AND EXISTS (
                    -- The name that the fan had has gone to somebody else.
                    SELECT FROM fans AS o
                    WHERE o.workspace_id = here AND o.platform = f.platform AND o.platform_id = r.before ->> 'userId'
                ))
            END
        );
    GET DIAGNOSTICS kept = ROW_COUNT;

    DELETE FROM fans USING import_rows AS r
    WHERE fans.workspace_id = here AND r.workspace_id = here AND r.import_id = undone_import AND r.plan = of_plan
        AND r.number > after_row AND r.number <= to_row AND r.action = 'create' AND r.outcome IS NULL
        AND fans.id = r.fan_id;
    GET DIAGNOSTICS removed = ROW_COUNT;

    UPDATE fans AS f SET
        platform_id = CASE WHEN r.before ? 'userId' THEN r.before ->> 'userId' ELSE f.platform_id END,
        handle = CASE WHEN r.before ? 'username' THEN r.before ->> 'username' ELSE f.handle END,
        name = coalesce(r.before ->> 'name', f.name),
        email = CASE WHEN r.before ? 'email' THEN r.before ->> 'email' ELSE f.email END,
        metadata = CASE WHEN r.before ? 'tier' THEN f.metadata - 'subscriptionTier' || (r.before -> 'tier')
            ELSE f.metadata END,
        value_cents = coalesce((r.before #>> '{spent,cents}')::bigint, f.value_cents),
        currency = coalesce(r.before #>> '{spent,currency}', f.currency),
        valued_at = CASE WHEN r.before ? 'spent' THEN (r.before #>> '{spent,at}')::timestamptz ELSE f.valued_at END,
        last_seen_at = CASE WHEN r.before ? 'lastSeen' THEN (r.before ->> 'lastSeen')::timestamptz
            ELSE f.last_seen_at END,
        tags = coalesce(r.before -> 'tags', f.tags),
        do_not_contact = coalesce((r.before ->> 'doNotContact')::boolean, f.do_not_contact)
    FROM import_rows AS r
    WHERE f.workspace_id = here AND r.workspace_id = here AND r.import_id = undone_import AND r.plan = of_plan
        AND r.number > after_row AND r.number <= to_row AND r.action = 'update' AND r.outcome IS NULL
        AND f.id = r.fan_id;
    GET DIAGNOSTICS restored = ROW_COUNT;
    RETURN NEXT;
END
$$;

-- Rows that nobody needs any more: of earlier plans, of what failed, and of all of it after its time. As many as are
-- deleted quickly; how many there were.
CREATE FUNCTION forget_import_rows(old_import uuid, at_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here      uuid := current_workspace();
    forgotten bigint;
BEGIN
    DELETE FROM import_rows WHERE ctid IN (
        SELECT r.ctid FROM import_rows AS r
        JOIN imports AS i ON i.workspace_id = r.workspace_id AND i.id = r.import_id
        WHERE r.workspace_id = here AND r.import_id = old_import AND (
            r.plan < i.plan OR i.status = 'failed' OR (
                i.status IN ('committed', 'undone') AND i.committed_at < clock_timestamp() - interval '30 days'
            )
        )
        LIMIT at_most
    );
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$;
GRANT EXECUTE ON FUNCTION undo_import_rows(uuid, integer, integer), forget_import_rows(uuid, integer) TO huntaze_app;

-- A table that grows by a million rows in a minute is unknown to the planner until autovacuum comes by, and then some
-- index that begins with the workspace looks as good as the one that finds one row. So whoever fills it says so when it
-- has doubled. Nobody waits for that: who holds the table is about to do the same.
CREATE FUNCTION know_grown_tables() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
    grown regclass;
BEGIN
    FOR grown IN
        SELECT oid::regclass FROM pg_class
        WHERE oid IN ('fans'::regclass, 'import_rows'::regclass)
            AND pg_relation_size(oid) > 2 * greatest(relpages, 50) * 8192::bigint
    LOOP
        EXECUTE format('ANALYZE %s', grown);
    END LOOP;
EXCEPTION WHEN lock_not_available THEN
    NULL;
END
$$;
GRANT EXECUTE ON FUNCTION know_grown_tables() TO huntaze_app;

-- What a schedule looks for, in all workspaces: ids alone.
CREATE POLICY read_by_functions ON imports FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, status, created_at, updated_at, committed_at, forgotten_at) ON imports TO huntaze_reader;

CREATE FUNCTION imports_forgotten(quiet_since timestamptz, asked_after timestamptz, asked_before timestamptz, at_most integer)
RETURNS TABLE (workspace_id uuid, import_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    (
        SELECT i.workspace_id, i.id FROM imports AS i
        WHERE i.status IN ('planning', 'committing', 'undoing') AND i.updated_at < quiet_since
        ORDER BY i.updated_at LIMIT at_most
    )
    UNION ALL
    (
        SELECT i.workspace_id, i.id FROM imports AS i
        WHERE i.status = 'uploading' AND i.created_at > asked_after AND i.created_at < asked_before
        ORDER BY i.created_at LIMIT at_most
    );
END;

CREATE FUNCTION imports_over(uploads_before timestamptz, kept_before timestamptz, at_most integer)
RETURNS TABLE (workspace_id uuid, import_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    (
        SELECT i.workspace_id, i.id FROM imports AS i
        WHERE i.status = 'uploading' AND i.created_at < uploads_before ORDER BY i.created_at LIMIT at_most
    )
    UNION ALL
    (
        SELECT i.workspace_id, i.id FROM imports AS i
        WHERE i.forgotten_at IS NULL AND i.created_at < kept_before
            AND i.status IN ('mapping', 'planned', 'committed', 'failed', 'undone')
            AND coalesce(i.committed_at, i.updated_at) < kept_before
        ORDER BY i.created_at LIMIT at_most
    );
END;

CALL run_as_reader('imports_forgotten(timestamptz, timestamptz, timestamptz, integer)');
CALL run_as_reader('imports_over(timestamptz, timestamptz, integer)');

-- As in 0023, and: rows of imports that are about the person go, and all cells that may hold them. A file that is still
-- to be planned is gone, so that the import ends; what was planned goes on without these rows.
CREATE OR REPLACE FUNCTION erase_person(wanted_erasure uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here     uuid := current_workspace();
    shown    uuid; -- the fan who is shown for the person
    people   uuid[]; -- that one, and those merged into it
    words    jsonb;
    events   bigint;
    payments bigint;
    written  bigint;
    said     bigint;
    threads  bigint;
    noted    bigint;
BEGIN
    SELECT fan_id INTO shown FROM erasures
    WHERE workspace_id = here AND id = wanted_erasure AND erased_at IS NULL AND requested_by = current_actor()
        AND requested_by IN (
            SELECT id FROM members WHERE workspace_id = here AND status = 'active' AND role = 'owner'
        )
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an erasure is done once, for the owner who asks for it' USING ERRCODE = 'no_data_found';
    END IF;
    -- Two steps: whoever merged somebody meanwhile held this row, and what they did is seen by the next statement.
    PERFORM FROM fans WHERE workspace_id = here AND id = shown FOR UPDATE;
    people := ARRAY(
        SELECT id FROM fans WHERE workspace_id = here AND (id = shown OR merged_into = shown) ORDER BY id FOR UPDATE
    );
    -- What is on its way to the platform cannot be called back, and its answer needs its row.
    IF EXISTS (SELECT FROM messages WHERE workspace_id = here AND fan_id = ANY(people) AND status = 'sending')
        OR EXISTS (SELECT FROM fans WHERE workspace_id = here AND id = shown AND merged_into IS NOT NULL)
    THEN
        RAISE EXCEPTION 'something is under way with this fan' USING ERRCODE = 'object_in_use';
    END IF;
    words := words_naming(shown);

    DELETE FROM webhook_events WHERE workspace_id = here AND is_about(payload, words);
    GET DIAGNOSTICS events = ROW_COUNT;
    PERFORM forget_answers(words, people);

    -- Any file that was written or uploaded until now may hold the person, and so may what was asked for in words. What
    -- no row names any more is deleted from the bucket afterwards; whoever still reads or writes a file has lost it.
    DELETE FROM exports WHERE workspace_id = here;
    UPDATE imports SET
        file_name = NULL, object_key = NULL, rejected_key = NULL, mapping = '{}', layout = layout - 'sample',
        error = CASE WHEN status IN ('uploading', 'planning', 'mapping') THEN 'gone' ELSE error END,
        error_row = CASE WHEN status IN ('uploading', 'planning', 'mapping') THEN NULL ELSE error_row END,
        error_column = CASE WHEN status IN ('uploading', 'planning', 'mapping') THEN NULL ELSE error_column END,
        status = CASE WHEN status IN ('uploading', 'planning', 'mapping') THEN 'failed' ELSE status END
    WHERE workspace_id = here;
    DELETE FROM import_rows WHERE workspace_id = here AND (
        fan_id = ANY(people) OR words ?| ARRAY[lower(platform_id), lower(handle), lower(email), lower(name)]
    );
    UPDATE import_rows SET cells = NULL WHERE workspace_id = here AND cells IS NOT NULL;

    -- Payments and events stay, without what leads to the person: sums over days and years must not change.
    UPDATE transactions SET message_id = NULL
    WHERE workspace_id = here AND message_id IN (
        SELECT id FROM messages WHERE workspace_id = here AND fan_id = ANY(people)
    );
    UPDATE transactions SET platform_transaction_id = 'erased ' || id WHERE workspace_id = here AND fan_id = ANY(people);
    GET DIAGNOSTICS payments = ROW_COUNT;
    UPDATE analytics_events SET fan_id = NULL, details = '{}' WHERE workspace_id = here AND fan_id = ANY(people);

    DELETE FROM campaign_recipients WHERE workspace_id = here AND fan_id = ANY(people);
    DELETE FROM drafts WHERE workspace_id = here AND fan_id = ANY(people);
    GET DIAGNOSTICS written = ROW_COUNT;
    DELETE FROM messages WHERE workspace_id = here AND fan_id = ANY(people);
    GET DIAGNOSTICS said = ROW_COUNT;
    -- What belongs to a conversation goes with it, by its own foreign key.
    DELETE FROM conversations WHERE workspace_id = here AND fan_id = ANY(people);
    GET DIAGNOSTICS threads = ROW_COUNT;
    -- A campaign to nobody else is words to this person.
    DELETE FROM campaigns
    WHERE workspace_id = here AND target_audience -> 'recipientIds' <> '[]'
        AND target_audience -> 'recipientIds' <@ to_jsonb(people)
        AND NOT EXISTS (SELECT FROM campaign_recipients WHERE workspace_id = here AND campaign_id = campaigns.id)
        AND NOT EXISTS (SELECT FROM messages WHERE workspace_id = here AND campaign_id = campaigns.id);
    DELETE FROM fan_notes WHERE workspace_id = here AND fan_id = ANY(people);
    GET DIAGNOSTICS noted = ROW_COUNT;
    DELETE FROM fan_merges WHERE workspace_id = here AND (kept_id = ANY(people) OR merged_id = ANY(people));

    UPDATE fans SET
        name = 'Erased', platform_id = NULL, handle = NULL, email = NULL, phone = NULL, avatar = NULL, tags = '[]',
        subscription_status = 'unknown', last_seen_at = NULL, last_message_at = NULL, do_not_contact = true,
        notes = '', metadata = '{}', deleted_at = coalesce(deleted_at, clock_timestamp()), erased_at = clock_timestamp()
    WHERE workspace_id = here AND id = ANY(people);
    UPDATE erasures SET erased_at = clock_timestamp(), removed = jsonb_build_object(
        'fans', cardinality(people), 'notes', noted, 'conversations', threads, 'messages', said, 'drafts', written,
        'platformEvents', events, 'paymentsKept', payments
    )
    WHERE workspace_id = here AND id = wanted_erasure;
END
$$;
