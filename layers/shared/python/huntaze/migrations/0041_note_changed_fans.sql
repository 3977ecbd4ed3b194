-- Most changes of a fan are none that numbers are made of, such as a message more: they end before anything is grouped.
CREATE OR REPLACE FUNCTION note_changed_fans() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Seen again within a quarter of an hour is seen on the same day, in every zone.
    IF NOT EXISTS (
        SELECT FROM before JOIN after USING (workspace_id, id)
        WHERE (
            before.created_at, before.deleted_at IS NULL, before.platform, before.currency, before.value_cents,
            date_bin('15 minutes', before.last_seen_at, 'epoch')
        ) IS DISTINCT FROM (
            after.created_at, after.deleted_at IS NULL, after.platform, after.currency, after.value_cents,
            date_bin('15 minutes', after.last_seen_at, 'epoch')
        )
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO analytics_stale (workspace_id, topic, since, until)
    SELECT workspace_id, topic, min(at), max(at)
    FROM before JOIN after USING (workspace_id, id) CROSS JOIN LATERAL (
        SELECT 'joined' AS topic, before.created_at AS then_at, after.created_at AS now_at
        WHERE before.created_at <> after.created_at
            OR (before.deleted_at IS NULL, before.platform) <> (after.deleted_at IS NULL, after.platform)
        UNION ALL
        SELECT 'seen', before.last_seen_at, after.last_seen_at
        WHERE date_bin('15 minutes', before.last_seen_at, 'epoch')
                IS DISTINCT FROM date_bin('15 minutes', after.last_seen_at, 'epoch')
            OR (before.deleted_at IS NULL, before.platform) <> (after.deleted_at IS NULL, after.platform)
        UNION ALL
        SELECT 'values', now(), now()
        WHERE (before.deleted_at IS NULL, before.platform, before.currency, before.value_cents)
            <> (after.deleted_at IS NULL, after.platform, after.currency, after.value_cents)
    ) AS changed CROSS JOIN LATERAL (VALUES (then_at), (now_at)) AS moments (at)
    WHERE (before.deleted_at IS NULL OR after.deleted_at IS NULL) AND isfinite(at)
    GROUP BY workspace_id, topic, date_trunc('day', at, 'UTC');
    RETURN NULL;
END
$$;
