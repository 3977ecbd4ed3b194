-- What platforms tell by themselves: kept once, done once, and emptied as soon as it is done. Decision 21 has the reasons.

-- Whose connection it is, for a request that only names it. The id of one workspace's connection is nobody else's.
CREATE FUNCTION workspace_of_connection(connection_id uuid, on_platform text) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT c.workspace_id FROM platform_connections AS c
    WHERE c.id = connection_id AND c.platform = on_platform AND c.status <> 'revoked';
END;

-- A message may be longer than what other JSON columns take, so the payload has a bound of its own. `id` is our name for
-- the event: the sender's own is theirs to choose, and queues hold no words of others.
ALTER TABLE webhook_events
    ALTER COLUMN payload TYPE jsonb,
    ADD CONSTRAINT webhook_events_payload
        CHECK (jsonb_typeof(payload) = 'object' AND octet_length(payload::text) <= 1048576),
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN outcome text CHECK (outcome IN (
        'done',         -- it is written down
        'known',        -- it was written down before, by another event
        'dropped',      -- it is about a person who was erased
        'unknown_type', -- kept for a while: a later version may know it
        'malformed',    -- it does not say what its type must say; last_error names the field
        'failed'        -- it could not be done for as long as words are kept
    )),
    ADD COLUMN tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0), -- that ended in an error of ours
    ADD COLUMN emptied_at timestamptz, -- since when nobody's words are in it
    ADD CONSTRAINT webhook_events_ended CHECK ((processed_at IS NULL) = (outcome IS NULL)),
    ADD CONSTRAINT webhook_events_empty CHECK (emptied_at IS NULL OR payload = '{}'),
    ADD CONSTRAINT webhook_events_of_ours UNIQUE (workspace_id, id);
CREATE INDEX webhook_events_with_words ON webhook_events (received_at) WHERE emptied_at IS NULL;
GRANT UPDATE (payload, outcome, tries, emptied_at) ON webhook_events TO huntaze_app;

-- What somebody else signed is never changed, and what was done is not done again.
CREATE FUNCTION guard_webhook_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.payload <> OLD.payload AND NEW.emptied_at IS NULL THEN
        RAISE EXCEPTION 'what a platform told is only ever emptied'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'webhook_events_emptied';
    END IF;
    IF OLD.processed_at IS NOT NULL
        AND (NEW.processed_at, NEW.outcome) IS DISTINCT FROM (OLD.processed_at, OLD.outcome)
    THEN
        RAISE EXCEPTION 'an event is done once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'webhook_events_once';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER webhook_events_1_guard BEFORE UPDATE ON webhook_events
    FOR EACH ROW EXECUTE FUNCTION guard_webhook_event();

-- What a schedule looks for, in all workspaces: ids alone.
CREATE POLICY read_by_functions ON webhook_events FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, connection_id, received_at, processed_at, tries, emptied_at) ON webhook_events
    TO huntaze_reader;

