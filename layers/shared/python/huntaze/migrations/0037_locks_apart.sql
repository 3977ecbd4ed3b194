-- Locks that many rows share: two great transactions, each taking many of them in an order of its own, waited for each
-- other. Now each workspace has locks of its own, and what nobody can have answered or paid for takes none.

CREATE OR REPLACE FUNCTION join_purchase() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid := current_workspace();
    sold uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', 'purchase', here), 0) + (hashtextextended(NEW.platform_message_id, 0) & 255)
    );
    IF NOT EXISTS (
        SELECT FROM transactions
        WHERE workspace_id = here AND fan_id = NEW.fan_id AND platform_message_id = NEW.platform_message_id
            AND message_id IS NULL
    ) THEN
        RETURN NULL;
    END IF;
    SELECT messages.id INTO sold FROM conversations JOIN messages USING (workspace_id)
    WHERE workspace_id = here AND conversations.fan_id = NEW.fan_id AND conversation_id = conversations.id
        AND platform_message_id = NEW.platform_message_id AND direction = 'out' AND price_cents > 0;
    IF FOUND THEN
        UPDATE transactions SET message_id = sold
        WHERE workspace_id = here AND fan_id = NEW.fan_id AND platform_message_id = NEW.platform_message_id
            AND message_id IS NULL;
        UPDATE messages SET bought_at = (
            SELECT min(occurred_at) FROM transactions WHERE workspace_id = here AND message_id = sold
        )
        WHERE workspace_id = here AND id = sold;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION take_turns_about(fan uuid) RETURNS void
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', 'campaign results', current_workspace()), 0)
            + (hashtextextended(coalesce(fans.merged_into, fans.id)::text, 0) & 255)
    )
    FROM fans WHERE fans.workspace_id = current_workspace() AND fans.id = fan;
END;

-- Whether a campaign has written to this person. A message is written down before it leaves, and its answer comes after:
-- who finds none has nothing to wait for.
CREATE FUNCTION has_campaign_message(fan uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM person_of(fan) AS person JOIN campaign_recipients AS r ON r.fan_id = person.fan_id
    WHERE r.workspace_id = current_workspace() AND r.message_id IS NOT NULL
);
GRANT EXECUTE ON FUNCTION has_campaign_message(uuid) TO huntaze_app;

CREATE OR REPLACE FUNCTION note_reply() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF has_campaign_message(NEW.fan_id) THEN
        PERFORM take_turns_about(NEW.fan_id);
        PERFORM credit_campaign_message(answered.campaign_id, answered.fan_id)
        FROM campaign_message_before(NEW.fan_id, NEW.occurred_at, interval '72 hours') AS answered;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION note_revenue() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT has_campaign_message(NEW.fan_id) THEN
        RETURN NULL;
    END IF;
    PERFORM take_turns_about(NEW.fan_id);
    IF NEW.kind = 'ppv' THEN
        PERFORM credit_campaign_message(sold.campaign_id, sold.fan_id) FROM campaign_recipients AS sold
        WHERE sold.workspace_id = NEW.workspace_id AND sold.message_id = NEW.message_id;
    ELSE
        PERFORM credit_campaign_message(tipped.campaign_id, tipped.fan_id)
        FROM campaign_message_before(NEW.fan_id, NEW.occurred_at, interval '24 hours') AS tipped;
    END IF;
    RETURN NULL;
END
$$;
