-- Connecting, testing and disconnecting an account. Decision 20 has the reasons.

ALTER TABLE platform_connections
    -- What the bridge said when it was last asked; nothing is known of an account that was never tested.
    ADD COLUMN capabilities text[] NOT NULL DEFAULT '{}',
    ADD COLUMN limit_messages integer CHECK (limit_messages > 0),
    ADD COLUMN limit_seconds integer CHECK (limit_seconds > 0),
    ADD COLUMN last_tested_at timestamptz,
    ADD COLUMN last_answered_at timestamptz,
    -- Who took the consent back, and when. Connecting again needs a new consent, which takes the place of the old one;
    -- what was before is in the audit log.
    ADD COLUMN consent_revoked_by uuid,
    ADD COLUMN consent_revoked_at timestamptz,
    ADD FOREIGN KEY (workspace_id, consent_revoked_by) REFERENCES members,
    ADD CONSTRAINT connections_limit CHECK ((limit_messages IS NULL) = (limit_seconds IS NULL)),
    ADD CONSTRAINT connections_consent_ended CHECK (
        (status = 'revoked') = (consent_revoked_at IS NOT NULL)
        AND (consent_revoked_by IS NULL) = (consent_revoked_at IS NULL)
    );

GRANT UPDATE (
    capabilities, limit_messages, limit_seconds, last_tested_at, last_answered_at, consent_revoked_by,
    consent_revoked_at
) ON platform_connections TO huntaze_app;
