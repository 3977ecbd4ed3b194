-- How a message leaves: attempts, permits, and who of a campaign got it.

-- A claim, committed before the first byte goes out. What is unanswered, or was answered within the account's window,
-- holds one of its tokens until token_returns_at: PostgreSQL's last word on the pace.
CREATE TABLE delivery_attempts (
    workspace_id     uuid NOT NULL,
    id               uuid NOT NULL,
    message_id       uuid NOT NULL,
    account_id       uuid NOT NULL,
    claimed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until      timestamptz NOT NULL,
    token_returns_at timestamptz NOT NULL,
    answered_at      timestamptz,
    settled_at       timestamptz,
    outcome          text CHECK (outcome IN ('accepted', 'refused', 'not_accepted', 'unknown')),
    detail           text CHECK (char_length(detail) <= 500), -- never content
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT delivery_attempts_of_message UNIQUE (workspace_id, message_id, id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, account_id) REFERENCES platform_connections,
    CONSTRAINT delivery_attempts_lease CHECK (lease_until >= claimed_at AND token_returns_at >= claimed_at),
    CONSTRAINT delivery_attempts_settled CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    CONSTRAINT delivery_attempts_answered CHECK (outcome IS NULL OR outcome = 'unknown' OR answered_at IS NOT NULL)
);
CREATE INDEX delivery_attempts_tokens ON delivery_attempts (workspace_id, account_id, token_returns_at);
CREATE INDEX delivery_attempts_open ON delivery_attempts (lease_until) WHERE outcome IS NULL;
CALL keep_within_workspace('delivery_attempts');
GRANT SELECT, INSERT ON delivery_attempts TO huntaze_app;
GRANT UPDATE (lease_until, token_returns_at, answered_at, settled_at, outcome, detail) ON delivery_attempts
    TO huntaze_app;

-- A message is sent under an attempt of its own.
ALTER TABLE messages ADD CONSTRAINT messages_attempt_fkey
    FOREIGN KEY (workspace_id, id, attempt_id) REFERENCES delivery_attempts (workspace_id, message_id, id);

-- What is to be put on a queue once the transaction that wrote it has committed: permits, and events for the roll-ups.
-- It holds ids and times, no text and no personal data.
CREATE TABLE outbox (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind ~ '^[a-z_]{1,50}$'), -- 'permit', 'analytics', …
    account_id   uuid,
    message_id   uuid,
    payload      json_map NOT NULL DEFAULT '{}',
    due_at       timestamptz NOT NULL DEFAULT now(), -- the slot of a permit
    expires_at   timestamptz, -- when a permit that never fired counts as lost
    published_at timestamptz,
    tries        smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    last_error   text CHECK (char_length(last_error) <= 500),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES platform_connections,
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages ON DELETE CASCADE,
    CONSTRAINT outbox_permit CHECK (kind <> 'permit' OR (account_id IS NOT NULL AND message_id IS NOT NULL))
);
CREATE INDEX outbox_unpublished ON outbox (due_at) WHERE published_at IS NULL;
CREATE INDEX outbox_of_account ON outbox (workspace_id, account_id, expires_at) WHERE account_id IS NOT NULL;
CREATE INDEX outbox_of_message ON outbox (workspace_id, message_id) WHERE message_id IS NOT NULL;
CALL keep_within_workspace('outbox');
GRANT SELECT, INSERT, DELETE ON outbox TO huntaze_app;
GRANT UPDATE (due_at, expires_at, published_at, tries, last_error) ON outbox TO huntaze_app;

-- Everybody a campaign is for, frozen at launch: one row for each fan, with what became of it and why.
CREATE TABLE campaign_recipients (
    workspace_id uuid NOT NULL,
    campaign_id  uuid NOT NULL,
    fan_id       uuid NOT NULL,
    status       text NOT NULL DEFAULT 'pending' CHECK (
                     status IN ('pending', 'queued', 'sent', 'failed', 'unknown', 'skipped', 'cancelled')
                 ),
    reason       text CHECK (char_length(reason) <= 200),
    variant      text CHECK (char_length(variant) BETWEEN 1 AND 50),
    message_id   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, campaign_id, fan_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns,
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages,
    CONSTRAINT campaign_recipients_skipped CHECK (status <> 'skipped' OR reason IS NOT NULL),
    CONSTRAINT campaign_recipients_message CHECK (
        status IN ('pending', 'skipped', 'cancelled') OR message_id IS NOT NULL
    )
);
CREATE INDEX campaign_recipients_by_status ON campaign_recipients (workspace_id, campaign_id, status, fan_id);
CREATE INDEX campaign_recipients_of_fan ON campaign_recipients (workspace_id, fan_id);
CREATE UNIQUE INDEX campaign_recipients_one_message ON campaign_recipients (workspace_id, message_id)
    WHERE message_id IS NOT NULL;
CALL keep_within_workspace('campaign_recipients');
CALL stamp_updates('campaign_recipients');
GRANT SELECT, INSERT ON campaign_recipients TO huntaze_app;
GRANT UPDATE (status, reason, variant, message_id) ON campaign_recipients TO huntaze_app;
