-- The list of fans, as one function.
--
-- Row-level security keeps LIKE and @> away from indexes, because they are not leakproof: 95 ms instead of 2 where it
-- matters. This function runs as huntaze_reader, whose policy has no condition to protect, and filters by the workspace
-- of the transaction itself. It answers ids alone: the caller reads the rows under row-level security, so a mistake
-- here could show an order, never a row of another workspace.

CREATE POLICY read_by_functions ON fans FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (
    workspace_id, id, platform, tags, value_cents, created_at, deleted_at, name_key, seen_key, search_text
) ON fans TO huntaze_reader;

-- Conditions that are NULL do not apply. A page begins after (after_key, after_id), the sort key and id of the last fan
-- shown, as text: seen_key, value_cents, created_at or name_key. It holds page_size fans, 101 at most: a page of 100,
-- and one more that tells whether there is a next page.
CREATE FUNCTION fans_matching(
    containing      text,
    on_platform     text,
    tagged          text,
    min_value_cents bigint,
    seen_after      timestamptz,
    sort_by         text,
    after_key       text,
    after_id        uuid,
    page_size       integer
)
RETURNS TABLE (fan_id uuid, place bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted    integer := least(page_size, 101);
    page      uuid[];
    source    text;
    sort_key  text := CASE sort_by
        WHEN 'lastSeenAt' THEN 'seen_key' WHEN 'valueCents' THEN 'value_cents'
        WHEN 'createdAt' THEN 'created_at' WHEN 'name' THEN 'name_key'
    END;
    in_order  text := sort_key || CASE sort_by WHEN 'name' THEN ', id' ELSE ' DESC, id DESC' END;
    -- Only what was asked for becomes a condition, so each plan is made for its question. No value enters the text.
    following text := 'workspace_id = $1 AND deleted_at IS NULL' || CASE
        WHEN after_id IS NULL THEN ''
        WHEN sort_by = 'name' THEN ' AND (name_key, id) > ($7, $8)'
        WHEN sort_by = 'valueCents' THEN ' AND (value_cents, id) < ($7::bigint, $8)'
        ELSE format(' AND (%s, id) < ($7::timestamptz, $8)', sort_key)
    END;
    matching  text := CASE WHEN containing IS NULL THEN '' ELSE ' AND search_text LIKE $2' END
        || CASE WHEN on_platform IS NULL THEN '' ELSE ' AND platform = $3' END
        || CASE WHEN tagged IS NULL THEN '' ELSE ' AND tags @> $4' END
        || CASE WHEN min_value_cents IS NULL THEN '' ELSE ' AND value_cents >= $5' END
        || CASE WHEN seen_after IS NULL THEN '' ELSE ' AND seen_key > $6' END;
    read      text := 'SELECT id, platform, tags, value_cents, created_at, name_key, seen_key, search_text FROM fans';
    sources   text[] := CASE
        WHEN containing IS NULL AND tagged IS NULL THEN ARRAY['fans WHERE ' || following || matching]
        -- Where rows are guarded, the planner may not use statistics for LIKE and @>: it cannot know whether a match is
        -- common. So we look. If the next 2,000 fans hold a page of matches, that is the page; if they hold less,
        -- matches are rare enough to collect all of them through the index. OFFSET 0 keeps the planner to this.
        ELSE ARRAY[
            format('(%s WHERE %s ORDER BY %s LIMIT 2000) AS next WHERE true%s', read, following, in_order, matching),
            format('(%s WHERE %s%s OFFSET 0) AS collected', read, following, matching)
        ]
    END;
BEGIN
    IF sort_key IS NULL THEN
        RAISE EXCEPTION 'fans cannot be sorted by %', sort_by USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH source IN ARRAY sources LOOP
        EXECUTE format(
            'SELECT array_agg(id) FROM (SELECT id FROM %s ORDER BY %s LIMIT $9) AS page', source, in_order
        ) INTO page USING
            current_workspace(),
            '%' || replace(replace(replace(lower(containing), '\', '\\'), '%', '\%'), '_', '\_') || '%',
            on_platform, jsonb_build_array(tagged), min_value_cents, seen_after, after_key, after_id, wanted;
        EXIT WHEN cardinality(page) = wanted;
    END LOOP;
    RETURN QUERY SELECT id, ordinality FROM unnest(page) WITH ORDINALITY AS found (id, ordinality);
END
$$;

CALL run_as_reader('fans_matching(text, text, text, bigint, timestamptz, text, text, uuid, integer)');
