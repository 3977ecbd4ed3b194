-- Conversations, what is said in them, and drafts that wait for a person. The rules of messages are in 0007.

CREATE TABLE conversations (
    workspace_id             uuid NOT NULL,
    id                       uuid NOT NULL,
    fan_id                   uuid NOT NULL,
    platform                 platform_name NOT NULL,
    platform_conversation_id text CHECK (char_length(platform_conversation_id) BETWEEN 1 AND 200),
    last_message_at          timestamptz,
    unread_count             integer NOT NULL DEFAULT 0 CHECK (unread_count >= 0),
    archived                 boolean NOT NULL DEFAULT false,
    metadata                 json_map NOT NULL DEFAULT '{}',
    created_at               timestamptz NOT NULL DEFAULT now(),
    updated_at               timestamptz NOT NULL DEFAULT now(),
    -- One that was opened and has no message yet stands where it was opened.
    newest_key               timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(last_message_at, created_at)) STORED,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT conversations_one_per_fan UNIQUE (workspace_id, fan_id, platform),
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans
);
CREATE UNIQUE INDEX conversations_known_once ON conversations (workspace_id, platform, platform_conversation_id)
    WHERE platform_conversation_id IS NOT NULL;
CREATE INDEX conversations_newest ON conversations (workspace_id, archived, newest_key DESC, id DESC);
CREATE INDEX conversations_unread ON conversations (workspace_id, newest_key DESC, id DESC) INCLUDE (unread_count)
    WHERE unread_count > 0;
CALL keep_within_workspace('conversations');
CALL stamp_updates('conversations');
-- Whose conversation it is never changes: approvals hang on it.
GRANT SELECT, INSERT ON conversations TO huntaze_app;
GRANT UPDATE (platform_conversation_id, last_message_at, unread_count, archived, metadata) ON conversations
    TO huntaze_app;

CREATE TABLE messages (
    workspace_id        uuid NOT NULL,
    id                  uuid NOT NULL,
    conversation_id     uuid NOT NULL,
    fan_id              uuid NOT NULL,
    account_id          uuid,
    campaign_id         uuid,
    direction           text NOT NULL CHECK (direction IN ('in', 'out')),
    status              text NOT NULL CHECK (status IN (
                            'received', 'draft', 'queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled'
                        )),
    sent_elsewhere      boolean NOT NULL DEFAULT false, -- typed in the platform's own app: recorded, never sent by us
    text                text NOT NULL DEFAULT '',
    price_cents         cents NOT NULL DEFAULT 0,
    currency            currency_code NOT NULL DEFAULT 'USD',
    attachments         json_list NOT NULL DEFAULT '[]',
    read                boolean NOT NULL DEFAULT false,
    platform_message_id text CHECK (char_length(platform_message_id) BETWEEN 1 AND 200),
    priority            smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 10), -- 10 is soonest
    content_hash        sha256_hash, -- set by trigger
    approved_by         uuid,
    approved_at         timestamptz,
    approved_hash       sha256_hash, -- what the person saw
    sent_by_ai          boolean NOT NULL DEFAULT false,
    ai_suggestion       text CHECK (char_length(ai_suggestion) <= 5000),
    attempt_id          uuid, -- the claim that it is, or was last, sent under
    claims              smallint NOT NULL DEFAULT 0 CHECK (claims >= 0),
    attempts            smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0), -- refused by the platform
    last_error          text CHECK (char_length(last_error) <= 500), -- a reason to show, never content
    occurred_at         timestamptz NOT NULL DEFAULT now(), -- its place in the thread
    queued_at           timestamptz,
    sent_at             timestamptz,
    metadata            json_map NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations,
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, account_id) REFERENCES platform_connections,
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns,
    FOREIGN KEY (workspace_id, approved_by) REFERENCES members,

    CONSTRAINT messages_content CHECK (text <> '' OR attachments <> '[]'),
    -- What we write is bounded by the contract; what arrives must not be lost for being long.
    CONSTRAINT messages_length CHECK (
        char_length(text) <= CASE WHEN direction = 'in' OR sent_elsewhere THEN 20000 ELSE 5000 END
    ),
    CONSTRAINT messages_received CHECK ((direction = 'in') = (status = 'received')),
    CONSTRAINT messages_elsewhere CHECK (
        NOT sent_elsewhere OR (direction = 'out' AND status = 'sent' AND platform_message_id IS NOT NULL)
    ),

    -- The promise: no outgoing message of ours is anything but a draft unless a person approved this very content.
    CONSTRAINT messages_approved CHECK (
        direction = 'in' OR sent_elsewhere OR status = 'draft'
        OR (approved_by IS NOT NULL AND approved_at IS NOT NULL
            AND content_hash IS NOT NULL AND approved_hash IS NOT DISTINCT FROM content_hash)
    ),
    CONSTRAINT messages_addressed CHECK (
        direction = 'in' OR sent_elsewhere OR status = 'draft' OR account_id IS NOT NULL
    ),
    CONSTRAINT messages_queued CHECK (status <> 'queued' OR queued_at IS NOT NULL),
    CONSTRAINT messages_claimed CHECK (status <> 'sending' OR attempt_id IS NOT NULL),
    CONSTRAINT messages_sent CHECK (status <> 'sent' OR sent_at IS NOT NULL)
);

