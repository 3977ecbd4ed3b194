-- The list of conversations by what its fans spent and are tagged with, and those that wait for an answer. Decision 24.

-- Whether the fan has the last word: kept beside the row, because a list of those who have it must come from an index.
ALTER TABLE conversations ADD COLUMN unanswered boolean NOT NULL DEFAULT false;
GRANT UPDATE (unanswered) ON conversations TO huntaze_app;
GRANT SELECT (unanswered) ON conversations TO huntaze_reader;

-- What was said before. Both tables are locked until the commit, so nobody sees them without their policies; a version of
-- a conversation that somebody holds stays the current one.
ALTER TABLE conversations NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER stamp_update;
ALTER TABLE messages NO FORCE ROW LEVEL SECURITY;
UPDATE conversations SET unanswered = true WHERE (
    SELECT direction FROM messages
    WHERE messages.workspace_id = conversations.workspace_id AND conversation_id = conversations.id
        AND status <> 'cancelled'
    ORDER BY occurred_at DESC, messages.id DESC LIMIT 1
) = 'in';
ALTER TABLE conversations FORCE ROW LEVEL SECURITY, ENABLE TRIGGER stamp_update;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;

CREATE INDEX conversations_unanswered ON conversations (workspace_id, archived, newest_key DESC, id DESC)
    WHERE unanswered;

-- conversations_matching, asked about fans: by part of a name, a tag, what they spent at least, or several of these at
-- once. Without any of them a list needs no function and is read as it is, so it has no way to answer that any more.
SET LOCAL ROLE huntaze_reader;
DROP FUNCTION conversations_matching(
    text, text, boolean, boolean, timestamptz, timestamptz, text, uuid, integer
);
SET LOCAL ROLE huntaze_owner;

-- Conditions that are NULL do not apply. A page begins after (after_key, after_id), the newest_key and id of the last
-- conversation shown, and holds page_size conversations, 101 at most.
CREATE FUNCTION conversations_matching(
    containing      text,
    tagged          text,
    min_value_cents bigint,
    on_platform     text,
    unread_only     boolean,
    unanswered_only boolean,
    are_archived    boolean,
    newest_from     timestamptz,
    newest_to       timestamptz,
    after_key       text,
    after_id        uuid,
    page_size       integer
)
RETURNS TABLE (conversation_id uuid, place bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
DECLARE
    wanted   integer := least(page_size, 101);
    look_at  integer := greatest(2000, 20 * wanted);
    page     uuid[];
    is_more  boolean;
    first    integer := 1;
    in_order text := ' ORDER BY newest_key DESC, id DESC';
    -- Only what was asked for becomes a condition, so each plan is made for its question. No value enters the text.
    named    text := fan_conditions(containing, NULL, tagged, min_value_cents, NULL);
    asked    text := ' FROM conversations WHERE workspace_id = $1 AND archived = $6'
        || CASE WHEN on_platform IS NULL THEN '' ELSE ' AND platform = $3' END
        || CASE WHEN unread_only THEN ' AND unread_count > 0' ELSE '' END
        || CASE WHEN unanswered_only THEN ' AND unanswered' ELSE '' END
        || CASE WHEN newest_from IS NULL THEN '' ELSE ' AND newest_key >= $7' END
        || CASE WHEN newest_to IS NULL THEN '' ELSE ' AND newest_key <= $8' END
        || CASE WHEN after_id IS NULL THEN '' ELSE ' AND (newest_key, id) < ($9::timestamptz, $10)' END;
    read     text := 'SELECT id, fan_id, newest_key' || asked;
    -- OFFSET 0 keeps the planner to one look at one row for each row before: that is what a page of few needs, and
    -- what stops when the page is full. Whoever is merged is hidden; then, and only then, the one who is shown for
    -- them is looked at.
    look     text := '(' || read || in_order || ' LIMIT %s) AS next CROSS JOIN LATERAL ('
        || 'SELECT FROM fans WHERE workspace_id = $1 AND fans.id = fan_id'
        || ' AND (deleted_at IS NULL' || named || ' OR EXISTS ('
        || 'SELECT FROM fans AS shown WHERE shown.workspace_id = $1 AND shown.id = fans.merged_into'
        || ' AND shown.deleted_at IS NULL' || named || ')) OFFSET 0) AS fan';
    -- As in fans_matching: look at what comes next; if that holds a quarter of a page, look eight times as far; and
    -- what is rarer than that is collected through the indexes of the fans, with those who were merged into them.
    sources  text[] := ARRAY[
        format(look, look_at),
        format(look, 8 * look_at),
        '(SELECT fans.id AS found FROM fans WHERE workspace_id = $1 AND deleted_at IS NULL' || named
            || ' OFFSET 0) AS collected CROSS JOIN LATERAL (SELECT found AS person UNION ALL SELECT fans.id FROM fans'
            || ' WHERE workspace_id = $1 AND merged_into = found) AS people'
            || ' CROSS JOIN LATERAL (' || read || ' AND fan_id = person OFFSET 0) AS theirs'
    ];
BEGIN
    IF named = '' THEN
        RAISE EXCEPTION 'nothing is asked about fans' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Whether few have a tag or spent so much is soon told by an index, unlike how many have part of a word in their names.
    -- What few have is collected at once.
    IF containing IS NULL THEN
        EXECUTE 'SELECT EXISTS (SELECT FROM fans WHERE workspace_id = $1 AND deleted_at IS NULL' || named
            || CASE WHEN tagged IS NULL THEN ' ORDER BY value_cents DESC, id DESC' ELSE '' END || ' OFFSET 10 * $11)'
            INTO is_more USING
            current_workspace(), NULL::text, on_platform, jsonb_build_array(tagged), min_value_cents,
            are_archived, newest_from, newest_to, after_key, after_id, wanted;
        first := CASE WHEN is_more THEN 1 ELSE 3 END;
    END IF;
    FOR step IN first .. cardinality(sources) LOOP
        CONTINUE WHEN step = 2 AND coalesce(cardinality(page), 0) < wanted / 4;
        EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM %s%s LIMIT $11) AS page', sources[step], in_order)
            INTO page USING
            current_workspace(), search_pattern(containing), on_platform, jsonb_build_array(tagged), min_value_cents,
            are_archived, newest_from, newest_to, after_key, after_id, wanted;
        EXIT WHEN cardinality(page) = wanted OR step = 3;
        -- Where nothing comes after what was looked at, there is nothing to collect: few are unread, many have a tag.
        EXECUTE format('SELECT EXISTS (SELECT%s%s OFFSET %s)', asked, in_order, look_at * CASE step WHEN 1 THEN 1 ELSE 8 END)
            INTO is_more USING
            current_workspace(), NULL::text, on_platform, NULL::jsonb, NULL::bigint,
            are_archived, newest_from, newest_to, after_key, after_id;
        EXIT WHEN NOT is_more;
    END LOOP;
    RETURN QUERY SELECT id, ordinality FROM unnest(page) WITH ORDINALITY AS found (id, ordinality);
END
$$;

CALL run_as_reader(
    'conversations_matching(text, text, bigint, text, boolean, boolean, boolean, timestamptz, timestamptz, text, uuid, integer)'
);
