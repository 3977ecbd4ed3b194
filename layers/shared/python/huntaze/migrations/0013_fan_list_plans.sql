-- What a million fans in one workspace showed: matches of 1 in 50 fell between both ways of fans_matching, and the list
-- of tags read the fans of everybody.

-- The tags of a workspace without reading its fans, see huntaze/tags/store.py. An entry of an index has 2,700 bytes at
-- most and tags may be longer: the few fans with such tags are read themselves.
CREATE INDEX fans_by_tags ON fans (workspace_id, tags)
    WHERE deleted_at IS NULL AND tags <> '[]' AND octet_length(tags::text) <= 1000;
CREATE INDEX fans_with_long_tags ON fans (workspace_id)
    WHERE deleted_at IS NULL AND octet_length(tags::text) > 1000;

-- fans_matching as it was, but for one thing: where the next fans hold some matches, but less than a page, it looks
-- eight times as far before it collects all. Only its owner may replace it.
GRANT CREATE ON SCHEMA public TO huntaze_reader;
SET LOCAL ROLE huntaze_reader;

CREATE OR REPLACE FUNCTION fans_matching(
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
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
DECLARE
    wanted    integer := least(page_size, 1001);
    look_at   integer := greatest(2000, 20 * wanted);
    page      uuid[];
    sort_key  text := CASE sort_by
        WHEN 'lastSeenAt' THEN 'seen_key' WHEN 'valueCents' THEN 'value_cents'
        WHEN 'createdAt' THEN 'created_at' WHEN 'name' THEN 'name_key'
    END;
    in_order  text := sort_key || CASE sort_by WHEN 'name' THEN ', id' ELSE ' DESC, id DESC' END;
    following text := 'workspace_id = $1 AND deleted_at IS NULL' || CASE
        WHEN after_id IS NULL THEN ''
        WHEN sort_by = 'name' THEN ' AND (name_key, id) > ($7, $8)'
        WHEN sort_by = 'valueCents' THEN ' AND (value_cents, id) < ($7::bigint, $8)'
        ELSE format(' AND (%s, id) < ($7::timestamptz, $8)', sort_key)
    END;
    matching  text := fan_conditions(containing, on_platform, tagged, min_value_cents, seen_after);
    read      text := 'SELECT id, platform, tags, value_cents, created_at, name_key, seen_key, search_text FROM fans';
    look      text := '(%s WHERE %s ORDER BY %s LIMIT %s) AS next WHERE true%s';
    sources   text[] := CASE
        WHEN containing IS NULL AND tagged IS NULL THEN ARRAY['fans WHERE ' || following || matching]
        -- Where rows are guarded, the planner may not use statistics for LIKE and @>: it cannot know whether a match is
        -- common. So we look. If the next fans hold a page of matches, that is the page. If they hold a quarter of it,
        -- matches are common enough for a second look further on, which ends where the page is full. If they hold less,
        -- matches are rare enough to collect all of them through the index. OFFSET 0 keeps the planner to this.
        ELSE ARRAY[
            format(look, read, following, in_order, look_at, matching),
            format(look, read, following, in_order, 8 * look_at, matching),
            format('(%s WHERE %s%s OFFSET 0) AS collected', read, following, matching)
        ]
    END;
BEGIN
    IF sort_key IS NULL THEN
        RAISE EXCEPTION 'fans cannot be sorted by %', sort_by USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR step IN 1 .. cardinality(sources) LOOP
        CONTINUE WHEN step = 2 AND coalesce(cardinality(page), 0) < wanted / 4;
        EXECUTE format(
            'SELECT array_agg(id) FROM (SELECT id FROM %s ORDER BY %s LIMIT $9) AS page', sources[step], in_order
        ) INTO page USING
            current_workspace(), search_pattern(containing), on_platform, jsonb_build_array(tagged), min_value_cents,
            seen_after, after_key, after_id, wanted;
        EXIT WHEN cardinality(page) = wanted;
    END LOOP;
    RETURN QUERY SELECT id, ordinality FROM unnest(page) WITH ORDINALITY AS found (id, ordinality);
END
$$;

SET LOCAL ROLE huntaze_owner;
REVOKE CREATE ON SCHEMA public FROM huntaze_reader;
