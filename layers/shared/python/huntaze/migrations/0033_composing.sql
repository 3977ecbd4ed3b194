-- Saying it otherwise: what waits, or was not sent, gets other words by a new approval; and a draft that was dismissed
-- can be brought back for a while.

-- Whether the platform may have something that was handed over of a message. It has not where it said so each time: by
-- refusing it, by not accepting it, or, after an answer that nobody heard, by not finding it twice (PROOF of
-- huntaze/delivery/reconciling.py). A person who says that it is not there may be wrong, and is no proof.
CREATE FUNCTION may_have_arrived(of_workspace uuid, of_message uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM delivery_attempts
    WHERE workspace_id = of_workspace AND message_id = of_message AND (
        outcome IS NULL OR outcome = 'accepted' OR (outcome IN ('unknown', 'lapsed') AND absences < 2)
    )
);
GRANT EXECUTE ON FUNCTION may_have_arrived(uuid, uuid) TO huntaze_app;

-- As in 0007 but for two things. What lets words change: the number of claims says too little (a retry sets it to nothing)
-- and too much (what was refused never arrived). And campaigns (0035): what one has let out waits again as a draft, or is
-- dropped, while it has not been claimed.
CREATE OR REPLACE FUNCTION guard_message() RETURNS trigger
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
        WHEN 'draft'   THEN NEW.status = 'queued' OR (NEW.campaign_id IS NOT NULL AND (
            NEW.status = 'cancelled' OR (NEW.status = 'sent' AND OLD.attempt_id IS NOT NULL) -- sent: by a late answer
        ))
        WHEN 'queued'  THEN NEW.status IN ('sending', 'cancelled', 'failed', 'sent') -- sent: by a late answer
            OR (NEW.status = 'draft' AND NEW.campaign_id IS NOT NULL)
        WHEN 'sending' THEN NEW.status IN ('sent', 'failed', 'unknown', 'queued')
        WHEN 'unknown' THEN NEW.status IN ('sent', 'failed', 'queued')
        WHEN 'failed'  THEN NEW.status = 'queued' -- a person tries again
        ELSE false
    END) THEN
        RAISE EXCEPTION 'a message cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_transition';
    END IF;
    -- Approved words stay as they were approved, and with them who approved them. The one exception is an edit while
    -- it waits and nothing of it can have arrived: a new approval together with the new words. It belongs to no attempt
    -- then, so that a late answer to the old words is none to these.
    IF (OLD.status <> 'draft' OR OLD.campaign_id IS NOT NULL)
        AND (NEW.content_hash, NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.content_hash, OLD.approved_by, OLD.approved_at, OLD.approved_hash)
        AND NOT (OLD.status = 'queued' AND NEW.status = 'queued' AND NEW.approved_at > OLD.approved_at
            AND NEW.attempt_id IS NULL AND NOT may_have_arrived(OLD.workspace_id, OLD.id))
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

-- Whose words they are now.
GRANT UPDATE (sent_by_ai) ON messages TO huntaze_app;

-- A draft that was dismissed is in no list, is approved by nobody, and goes for good after 30 days.
ALTER TABLE drafts ADD COLUMN dismissed_at timestamptz;
GRANT UPDATE (dismissed_at) ON drafts TO huntaze_app;
CREATE INDEX drafts_dismissed ON drafts (workspace_id, dismissed_at) WHERE dismissed_at IS NOT NULL;
