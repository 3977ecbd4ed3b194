-- What people have on their desk: words to use again, what they are writing, and who is answering whom.

-- A deletion can be undone for 30 days, so a deleted template must not keep its name from a new one.
ALTER TABLE quick_replies ADD COLUMN deleted_at timestamptz;
ALTER TABLE templates ADD COLUMN deleted_at timestamptz;
DROP INDEX templates_one_name;
CREATE UNIQUE INDEX templates_one_name ON templates (workspace_id, lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX quick_replies_most_used ON quick_replies (workspace_id, usage_count DESC, id DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX templates_most_used ON templates (workspace_id, usage_count DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX quick_replies_deleted ON quick_replies (workspace_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX templates_deleted ON templates (workspace_id, deleted_at) WHERE deleted_at IS NOT NULL;

-- ETags are made of updated_at. Using a text changes its count and not the text: whoever edits it meanwhile is not stale.
DROP TRIGGER stamp_update ON quick_replies;
CREATE TRIGGER stamp_update BEFORE UPDATE OF template, category, deleted_at ON quick_replies
    FOR EACH ROW EXECUTE FUNCTION stamp_update();
DROP TRIGGER stamp_update ON templates;
CREATE TRIGGER stamp_update
    BEFORE UPDATE OF name, text, category, price_cents, currency, attachments, deleted_at ON templates
    FOR EACH ROW EXECUTE FUNCTION stamp_update();

-- The values that ai_config/model.py knows; it reads them back as such.
ALTER TABLE ai_configs
    ADD CONSTRAINT ai_configs_response_style
        CHECK (response_style IN ('conversational', 'direct', 'supportive', 'storytelling')),
    ADD CONSTRAINT ai_configs_tone CHECK (tone IN ('casual', 'flirty', 'friendly', 'playful', 'professional')),
    ADD CONSTRAINT ai_configs_platforms CHECK (platforms <@ '["onlyfans", "fansly"]');

-- What a member has typed in a conversation and not sent. It is theirs: every statement names the member too.
CREATE TABLE composer_drafts (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    member_id       uuid NOT NULL,
    text            text NOT NULL CHECK (char_length(text) <= 5000),
    price_cents     cents NOT NULL DEFAULT 0,
    currency        currency_code NOT NULL,
    attachments     json_list NOT NULL DEFAULT '[]',
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, conversation_id, member_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members
);
CALL keep_within_workspace('composer_drafts');
CALL stamp_updates('composer_drafts');
GRANT SELECT, INSERT, DELETE ON composer_drafts TO huntaze_app;
GRANT UPDATE (text, price_cents, currency, attachments) ON composer_drafts TO huntaze_app;

-- Who has a conversation open: a heartbeat every 20 seconds keeps a row alive, one that ended is cleared away later.
CREATE TABLE conversation_presence (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    member_id       uuid NOT NULL,
    here_until      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, member_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members
);
CREATE INDEX conversation_presence_ended ON conversation_presence (workspace_id, here_until);
CALL keep_within_workspace('conversation_presence');
GRANT SELECT, INSERT, UPDATE (here_until), DELETE ON conversation_presence TO huntaze_app;

-- Who answers. The primary key is the lock: a conversation has one row, so it has one who answers.
CREATE TABLE conversation_answering (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    member_id       uuid NOT NULL,
    answering_until timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members
);
CREATE INDEX conversation_answering_ended ON conversation_answering (workspace_id, answering_until);
CALL keep_within_workspace('conversation_answering');
GRANT SELECT, INSERT, UPDATE (member_id, answering_until), DELETE ON conversation_answering TO huntaze_app;
