-- The rules of messages: what is hashed, who may approve, which way the states go, and a row for every step.

-- What a person approves: to whom, through which account, what, for how much, with which media. The text of a jsonb
-- array has one form for one value, so fields cannot run into each other. Callers get the hash to approve from here.
CREATE FUNCTION message_hash(
    fan_id uuid, account_id uuid, text text, price_cents bigint, currency text, attachments jsonb
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(
    jsonb_build_array(fan_id, account_id, text, price_cents, currency, attachments)::text, 'UTF8'
));
GRANT EXECUTE ON FUNCTION message_hash(uuid, uuid, text, bigint, text, jsonb) TO huntaze_app;

-- A trigger, because convert_to is not immutable and so no generated column may use it.
CREATE FUNCTION hash_content() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.content_hash := message_hash(
        NEW.fan_id, NEW.account_id, NEW.text, NEW.price_cents, NEW.currency, NEW.attachments
    );
    RETURN NEW;
END
$$;

CREATE FUNCTION guard_message() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('draft', 'queued') THEN
            RAISE EXCEPTION 'an outgoing message cannot begin as %', NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_transition';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'draft'   THEN NEW.status = 'queued'
        WHEN 'queued'  THEN NEW.status IN ('sending', 'cancelled', 'failed', 'sent') -- sent: by a late answer
        WHEN 'sending' THEN NEW.status IN ('sent', 'failed', 'unknown', 'queued')
        WHEN 'unknown' THEN NEW.status IN ('sent', 'failed', 'queued')
        WHEN 'failed'  THEN NEW.status = 'queued' -- a person tries again
        ELSE false
    END) THEN
        RAISE EXCEPTION 'a message cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_transition';
    END IF;
    -- Approved words stay as they were approved, and with them who approved them. The one exception is an edit while
    -- it waits and no claim was ever made: a new approval together with the new words.
    IF OLD.status <> 'draft'
        AND (NEW.content_hash, NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.content_hash, OLD.approved_by, OLD.approved_at, OLD.approved_hash)
        AND NOT (OLD.status = 'queued' AND NEW.status = 'queued' AND OLD.claims = 0
            AND NEW.approved_at > OLD.approved_at)
    THEN
        RAISE EXCEPTION 'what was approved cannot change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_frozen';
    END IF;
    -- A message that kills its worker is stopped by its count; only a person who tries again starts it anew.
    IF NEW.claims < OLD.claims AND NOT (OLD.status = 'failed' AND NEW.status = 'queued') THEN
        RAISE EXCEPTION 'claims are only counted up'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_claims';
    END IF;
    RETURN NEW;
END
$$;

-- Triggers fire in the order of their names. Incoming messages and those sent elsewhere have no approval to guard.
CREATE TRIGGER messages_1_hash BEFORE INSERT OR UPDATE ON messages
    FOR EACH ROW WHEN (NEW.direction = 'out' AND NOT NEW.sent_elsewhere) EXECUTE FUNCTION hash_content();
CREATE TRIGGER messages_2_guard BEFORE INSERT OR UPDATE ON messages
    FOR EACH ROW WHEN (NEW.direction = 'out' AND NOT NEW.sent_elsewhere) EXECUTE FUNCTION guard_message();
CREATE TRIGGER drafts_1_hash BEFORE INSERT OR UPDATE ON drafts
    FOR EACH ROW EXECUTE FUNCTION hash_content();

-- A message or draft is to the fan of its conversation, through an account of the conversation's platform, and that
-- platform can send: onlyfans and fansly alone can.
CREATE FUNCTION check_address() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    conversation_platform text := (
        SELECT platform FROM conversations
        WHERE workspace_id = NEW.workspace_id AND id = NEW.conversation_id AND fan_id = NEW.fan_id
    );
    account_platform text := (
        SELECT platform FROM platform_connections WHERE workspace_id = NEW.workspace_id AND id = NEW.account_id
    );
BEGIN
    IF conversation_platform IS NULL THEN
        RAISE EXCEPTION 'the conversation is with another fan'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_TABLE_NAME || '_same_fan';
    END IF;
    IF account_platform <> conversation_platform THEN
        RAISE EXCEPTION 'the account is on another platform than the conversation'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_TABLE_NAME || '_same_platform';
    END IF;
    IF TG_ARGV[0] = 'ours' AND conversation_platform NOT IN ('onlyfans', 'fansly') THEN
        RAISE EXCEPTION 'nothing can be sent on %', conversation_platform
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_platform_sends';
    END IF;
    RETURN NULL;
END
$$;

-- After the row's own checks, like a foreign key: row-level security has its say first.
CREATE TRIGGER messages_3_address AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.direction = 'in' OR NEW.sent_elsewhere) EXECUTE FUNCTION check_address('theirs');
CREATE TRIGGER messages_3_address_ours AFTER INSERT OR UPDATE OF account_id ON messages
    FOR EACH ROW WHEN (NEW.direction = 'out' AND NOT NEW.sent_elsewhere) EXECUTE FUNCTION check_address('ours');
CREATE TRIGGER drafts_2_address AFTER INSERT OR UPDATE OF account_id ON drafts
    FOR EACH ROW EXECUTE FUNCTION check_address('ours');

-- An approval names somebody who may give it, at the moment it is given, or is the very act that approved the campaign.
CREATE FUNCTION check_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM members
        WHERE workspace_id = NEW.workspace_id AND id = NEW.approved_by
            AND status = 'active' AND role IN ('owner', 'manager', 'chatter')
    ) AND NOT EXISTS (
        SELECT FROM campaigns
        WHERE workspace_id = NEW.workspace_id AND id = NEW.campaign_id AND status = 'active'
            AND approved_by = NEW.approved_by AND approved_at = NEW.approved_at
    ) THEN
        RAISE EXCEPTION 'a message is approved by an active owner, manager or chatter of its workspace'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_approver';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER messages_4_approver_on_insert AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL) EXECUTE FUNCTION check_approval();
CREATE TRIGGER messages_4_approver_on_update AFTER UPDATE ON messages
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
        IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.approved_hash))
    EXECUTE FUNCTION check_approval();

-- One row for every step, in the step's own transaction. The application reads them and cannot write one: the trigger
-- runs as the owner, who is bound to the workspace like everybody.
CREATE TABLE message_transitions (
    workspace_id uuid NOT NULL,
    id           bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    message_id   uuid NOT NULL,
    from_status  text, -- NULL: the message was made
    to_status    text NOT NULL,
    attempt_id   uuid,
    actor_id     uuid, -- NULL: a machine
    reason       text,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, actor_id) REFERENCES members
);
CREATE INDEX message_transitions_of_message ON message_transitions (workspace_id, message_id, id);
CALL keep_within_workspace('message_transitions');
GRANT SELECT ON message_transitions TO huntaze_app;

CREATE FUNCTION record_transition() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO message_transitions (workspace_id, message_id, from_status, to_status, attempt_id, actor_id, reason)
    VALUES (
        NEW.workspace_id, NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, NEW.attempt_id,
        current_actor(), NEW.last_error
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER messages_5_transition_on_insert AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.direction = 'out' AND NOT NEW.sent_elsewhere) EXECUTE FUNCTION record_transition();
CREATE TRIGGER messages_5_transition_on_update AFTER UPDATE ON messages
    FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION record_transition();
