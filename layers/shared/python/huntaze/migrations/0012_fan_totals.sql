-- Questions about all fans that match, not about a page of them: how many, which, and pages of a thousand for exports.
-- Like fans_matching, they run as huntaze_reader because row-level security keeps LIKE and @> away from indexes, filter
-- by the workspace of the transaction themselves, and answer ids and sums alone.

-- What was asked for as conditions, so that each plan is made for its question. No value enters the text: $2 is the
-- pattern of search_pattern, then platform, tags as jsonb, least value and the time after which the fan was seen.
CREATE FUNCTION fan_conditions(
    containing text, on_platform text, tagged text, min_value_cents bigint, seen_after timestamptz
) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN containing IS NULL THEN '' ELSE ' AND search_text LIKE $2' END
    || CASE WHEN on_platform IS NULL THEN '' ELSE ' AND platform = $3' END
    || CASE WHEN tagged IS NULL THEN '' ELSE ' AND tags @> $4' END
    || CASE WHEN min_value_cents IS NULL THEN '' ELSE ' AND value_cents >= $5' END
    || CASE WHEN seen_after IS NULL THEN '' ELSE ' AND seen_key > $6' END;

CREATE FUNCTION search_pattern(containing text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN '%' || replace(replace(replace(lower(containing), '\', '\\'), '%', '\%'), '_', '\_') || '%';

GRANT EXECUTE ON FUNCTION fan_conditions(text, text, text, bigint, timestamptz), search_pattern(text)
    TO huntaze_reader;

CREATE FUNCTION fans_totals(
    containing text, on_platform text, tagged text, min_value_cents bigint, seen_after timestamptz
) RETURNS TABLE (fan_count bigint, total_cents numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT count(*), coalesce(sum(value_cents), 0) FROM fans '
        || 'WHERE workspace_id = $1 AND deleted_at IS NULL'
        || fan_conditions(containing, on_platform, tagged, min_value_cents, seen_after)
        USING current_workspace(), search_pattern(containing), on_platform, jsonb_build_array(tagged),
            min_value_cents, seen_after;
END
$$;

CREATE FUNCTION fans_selected(
    containing text, on_platform text, tagged text, min_value_cents bigint, seen_after timestamptz
) RETURNS TABLE (fan_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM fans WHERE workspace_id = $1 AND deleted_at IS NULL'
        || fan_conditions(containing, on_platform, tagged, min_value_cents, seen_after)
        USING current_workspace(), search_pattern(containing), on_platform, jsonb_build_array(tagged),
            min_value_cents, seen_after;
END
$$;

CALL run_as_reader('fans_totals(text, text, text, bigint, timestamptz)');
CALL run_as_reader('fans_selected(text, text, text, bigint, timestamptz)');

-- fans_matching as it was, but for two things: a page may hold 1,000 fans, for exports, and how far it looks before it
-- collects through the index grows with the page. Only its owner may replace it.
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
    source    text;
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
    sources   text[] := CASE
        WHEN containing IS NULL AND tagged IS NULL THEN ARRAY['fans WHERE ' || following || matching]
        -- Where rows are guarded, the planner may not use statistics for LIKE and @>: it cannot know whether a match is
        -- common. So we look. If the next fans hold a page of matches, that is the page; if they hold less, matches are
        -- rare enough to collect all of them through the index. OFFSET 0 keeps the planner to this.
        ELSE ARRAY[
            format(
                '(%s WHERE %s ORDER BY %s LIMIT %s) AS next WHERE true%s', read, following, in_order, look_at, matching
            ),
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
            current_workspace(), search_pattern(containing), on_platform, jsonb_build_array(tagged), min_value_cents,
            seen_after, after_key, after_id, wanted;
        EXIT WHEN cardinality(page) = wanted;
    END LOOP;
    RETURN QUERY SELECT id, ordinality FROM unnest(page) WITH ORDINALITY AS found (id, ordinality);
END
$$;

SET LOCAL ROLE huntaze_owner;
REVOKE CREATE ON SCHEMA public FROM huntaze_reader;
