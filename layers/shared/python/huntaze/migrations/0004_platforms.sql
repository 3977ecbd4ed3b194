-- The accounts we send and listen through, and what arrives from them.

-- An account is one creator on one platform. Its row outlives disconnecting: messages, attempts and the consent refer
-- to it, and connecting the same account again uses it again. Which account it is never changes, so an approval for
-- one account can never leave through another.
CREATE TABLE platform_connections (
    workspace_id      uuid NOT NULL REFERENCES workspaces,
    id                uuid NOT NULL,
    platform          platform_name NOT NULL,
    platform_user_id  text NOT NULL CHECK (char_length(platform_user_id) BETWEEN 1 AND 200),
    platform_username text CHECK (char_length(platform_username) <= 200),
    status            text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'expired', 'revoked')),
    bridge_url        web_address,
    credentials       bytea CHECK (octet_length(credentials) <= 65536), -- encrypted with the row's ids as context
    token_expires_at  timestamptz,
    consent_by        uuid,
    consent_at        timestamptz,
    consent_notice    text CHECK (char_length(consent_notice) BETWEEN 1 AND 100), -- version of the text agreed to
    pace_messages     smallint NOT NULL DEFAULT 10 CHECK (pace_messages > 0),
    pace_seconds      smallint NOT NULL DEFAULT 60 CHECK (pace_seconds > 0),
    pace_gap_seconds  smallint NOT NULL DEFAULT 0 CHECK (pace_gap_seconds >= 0),
    paused_at         timestamptz,
    pause_reason      text CHECK (char_length(pause_reason) BETWEEN 1 AND 500),
    last_synced_at    timestamptz,
    metadata          json_map NOT NULL DEFAULT '{}',
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT connections_known_once UNIQUE (workspace_id, platform, platform_user_id),
    FOREIGN KEY (workspace_id, consent_by) REFERENCES members,
    -- Nobody's account is touched without a person's recorded consent to a known text.
    CONSTRAINT connections_consent CHECK (
        status = 'revoked' OR (consent_by IS NOT NULL AND consent_at IS NOT NULL AND consent_notice IS NOT NULL)
    ),
    CONSTRAINT connections_forget CHECK (status <> 'revoked' OR credentials IS NULL),
    CONSTRAINT connections_pause CHECK (paused_at IS NULL OR pause_reason IS NOT NULL)
);

CREATE UNIQUE INDEX connections_one_per_platform ON platform_connections (workspace_id, platform)
    WHERE status <> 'revoked';

-- In the whole system, across workspaces: two workspaces on one account would send at twice its pace.
CREATE UNIQUE INDEX connections_one_active ON platform_connections (platform, platform_user_id)
    WHERE status = 'active';

CALL keep_within_workspace('platform_connections');
CALL stamp_updates('platform_connections');
GRANT SELECT, INSERT ON platform_connections TO huntaze_app;
GRANT UPDATE (
    platform_username, status, bridge_url, credentials, token_expires_at, consent_by, consent_at, consent_notice,
    pace_messages, pace_seconds, pace_gap_seconds, paused_at, pause_reason, last_synced_at, metadata
) ON platform_connections TO huntaze_app;

-- Each event once per id, whatever is repeated, reordered or replayed: the key is the sender's own.
CREATE TABLE webhook_events (
    workspace_id  uuid NOT NULL,
    connection_id uuid NOT NULL,
    event_id      text NOT NULL CHECK (char_length(event_id) BETWEEN 1 AND 200),
    kind          text NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 100),
    payload       json_map NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    processed_at  timestamptz,
    last_error    text CHECK (char_length(last_error) <= 1000),
    PRIMARY KEY (workspace_id, connection_id, event_id),
    FOREIGN KEY (workspace_id, connection_id) REFERENCES platform_connections
);
CREATE INDEX webhook_events_unprocessed ON webhook_events (received_at) WHERE processed_at IS NULL;
CALL keep_within_workspace('webhook_events');
GRANT SELECT, INSERT, UPDATE (processed_at, last_error) ON webhook_events TO huntaze_app;

-- Who waits for a platform that cannot connect yet. It belongs to no workspace, so the application can only add to it.
CREATE TABLE waitlist (
    id         uuid PRIMARY KEY,
    email      text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
    platform   text NOT NULL CHECK (char_length(platform) BETWEEN 1 AND 50),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX waitlist_once ON waitlist (lower(email), platform);
GRANT INSERT ON waitlist TO huntaze_app;