CREATE FUNCTION webhook_events_forgotten(received_before timestamptz, most_tries integer, at_most integer)
RETURNS TABLE (workspace_id uuid, connection_id uuid, event_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT e.workspace_id, e.connection_id, e.id FROM webhook_events AS e
    WHERE e.processed_at IS NULL AND e.received_at < received_before AND e.tries < most_tries
    ORDER BY e.received_at LIMIT at_most;
END;

CREATE FUNCTION workspaces_with_old_words(received_before timestamptz, at_most integer)
RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT DISTINCT e.workspace_id FROM webhook_events AS e
    WHERE e.emptied_at IS NULL AND e.received_at < received_before LIMIT at_most;
END;

CALL run_as_reader('workspace_of_connection(uuid, text)');
CALL run_as_reader('webhook_events_forgotten(timestamptz, integer, integer)');
CALL run_as_reader('workspaces_with_old_words(timestamptz, integer)');

-- Since when an account is signed in. News of the end of an earlier login, told late, ends nothing.
ALTER TABLE platform_connections ADD COLUMN signed_in_at timestamptz NOT NULL DEFAULT now();
CREATE FUNCTION note_sign_in() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.signed_in_at := clock_timestamp();
    RETURN NEW;
END
$$;
CREATE TRIGGER connections_1_sign_in BEFORE UPDATE OF status, credentials ON platform_connections
    FOR EACH ROW WHEN (
        NEW.status = 'active' AND (OLD.status <> 'active' OR NEW.credentials IS DISTINCT FROM OLD.credentials)
    ) EXECUTE FUNCTION note_sign_in();

ALTER TABLE fans
    -- When the platform, or a person, said last whether the fan is subscribed: what is older changes nothing.
    ADD COLUMN subscription_at timestamptz,
    -- Until when value_cents holds all that was paid, as whoever wrote it down knew: what was paid later is added to it,
    -- and what was paid before is not added again. NULL: nobody wrote it down, it is the sum of payments.
    ADD COLUMN valued_at timestamptz DEFAULT now();
ALTER TABLE fans ALTER COLUMN valued_at DROP DEFAULT;

-- Nothing of that is left of a person who was erased.
CREATE FUNCTION forget_moments() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.subscription_at := NULL;
    NEW.valued_at := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER fans_4_forgotten BEFORE UPDATE OF erased_at ON fans
    FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION forget_moments();

-- A fan who is known by a username alone, and turns out to have an id.
CREATE INDEX fans_without_id ON fans (workspace_id, platform, handle) WHERE platform_id IS NULL AND handle IS NOT NULL;

-- What a merged fan pays is theirs and counts for who is shown; the merge has given that too, so that undoing it takes
-- back exactly as much.
GRANT UPDATE (value_cents, currency) ON fan_merges TO huntaze_app;

-- Platforms number each kind of payment for itself.
ALTER TABLE transactions
    DROP CONSTRAINT transactions_known_once,
    ADD CONSTRAINT transactions_known_once UNIQUE (workspace_id, platform, kind, platform_transaction_id),
    ADD COLUMN platform_message_id text CHECK (char_length(platform_message_id) BETWEEN 1 AND 200);
CREATE INDEX transactions_without_message ON transactions (workspace_id, fan_id, platform_message_id)
    WHERE message_id IS NULL AND platform_message_id IS NOT NULL;

CREATE FUNCTION forget_sold_message() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.platform_message_id := NULL;
    RETURN NEW;
END
$$;
-- Only erasing a person changes the platform's id of a payment.
CREATE TRIGGER transactions_1_forgotten BEFORE UPDATE OF platform_transaction_id ON transactions
    FOR EACH ROW EXECUTE FUNCTION forget_sold_message();

-- When the fan bought what is in it; the payment itself is in transactions.
ALTER TABLE messages ADD COLUMN bought_at timestamptz;

-- A sale can be told before we know the message by the platform's id. Whichever comes second joins the two, under a lock
-- that both take, so that neither misses the other. Of locks there are few, so that a great transaction takes few. It
-- runs as the owner: the application adds to the ledger and never changes it.
CREATE FUNCTION join_purchase() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid := current_workspace();
    sold uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended('purchase', 0) + (hashtextextended(concat_ws(' ', here, NEW.platform_message_id), 0) & 255)
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
CREATE TRIGGER transactions_2_purchase AFTER INSERT ON transactions
    FOR EACH ROW WHEN (NEW.kind = 'ppv' AND NEW.message_id IS NULL AND NEW.platform_message_id IS NOT NULL)
    EXECUTE FUNCTION join_purchase();
CREATE TRIGGER messages_6_purchase_on_insert AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.direction = 'out' AND NEW.price_cents > 0 AND NEW.platform_message_id IS NOT NULL)
    EXECUTE FUNCTION join_purchase();
CREATE TRIGGER messages_6_purchase_on_update AFTER UPDATE OF platform_message_id ON messages
    FOR EACH ROW WHEN (
        NEW.direction = 'out' AND NEW.price_cents > 0 AND NEW.platform_message_id IS NOT NULL
        AND NEW.platform_message_id IS DISTINCT FROM OLD.platform_message_id
    ) EXECUTE FUNCTION join_purchase();
