-- As in 0027, with locks of each workspace's own: two great transactions of two workspaces, each taking many of the few
-- that all shared, in an order of its own, waited for each other.
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
