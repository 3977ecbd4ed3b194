-- Forgetting a person for good. Decision 16 has the reasons; docs/privacy.md lists what is held and how it goes.

ALTER TABLE fans
    ADD COLUMN erased_at timestamptz,
    -- What is left is a stub: payments hang on it, so that sums stay true.
    ADD CONSTRAINT fans_erased CHECK (erased_at IS NULL OR (
        deleted_at IS NOT NULL AND do_not_contact AND name = 'Erased' AND tags = '[]' AND notes = '' AND metadata = '{}'
        AND coalesce(platform_id, handle, email, phone, avatar) IS NULL
    ));

-- Who was deleted and can still be restored, the last first.
CREATE INDEX fans_restorable ON fans (workspace_id, deleted_at DESC, id DESC)
    WHERE deleted_at IS NOT NULL AND merged_into IS NULL AND erased_at IS NULL;

-- One row per person who asked to be forgotten: when, by whom it was done, and how far it is. The rows of the database
-- go at once, in one transaction; files follow, and last those that somebody was still writing.
CREATE TABLE erasures (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    fan_id       uuid NOT NULL, -- the stub
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    removed      json_map NOT NULL DEFAULT '{}', -- how many rows of what: numbers alone
    erased_at    timestamptz, -- nothing is left in the database
    swept_at     timestamptz, -- nothing that was there then is left in the bucket
    done_at      timestamptz, -- and nobody can still be writing such a file
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT erasures_once UNIQUE (workspace_id, fan_id),
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, requested_by) REFERENCES members,
    CONSTRAINT erasures_in_order CHECK (
        (swept_at IS NULL OR erased_at IS NOT NULL) AND (done_at IS NULL OR swept_at IS NOT NULL)
    )
);
CREATE INDEX erasures_newest ON erasures (workspace_id, requested_at DESC, id DESC);
CREATE INDEX erasures_unfinished ON erasures (requested_at) WHERE done_at IS NULL;
CALL keep_within_workspace('erasures');
GRANT SELECT, INSERT (workspace_id, id, fan_id, requested_by, requested_at), UPDATE (swept_at, done_at) ON erasures
    TO huntaze_app;

-- What is remembered of who was erased: keyed hashes of what would name them, which nobody can read back. They keep an
-- import or the platform's own data from bringing the person back. The key is not in this database.
CREATE TABLE tombstones (
    workspace_id uuid NOT NULL,
    hash         sha256_hash NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('account', 'email')),
    erasure_id   uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id, erasure_id) REFERENCES erasures
);
CREATE INDEX tombstones_of_erasure ON tombstones (workspace_id, erasure_id);
CALL keep_within_workspace('tombstones');
GRANT SELECT, INSERT ON tombstones TO huntaze_app;

-- What names this person, in small letters, as the keys of an object: events and kept answers are looked through for it.
-- A name counts only while nobody else is called so.
CREATE FUNCTION words_naming(shown_id uuid) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH people AS (
        SELECT fans.* FROM fans
        WHERE workspace_id = current_workspace() AND id IN (SELECT fan_id FROM same_person(shown_id))
    ), threads AS (
        SELECT id, platform_conversation_id FROM conversations
        WHERE workspace_id = current_workspace() AND fan_id IN (SELECT id FROM people)
    ), words (word) AS (
        SELECT unnest(ARRAY[id::text, platform_id, handle, '@' || handle, email, phone, avatar]) FROM people
        UNION ALL SELECT unnest(ARRAY[id::text, platform_conversation_id]) FROM threads
        UNION ALL SELECT platform_message_id FROM messages
        WHERE workspace_id = current_workspace() AND fan_id IN (SELECT id FROM people)
        UNION ALL SELECT platform_transaction_id FROM transactions
        WHERE workspace_id = current_workspace() AND fan_id IN (SELECT id FROM people)
        UNION ALL SELECT name FROM people
        WHERE NOT EXISTS (
            SELECT FROM fans
            WHERE fans.workspace_id = current_workspace() AND fans.name_key = people.name_key
                AND fans.deleted_at IS NULL AND fans.id NOT IN (SELECT id FROM people)
        )
    )
    SELECT coalesce(jsonb_object_agg(lower(word), true), '{}') FROM words WHERE char_length(word) > 1;
END;

-- Whether one of these words is a whole value somewhere in it. Part of a longer text does not count: another fan's
-- message that says "robin" is not about Robin.
CREATE FUNCTION is_about(payload jsonb, words jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN EXISTS (
    SELECT FROM jsonb_path_query(payload, 'strict $.** ? (@.type() == "string" || @.type() == "number")') AS value
    WHERE words ? lower(value #>> '{}')
);
GRANT EXECUTE ON FUNCTION words_naming(uuid), is_about(jsonb, jsonb) TO huntaze_app;

-- Kept answers that name the person. One that is forgotten costs a repeated request its protection, so no other goes.
CREATE FUNCTION forget_answers(words jsonb, people uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kept  record;
    named boolean;
BEGIN
    FOR kept IN
        SELECT subject, key, convert_from(body, 'UTF8') AS text, headers FROM idempotency_keys
        WHERE workspace_id = current_workspace() AND body IS NOT NULL
    LOOP
        -- Statements of their own: within one, what is no JSON might be read as JSON before it is asked whether it is.
        IF kept.text IS JSON THEN
            named := is_about(kept.text::jsonb, words);
        ELSE
            named := words ? lower(kept.text);
        END IF;
        IF named OR EXISTS (SELECT FROM unnest(people) AS one WHERE strpos(kept.headers::text, one::text) > 0) THEN
            DELETE FROM idempotency_keys
            WHERE workspace_id = current_workspace() AND subject = kept.subject AND key = kept.key;
        END IF;
    END LOOP;
END
$$;

-- The one way in which the application gets rid of messages: a whole person, within the workspace of the transaction,
-- once, for an erasure that an owner asks for in this very transaction. It runs as the owner of the tables, whom
-- row-level security binds like everybody.
CREATE FUNCTION erase_person(wanted_erasure uuid) RETURNS void
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
        file_name = NULL, object_key = NULL, mapping = '{}', last_error = NULL,
        status = CASE WHEN status IN ('committed', 'undone') THEN status ELSE 'failed' END
    WHERE workspace_id = here;

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

GRANT EXECUTE ON FUNCTION erase_person(uuid) TO huntaze_app;

-- What a schedule looks for, in all workspaces: ids alone.
CREATE POLICY read_by_functions ON erasures FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, requested_at, erased_at, done_at) ON erasures TO huntaze_reader;
CREATE POLICY read_by_functions ON exports FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, status, created_at) ON exports TO huntaze_reader;

CREATE FUNCTION erasures_to_finish(at_most integer) RETURNS TABLE (workspace_id uuid, erasure_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT erasures.workspace_id, erasures.id FROM erasures
    WHERE erasures.done_at IS NULL AND erasures.erased_at IS NOT NULL ORDER BY erasures.requested_at LIMIT at_most;
END;

CREATE INDEX exports_not_begun ON exports (created_at) WHERE status = 'requested';
CREATE FUNCTION exports_forgotten(asked_after timestamptz, asked_before timestamptz, at_most integer)
RETURNS TABLE (workspace_id uuid, export_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT exports.workspace_id, exports.id FROM exports
    WHERE exports.status = 'requested' AND exports.created_at > asked_after AND exports.created_at < asked_before
    ORDER BY exports.created_at LIMIT at_most;
END;

CALL run_as_reader('erasures_to_finish(integer)');
CALL run_as_reader('exports_forgotten(timestamptz, timestamptz, integer)');
