-- Fans and what the team writes about them.

CREATE TABLE fans (
    workspace_id        uuid NOT NULL REFERENCES workspaces,
    id                  uuid NOT NULL,
    name                text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    platform            platform_name NOT NULL,
    platform_id         text CHECK (char_length(platform_id) BETWEEN 1 AND 200),
    handle              text CHECK (char_length(handle) BETWEEN 1 AND 200),
    email               text CHECK (char_length(email) BETWEEN 3 AND 320),
    phone               text CHECK (char_length(phone) BETWEEN 1 AND 50),
    avatar              web_address,
    tags                string_list NOT NULL DEFAULT '[]',
    value_cents         cents NOT NULL DEFAULT 0,
    currency            currency_code NOT NULL DEFAULT 'USD',
    subscription_status text NOT NULL DEFAULT 'unknown'
                        CHECK (subscription_status IN ('unknown', 'none', 'active', 'expired')),
    last_seen_at        timestamptz,
    last_message_at     timestamptz,
    do_not_contact      boolean NOT NULL DEFAULT false,
    notes               text NOT NULL DEFAULT '' CHECK (char_length(notes) <= 10000),
    metadata            json_map NOT NULL DEFAULT '{}',
    deleted_at          timestamptz, -- restorable until 30 days later
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),

    -- What lists sort by and search reads. Stored, because row-level security keeps conditions on expressions such as
    -- lower(name) away from indexes. "C" is the one collation that sorts the same on every server and for ever.
    name_key            text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    seen_key            timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(last_seen_at, '-infinity')) STORED,
    search_text         text NOT NULL GENERATED ALWAYS AS (
                            lower(name || E'\n' || coalesce(handle, '') || E'\n' || coalesce(email, ''))
                        ) STORED,

    PRIMARY KEY (workspace_id, id),
    CONSTRAINT fans_known_once UNIQUE (workspace_id, platform, platform_id)
);

-- One index per order of the list; id makes each order total, so that a cursor skips and repeats nobody.
CREATE INDEX fans_by_last_seen ON fans (workspace_id, seen_key DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX fans_by_value ON fans (workspace_id, value_cents DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX fans_by_created ON fans (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX fans_by_name ON fans (workspace_id, name_key, id) WHERE deleted_at IS NULL;

-- Substrings and tags, for fans_matching. The workspace comes first, or one workspace would read what all have.
CREATE INDEX fans_search ON fans USING gin (workspace_id, search_text gin_trgm_ops, tags jsonb_path_ops)
    WHERE deleted_at IS NULL;

CALL keep_within_workspace('fans');
CALL stamp_updates('fans');
-- No DELETE: an ordinary delete sets deleted_at; erasure is an act of its own.
GRANT SELECT, INSERT, UPDATE ON fans TO huntaze_app;

CREATE TABLE fan_notes (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    fan_id       uuid NOT NULL,
    author_id    uuid NOT NULL,
    text         text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 5000),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, author_id) REFERENCES members
);
CREATE INDEX fan_notes_newest ON fan_notes (workspace_id, fan_id, created_at DESC, id DESC);
CALL keep_within_workspace('fan_notes');
CALL stamp_updates('fan_notes');
GRANT SELECT, INSERT, UPDATE (text), DELETE ON fan_notes TO huntaze_app;
