-- Money that came in, files that were read, numbers made of both, and what people did.

-- A ledger: what the platform booked is added and never changed.
CREATE TABLE transactions (
    workspace_id            uuid NOT NULL,
    id                      uuid NOT NULL,
    fan_id                  uuid NOT NULL,
    message_id              uuid, -- the priced message that was bought
    platform                platform_name NOT NULL,
    platform_transaction_id text NOT NULL CHECK (char_length(platform_transaction_id) BETWEEN 1 AND 200),
    kind                    text NOT NULL CHECK (kind IN ('subscription', 'ppv', 'tip')),
    amount_cents            cents NOT NULL,
    currency                currency_code NOT NULL DEFAULT 'USD',
    occurred_at             timestamptz NOT NULL,
    created_at              timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT transactions_known_once UNIQUE (workspace_id, platform, platform_transaction_id),
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages
);
CREATE INDEX transactions_of_fan ON transactions (workspace_id, fan_id, occurred_at DESC);
CREATE INDEX transactions_by_time ON transactions (workspace_id, occurred_at);
CREATE INDEX transactions_of_message ON transactions (workspace_id, message_id) WHERE message_id IS NOT NULL;
CALL keep_within_workspace('transactions');
GRANT SELECT, INSERT ON transactions TO huntaze_app;

CREATE TABLE imports (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    id            uuid NOT NULL,
    requested_by  uuid NOT NULL,
    platform      platform_name NOT NULL DEFAULT 'onlyfans',
    file_name     text CHECK (char_length(file_name) BETWEEN 1 AND 255),
    object_key    text CHECK (char_length(object_key) BETWEEN 1 AND 1024),
    status        text NOT NULL DEFAULT 'uploading' CHECK (status IN (
                      'uploading', 'planning', 'planned', 'committing', 'committed', 'failed', 'undoing', 'undone'
                  )),
    locale        text CHECK (char_length(locale) BETWEEN 2 AND 35),
    mapping       json_map NOT NULL DEFAULT '{}',
    policy        text NOT NULL DEFAULT 'skip' CHECK (policy IN ('skip', 'fill', 'overwrite')),
    plan_hash     sha256_hash,
    total_rows    integer NOT NULL DEFAULT 0 CHECK (total_rows >= 0),
    inserted_rows integer NOT NULL DEFAULT 0 CHECK (inserted_rows >= 0),
    updated_rows  integer NOT NULL DEFAULT 0 CHECK (updated_rows >= 0),
    skipped_rows  integer NOT NULL DEFAULT 0 CHECK (skipped_rows >= 0),
    rejected_rows integer NOT NULL DEFAULT 0 CHECK (rejected_rows >= 0),
    last_error    text CHECK (char_length(last_error) <= 1000),
    committed_at  timestamptz,
    undone_at     timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, requested_by) REFERENCES members
);
CREATE INDEX imports_newest ON imports (workspace_id, created_at DESC, id DESC);
CALL keep_within_workspace('imports');
CALL stamp_updates('imports');
GRANT SELECT, INSERT, UPDATE ON imports TO huntaze_app;

CREATE TABLE analytics_events (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind ~ '^[a-z_.]{1,50}$'),
    platform     platform_name,
    fan_id       uuid,
    occurred_at  timestamptz NOT NULL,
    amount_cents cents NOT NULL DEFAULT 0,
    currency     currency_code NOT NULL DEFAULT 'USD',
    details      json_map NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans
);
CREATE INDEX analytics_events_by_time ON analytics_events (workspace_id, occurred_at);
CREATE INDEX analytics_events_of_fan ON analytics_events (workspace_id, fan_id) WHERE fan_id IS NOT NULL;
CALL keep_within_workspace('analytics_events');
GRANT SELECT, INSERT ON analytics_events TO huntaze_app;

-- One number of one day in the workspace's zone: narrow, so that a new metric is a new row and no new column.
CREATE TABLE daily_rollups (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day          date NOT NULL,
    metric       text NOT NULL CHECK (metric ~ '^[a-z_.]{1,50}$'), -- 'revenue.ppv', 'fans.new', …
    platform     platform_name NOT NULL,
    currency     currency_code NOT NULL DEFAULT 'USD',
    occurrences  bigint NOT NULL DEFAULT 0 CHECK (occurrences >= 0),
    amount_cents cents NOT NULL DEFAULT 0,
    counted_at   timestamptz NOT NULL DEFAULT now(), -- when this was last true
    PRIMARY KEY (workspace_id, metric, day, platform, currency)
);
CALL keep_within_workspace('daily_rollups');
GRANT SELECT, INSERT, UPDATE, DELETE ON daily_rollups TO huntaze_app;

-- The answer that the same Idempotency-Key gets again for 24 hours, written in the transaction of what it answers.
CREATE TABLE idempotency_keys (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    subject      text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200), -- who called
    key          text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    request_hash sha256_hash NOT NULL, -- method, path and body
    status_code  smallint CHECK (status_code BETWEEN 200 AND 499), -- NULL while it runs; a 5xx is never kept
    headers      json_map NOT NULL DEFAULT '{}',
    body         bytea, -- byte for byte
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    PRIMARY KEY (workspace_id, subject, key)
);
CREATE INDEX idempotency_keys_expired ON idempotency_keys (expires_at);
CALL keep_within_workspace('idempotency_keys');
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO huntaze_app;

-- What people did, for ever: nobody updates, deletes or truncates, whatever they are granted. Ids and facts only, no
-- words and no personal data, so that erasing a person leaves it whole.
CREATE TABLE audit_log (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id     uuid, -- NULL: a machine
    action       text NOT NULL CHECK (action ~ '^[a-z_.]{1,100}$'), -- 'message.approved'
    object_kind  text CHECK (object_kind ~ '^[a-z_]{1,50}$'),
    object_id    uuid,
    details      json_map NOT NULL DEFAULT '{}',
    -- Each row's place in its workspace's chain. Filled by the migration that brings the verification.
    position     bigint CHECK (position > 0),
    prev_hash    sha256_hash,
    hash         sha256_hash,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, actor_id) REFERENCES members,
    CONSTRAINT audit_log_chain CHECK ((position IS NULL) = (hash IS NULL))
);
CREATE UNIQUE INDEX audit_log_unforked ON audit_log (workspace_id, position) WHERE position IS NOT NULL;
CREATE INDEX audit_log_newest ON audit_log (workspace_id, at DESC, id DESC);
CREATE INDEX audit_log_of_object ON audit_log (workspace_id, object_id, at DESC) WHERE object_id IS NOT NULL;
CALL keep_within_workspace('audit_log');
GRANT SELECT ON audit_log TO huntaze_app;
GRANT INSERT (workspace_id, id, actor_id, action, object_kind, object_id, details) ON audit_log TO huntaze_app;

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
