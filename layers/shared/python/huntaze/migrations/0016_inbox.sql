-- The inbox: lists of conversations, messages and drafts that come from indexes whatever is asked.

-- A platform with few conversations is not looked for among all of the others.
CREATE INDEX conversations_of_platform
    ON conversations (workspace_id, platform, archived, newest_key DESC, id DESC);

-- How many are unread is told from the index alone; the conversations of deleted fans do not count.
DROP INDEX conversations_unread;
CREATE INDEX conversations_unread ON conversations (workspace_id, newest_key DESC, id DESC)
    INCLUDE (unread_count, archived, fan_id) WHERE unread_count > 0;
CREATE INDEX fans_deleted ON fans (workspace_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- Across conversations. Most messages are received or sent; those in any other state are few among millions.
CREATE INDEX messages_newest ON messages (workspace_id, occurred_at DESC, id DESC);
CREATE INDEX messages_by_status ON messages (workspace_id, status, occurred_at DESC, id DESC)
    WHERE status NOT IN ('received', 'sent');

CREATE INDEX drafts_newest ON drafts (workspace_id, created_at DESC, id DESC);
DROP INDEX drafts_of_conversation;
CREATE INDEX drafts_of_conversation ON drafts (workspace_id, conversation_id, created_at DESC, id DESC);

-- What the machine itself wrote, also after a person has put it otherwise: so a message can tell whose words it is.
ALTER TABLE drafts ADD COLUMN ai_suggestion text CHECK (char_length(ai_suggestion) <= 5000);
GRANT UPDATE (ai_suggestion) ON drafts TO huntaze_app;

-- The inbox by part of a fan's name, handle or email, as one function, for the reasons of fans_matching: such a part is
-- found through an index only by a role whose policy has nothing to protect. It filters by the workspace of the
-- transaction itself and answers ids alone. Conversations of deleted fans are left out.
CREATE POLICY read_by_functions ON conversations FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, fan_id, platform, archived, unread_count, newest_key) ON conversations
    TO huntaze_reader;

-- Conditions that are NULL do not apply. A page begins after (after_key, after_id), the newest_key and id of the last
-- conversation shown, and holds page_size conversations, 101 at most.
CREATE FUNCTION conversations_matching(
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
    wanted  integer := least(page_size, 101);
    look_at integer := greatest(2000, 20 * wanted);
    page    uuid[];
    -- Only what was asked for becomes a condition, so each plan is made for its question. No value enters the text.
    theirs  text := 'SELECT id, fan_id, newest_key FROM conversations WHERE workspace_id = $1 AND archived = $4'
        || CASE WHEN on_platform IS NULL THEN '' ELSE ' AND platform = $3' END
        || CASE WHEN unread_only THEN ' AND unread_count > 0' ELSE '' END
        || CASE WHEN newest_from IS NULL THEN '' ELSE ' AND newest_key >= $5' END
        || CASE WHEN newest_to IS NULL THEN '' ELSE ' AND newest_key <= $6' END
        || CASE WHEN after_id IS NULL THEN '' ELSE ' AND (newest_key, id) < ($7::timestamptz, $8)' END;
    named   text := 'fans WHERE workspace_id = $1 AND deleted_at IS NULL AND search_text LIKE $2';
    -- OFFSET 0 keeps the planner to one look at one row for each row before: that is what a page of few needs, and
    -- what ends when the page is full.
    look    text := '(' || theirs || ' ORDER BY newest_key DESC, id DESC LIMIT %s) AS next'
        || ' CROSS JOIN LATERAL (SELECT FROM ' || named || ' AND fans.id = fan_id OFFSET 0) AS fan';
    -- As in fans_matching: look at what comes next; if that holds a quarter of a page, look eight times as far; and what
    -- is rarer than that is collected through the index of the fans.
    sources text[] := ARRAY[
        format(look, look_at),
        format(look, 8 * look_at),
        '(SELECT fans.id AS person FROM ' || named || ' OFFSET 0) AS collected'
            || ' CROSS JOIN LATERAL (' || theirs || ' AND fan_id = person OFFSET 0) AS conversation'
    ];
BEGIN
    FOR step IN 1 .. cardinality(sources) LOOP
        CONTINUE WHEN step = 2 AND coalesce(cardinality(page), 0) < wanted / 4;
        EXECUTE format(
            'SELECT array_agg(id) FROM (SELECT id FROM %s ORDER BY newest_key DESC, id DESC LIMIT $9) AS page',
            sources[step]
        ) INTO page USING
            current_workspace(), search_pattern(containing), on_platform, are_archived, newest_from, newest_to,
            after_key, after_id, wanted;
        EXIT WHEN cardinality(page) = wanted;
    END LOOP;
    RETURN QUERY SELECT id, ordinality FROM unnest(page) WITH ORDINALITY AS found (id, ordinality);
END
$$;

CALL run_as_reader(
    'conversations_matching(text, text, boolean, boolean, timestamptz, timestamptz, text, uuid, integer)'
);
