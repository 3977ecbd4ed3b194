-- Analytics: sums of days, kept by counting again what is no longer true. Decision 30.

-- The first moment whose local date is this day. Where clocks are put back at midnight PostgreSQL takes the later of two
-- midnights, an hour after the first.
CREATE FUNCTION local_midnight(day date, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN (((day::timestamp AT TIME ZONE zone) - interval '1 hour') AT TIME ZONE zone)::date >= day
        THEN (day::timestamp AT TIME ZONE zone) - interval '1 hour'
    ELSE day::timestamp AT TIME ZONE zone
END;
GRANT EXECUTE ON FUNCTION local_midnight(date, text) TO huntaze_app;

-- Which stretch of time of which topic is no longer true. Nothing is unique and nothing is changed here, so that no two
-- writers wait for each other. The oldest come first.
CREATE TABLE analytics_stale (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    noted_at     timestamptz NOT NULL DEFAULT now(),
    id           bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    topic        text NOT NULL CHECK (topic IN (
                     'everything', 'transactions', 'messages', 'joined', 'seen', 'values', 'answers', 'cohorts'
                 )),
    since        timestamptz NOT NULL DEFAULT now() CHECK (isfinite(since)),
    until        timestamptz NOT NULL DEFAULT now() CHECK (isfinite(until)),
    PRIMARY KEY (workspace_id, noted_at, id),
    CONSTRAINT analytics_stale_stretch CHECK (since <= until)
);
GRANT SELECT, INSERT, DELETE ON analytics_stale TO huntaze_app;

-- How long counting took when it was last done: it rests for a multiple of that.
CREATE TABLE analytics_counts (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    topic        text NOT NULL CHECK (topic ~ '^[a-z]{1,20}$'),
    counted_at   timestamptz NOT NULL,
    took         interval NOT NULL,
    PRIMARY KEY (workspace_id, topic)
);
CALL keep_within_workspace('analytics_counts');
GRANT SELECT, INSERT, UPDATE ON analytics_counts TO huntaze_app;

-- What happened in which hour of a day.
CREATE TABLE analytics_hours (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day          date NOT NULL,
    platform     platform_name NOT NULL,
    hour         smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    what         text NOT NULL CHECK (what IN ('in', 'out', 'paid')),
    occurrences  bigint NOT NULL CHECK (occurrences > 0),
    PRIMARY KEY (workspace_id, day, platform, hour, what)
);
CALL keep_within_workspace('analytics_hours');
GRANT SELECT, INSERT, DELETE ON analytics_hours TO huntaze_app;

-- Messages with a price, by the day they were sent and by the least price of their band.
CREATE TABLE analytics_offers (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    day           date NOT NULL,
    platform      platform_name NOT NULL,
    currency      currency_code NOT NULL,
    least_cents   cents NOT NULL,
    sent          bigint NOT NULL CHECK (sent > 0),
    bought        bigint NOT NULL CHECK (bought BETWEEN 0 AND sent),
    asked_cents   cents NOT NULL,
    revenue_cents cents NOT NULL,
    PRIMARY KEY (workspace_id, day, platform, currency, least_cents)
);
CALL keep_within_workspace('analytics_offers');
GRANT SELECT, INSERT, DELETE ON analytics_offers TO huntaze_app;

-- What members let out, without campaigns; the id of nobody (all zeros) stands for the platform's own app.
CREATE TABLE analytics_chatters (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day          date NOT NULL,
    platform     platform_name NOT NULL,
    member_id    uuid NOT NULL,
    currency     currency_code NOT NULL,
    sent         bigint NOT NULL CHECK (sent > 0),
    earned_cents cents NOT NULL,
    PRIMARY KEY (workspace_id, day, platform, member_id, currency)
);
CALL keep_within_workspace('analytics_chatters');
GRANT SELECT, INSERT, DELETE ON analytics_chatters TO huntaze_app;

-- How long fans waited for them. A bucket is a quarter of a doubling: 2 ** (bucket / 4) seconds and more.
CREATE TABLE analytics_answers (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day          date NOT NULL,
    platform     platform_name NOT NULL,
    member_id    uuid NOT NULL,
    bucket       smallint NOT NULL CHECK (bucket BETWEEN 0 AND 100),
    answers      bigint NOT NULL CHECK (answers > 0),
    seconds      bigint NOT NULL CHECK (seconds >= 0),
    PRIMARY KEY (workspace_id, day, platform, member_id, bucket)
);
CALL keep_within_workspace('analytics_answers');
GRANT SELECT, INSERT, DELETE ON analytics_answers TO huntaze_app;

-- Of those who first paid in one month, how many paid in another. Who paid in two currencies counts in one row only.
CREATE TABLE analytics_cohorts (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    month        date NOT NULL,
    cohort       date NOT NULL,
    platform     platform_name NOT NULL,
    currency     currency_code NOT NULL,
    payers       bigint NOT NULL CHECK (payers >= 0),
    amount_cents cents NOT NULL,
    PRIMARY KEY (workspace_id, month, cohort, platform, currency),
    CONSTRAINT analytics_cohorts_months CHECK (
        month >= cohort AND extract(day FROM month) = 1 AND extract(day FROM cohort) = 1
    )
);
CALL keep_within_workspace('analytics_cohorts');
GRANT SELECT, INSERT, DELETE ON analytics_cohorts TO huntaze_app;

-- What fans are worth now, of one platform or of all.
CREATE TABLE analytics_values (
    workspace_id        uuid NOT NULL REFERENCES workspaces,
    scope               text NOT NULL CHECK (scope IN ('all', 'onlyfans', 'fansly', 'patreon', 'other')),
    currency            currency_code NOT NULL,
    fans                bigint NOT NULL CHECK (fans > 0),
    paying              bigint NOT NULL CHECK (paying BETWEEN 0 AND fans),
    total_cents         cents NOT NULL,
    median_cents        cents NOT NULL,
    median_paying_cents cents NOT NULL,
    PRIMARY KEY (workspace_id, scope, currency)
);
CALL keep_within_workspace('analytics_values');
GRANT SELECT, INSERT, DELETE ON analytics_values TO huntaze_app;

-- Counting reads indexes alone, where it can.
DROP INDEX transactions_by_time, fans_by_last_seen, fans_by_value, fans_by_created;
CREATE INDEX transactions_by_time ON transactions (workspace_id, occurred_at)
    INCLUDE (kind, currency, amount_cents, platform, fan_id);
CREATE INDEX fans_by_last_seen ON fans (workspace_id, seen_key DESC, id DESC) INCLUDE (platform)
    WHERE deleted_at IS NULL;
CREATE INDEX fans_by_value ON fans (workspace_id, value_cents DESC, id DESC) INCLUDE (currency, platform)
    WHERE deleted_at IS NULL;
CREATE INDEX fans_by_created ON fans (workspace_id, created_at DESC, id DESC) INCLUDE (platform)
    WHERE deleted_at IS NULL;

-- What makes numbers untrue says so in its own transaction. Of a statement that touches many rows a row is left for each
-- topic and day of UTC, whichever days there are in the workspace's zone: moments are what does not depend on it.
CREATE FUNCTION note_transactions() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO analytics_stale (workspace_id, topic, since, until)
    SELECT workspace_id, 'transactions', min(occurred_at), max(occurred_at) FROM changed
    GROUP BY workspace_id, date_trunc('day', occurred_at, 'UTC');
    RETURN NULL;
END
$$;
CREATE TRIGGER transactions_5_count_insert AFTER INSERT ON transactions
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_transactions();
CREATE TRIGGER transactions_5_count_delete AFTER DELETE ON transactions
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_transactions();

-- Messages count when they have arrived.
CREATE FUNCTION note_messages() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO analytics_stale (workspace_id, topic, since, until)
    SELECT workspace_id, 'messages', min(occurred_at), max(occurred_at) FROM changed
    WHERE status IN ('received', 'sent')
    GROUP BY workspace_id, date_trunc('day', occurred_at, 'UTC');
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_9_count_insert AFTER INSERT ON messages
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_messages();
CREATE TRIGGER messages_9_count_delete AFTER DELETE ON messages
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_messages();

-- A change of one row that numbers are made of. Most changes are none: a condition is cheaper than a call.
CREATE FUNCTION note_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO analytics_stale (workspace_id, topic, since, until)
    SELECT NEW.workspace_id, TG_TABLE_NAME, at, at FROM (VALUES (OLD.occurred_at), (NEW.occurred_at)) AS moments (at)
    GROUP BY at;
    RETURN NULL;
END
$$;
CREATE TRIGGER transactions_5_count_update AFTER UPDATE ON transactions
    FOR EACH ROW WHEN (
        (OLD.fan_id, OLD.platform, OLD.kind, OLD.currency, OLD.amount_cents, OLD.occurred_at)
            IS DISTINCT FROM (NEW.fan_id, NEW.platform, NEW.kind, NEW.currency, NEW.amount_cents, NEW.occurred_at)
    ) EXECUTE FUNCTION note_change();
CREATE TRIGGER messages_9_count_update AFTER UPDATE ON messages
    FOR EACH ROW WHEN (
        (OLD.status IN ('received', 'sent') OR NEW.status IN ('received', 'sent'))
        AND (OLD.status, OLD.occurred_at, OLD.price_cents, OLD.currency, OLD.bought_at IS NULL, OLD.approved_by)
            IS DISTINCT FROM
            (NEW.status, NEW.occurred_at, NEW.price_cents, NEW.currency, NEW.bought_at IS NULL, NEW.approved_by)
    ) EXECUTE FUNCTION note_change();

-- Fans: when they came, when they were last seen, what they are worth. Who is hidden does not count.
CREATE FUNCTION note_fans() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO analytics_stale (workspace_id, topic, since, until)
    SELECT workspace_id, topic, min(at), max(at) FROM changed CROSS JOIN LATERAL (
        VALUES ('joined', created_at), ('seen', last_seen_at), ('values', now())
    ) AS counted (topic, at)
    WHERE deleted_at IS NULL AND isfinite(at)
    GROUP BY workspace_id, topic, date_trunc('day', at, 'UTC');
    RETURN NULL;
END
$$;
CREATE TRIGGER fans_5_count_insert AFTER INSERT ON fans
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_fans();
CREATE TRIGGER fans_5_count_delete AFTER DELETE ON fans
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_fans();

CREATE FUNCTION note_changed_fans() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO analytics_stale (workspace_id, topic, since, until)
    SELECT workspace_id, topic, min(at), max(at)
    FROM before JOIN after USING (workspace_id, id) CROSS JOIN LATERAL (
        SELECT 'joined' AS topic, before.created_at AS then_at, after.created_at AS now_at
        WHERE before.created_at <> after.created_at
            OR (before.deleted_at IS NULL, before.platform) <> (after.deleted_at IS NULL, after.platform)
        UNION ALL
        -- Seen again within a quarter of an hour is seen on the same day, in every zone.
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
CREATE TRIGGER fans_5_count_update AFTER UPDATE ON fans
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_changed_fans();

CREATE FUNCTION note_zone() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO analytics_stale (workspace_id, topic) VALUES (NEW.id, 'everything');
    RETURN NULL;
END
$$;
CREATE TRIGGER workspaces_1_count AFTER UPDATE OF timezone ON workspaces
    FOR EACH ROW WHEN (OLD.timezone <> NEW.timezone) EXECUTE FUNCTION note_zone();

-- What there is already is counted as soon as somebody counts.
ALTER TABLE workspaces NO FORCE ROW LEVEL SECURITY;
INSERT INTO analytics_stale (workspace_id, topic) SELECT id, 'everything' FROM workspaces;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
CALL keep_within_workspace('analytics_stale');

-- What a schedule looks for, in all workspaces: ids alone.
CREATE POLICY read_by_functions ON analytics_stale FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, noted_at) ON analytics_stale TO huntaze_reader;
CREATE FUNCTION workspaces_to_count(at_most integer) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT workspaces.id FROM workspaces CROSS JOIN LATERAL (
        SELECT stale.noted_at FROM analytics_stale AS stale WHERE stale.workspace_id = workspaces.id
        ORDER BY stale.noted_at LIMIT 1
    ) AS oldest
    ORDER BY oldest.noted_at LIMIT at_most;
END;
CALL run_as_reader('workspaces_to_count(integer)');
