-- An approval is given by the person it names: who acts in the transaction, at that moment. Until now it had to name
-- somebody who may approve; so a machine could have put a name under words that this person never saw.

CREATE OR REPLACE FUNCTION check_campaign_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.approved_by IS DISTINCT FROM current_actor() THEN
        RAISE EXCEPTION 'a campaign is approved by the person who acts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_approver_acts';
    END IF;
    IF NOT EXISTS (
        SELECT FROM members
        WHERE workspace_id = NEW.workspace_id AND id = NEW.approved_by
            AND status = 'active' AND role IN ('owner', 'manager')
    ) THEN
        RAISE EXCEPTION 'a campaign is approved by an owner or a manager of its workspace'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_approver';
    END IF;
    RETURN NULL;
END
$$;

-- A machine writes the messages of a campaign, each under the very act that approved it.
CREATE OR REPLACE FUNCTION check_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM campaigns
        WHERE workspace_id = NEW.workspace_id AND id = NEW.campaign_id AND status = 'active'
            AND approved_by = NEW.approved_by AND approved_at = NEW.approved_at
    ) THEN
        RETURN NULL;
    END IF;
    IF NEW.approved_by IS DISTINCT FROM current_actor() THEN
        RAISE EXCEPTION 'a message is approved by the person who acts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_approver_acts';
    END IF;
    IF NOT EXISTS (
        SELECT FROM members
        WHERE workspace_id = NEW.workspace_id AND id = NEW.approved_by
            AND status = 'active' AND role IN ('owner', 'manager', 'chatter')
    ) THEN
        RAISE EXCEPTION 'a message is approved by an active owner, manager or chatter of its workspace'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_approver';
    END IF;
    RETURN NULL;
END
$$;

-- Asked also when a draft leaves with an approval that lay on it: it is given by letting the draft out, and nobody else
-- does that later in the same name.
CREATE OR REPLACE TRIGGER campaigns_approver_on_update AFTER UPDATE ON campaigns
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND (
        (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.approved_hash)
        OR (OLD.status = 'draft' AND NEW.status NOT IN ('draft', 'cancelled'))
    ))
    EXECUTE FUNCTION check_campaign_approval();
CREATE OR REPLACE TRIGGER messages_4_approver_on_update AFTER UPDATE ON messages
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND (
        (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.approved_hash)
        OR (OLD.status = 'draft' AND NEW.status <> 'draft')
    ))
    EXECUTE FUNCTION check_approval();

-- A new approval of a message that waits is a step too, from queued to queued: the last step into the queue out of
-- nothing, a draft or the queue tells whose hand the approval was.
CREATE OR REPLACE TRIGGER messages_5_transition_on_update AFTER UPDATE ON messages
    FOR EACH ROW WHEN (NEW.status <> OLD.status OR (OLD.status = 'queued'
        AND (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.approved_hash)))
    EXECUTE FUNCTION record_transition();