-- The thread, newest first; also unread ones to mark, and what a fan was ever told.
CREATE INDEX messages_thread ON messages (workspace_id, conversation_id, occurred_at DESC, id DESC);
CREATE INDEX messages_unread ON messages (workspace_id, conversation_id) WHERE direction = 'in' AND NOT read;
CREATE INDEX messages_of_fan ON messages (workspace_id, fan_id, occurred_at DESC, id DESC);
CREATE INDEX messages_of_campaign ON messages (workspace_id, campaign_id) WHERE campaign_id IS NOT NULL;

-- Written once, however often the platform tells us.
CREATE UNIQUE INDEX messages_known_once ON messages (workspace_id, conversation_id, platform_message_id)
    WHERE platform_message_id IS NOT NULL;

-- What an account sends next: people before campaigns, then priority, then age.
CREATE INDEX messages_due
    ON messages (workspace_id, account_id, (campaign_id IS NOT NULL), priority DESC, queued_at, id)
    WHERE status = 'queued';

-- Two lines to one fan never change places, because only one can be on its way.
CREATE UNIQUE INDEX messages_one_sending ON messages (workspace_id, conversation_id) WHERE status = 'sending';

-- What needs a person.
CREATE INDEX messages_in_trouble ON messages (workspace_id, occurred_at DESC, id DESC)
    WHERE status IN ('failed', 'unknown');

CALL keep_within_workspace('messages');
CALL stamp_updates('messages');
-- No DELETE, and never another fan or conversation.
GRANT SELECT, INSERT ON messages TO huntaze_app;
GRANT UPDATE (
    account_id, status, text, price_cents, currency, attachments, read, platform_message_id, priority, approved_by,
    approved_at, approved_hash, attempt_id, claims, attempts, last_error, occurred_at, queued_at, sent_at, metadata
) ON messages TO huntaze_app;

-- Words of a person or a machine that no person has approved. Approving one inserts a message with the draft's
-- content_hash as approved_hash, and deletes the draft.
CREATE TABLE drafts (
    workspace_id    uuid NOT NULL,
    id              uuid NOT NULL,
    conversation_id uuid NOT NULL,
    fan_id          uuid NOT NULL,
    account_id      uuid,
    author          text NOT NULL CHECK (author IN ('human', 'machine')),
    author_id       uuid,
    text            text NOT NULL DEFAULT '' CHECK (char_length(text) <= 5000),
    price_cents     cents NOT NULL DEFAULT 0,
    currency        currency_code NOT NULL DEFAULT 'USD',
    attachments     json_list NOT NULL DEFAULT '[]',
    content_hash    sha256_hash NOT NULL, -- set by trigger, as for a message
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations,
    FOREIGN KEY (workspace_id, fan_id) REFERENCES fans,
    FOREIGN KEY (workspace_id, account_id) REFERENCES platform_connections,
    FOREIGN KEY (workspace_id, author_id) REFERENCES members,
    CONSTRAINT drafts_author CHECK ((author = 'human') = (author_id IS NOT NULL)),
    CONSTRAINT drafts_content CHECK (text <> '' OR attachments <> '[]')
);
CREATE INDEX drafts_of_conversation ON drafts (workspace_id, conversation_id, created_at DESC);
CREATE INDEX drafts_of_fan ON drafts (workspace_id, fan_id);
CALL keep_within_workspace('drafts');
CALL stamp_updates('drafts');
GRANT SELECT, INSERT, DELETE ON drafts TO huntaze_app;
GRANT UPDATE (account_id, text, price_cents, currency, attachments) ON drafts TO huntaze_app;
