-- Campaigns: who gets one, which words, and what became of each. Decision 28.

ALTER TABLE campaigns
    ADD COLUMN starts_at    timestamptz, -- NULL: at once
    ADD COLUMN ends_at      timestamptz, -- nothing of it leaves from then on
    ADD COLUMN launched_at  timestamptz, -- the audience is who was there then
    ADD COLUMN fill_cursor  uuid,        -- the last fan who was looked at
    ADD COLUMN filled_at    timestamptz, -- everybody has a row
    ADD COLUMN closed_at    timestamptz, -- cancelled, and everybody has been told so
    ADD COLUMN pause_reason text CHECK (pause_reason ~ '^[a-z_]{1,50}$'),
    ADD COLUMN watched_from json_map NOT NULL DEFAULT '{}', -- sent and failed when somebody last let it go on
    ADD COLUMN left_out     json_map NOT NULL DEFAULT '{}'; -- who was named and has no row: how many by reason

-- Campaigns of before were over as soon as they were written down.
ALTER TABLE campaigns NO FORCE ROW LEVEL SECURITY;
UPDATE campaigns SET launched_at = coalesce(started_at, approved_at, created_at), filled_at = coalesce(started_at, now())
WHERE status NOT IN ('draft', 'cancelled');
ALTER TABLE campaigns FORCE ROW LEVEL SECURITY;
ALTER TABLE campaigns
    ADD CONSTRAINT campaigns_launched CHECK (status IN ('draft', 'cancelled') OR launched_at IS NOT NULL),
    ADD CONSTRAINT campaigns_scheduled CHECK (status <> 'scheduled' OR starts_at IS NOT NULL),
    ADD CONSTRAINT campaigns_paused CHECK (pause_reason IS NULL OR status = 'paused'),
    ADD CONSTRAINT campaigns_filled CHECK (status <> 'completed' OR filled_at IS NOT NULL),
    ADD CONSTRAINT campaigns_in_time CHECK (ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at);
GRANT UPDATE (
    starts_at, ends_at, launched_at, fill_cursor, filled_at, closed_at, pause_reason, watched_from, left_out
) ON campaigns TO huntaze_app;
DROP INDEX campaigns_running;
CREATE INDEX campaigns_running ON campaigns (workspace_id, id)
    WHERE status IN ('scheduled', 'active') OR (status = 'cancelled' AND launched_at IS NOT NULL AND closed_at IS NULL);

ALTER TABLE campaign_recipients
    ADD COLUMN account_id    uuid, -- through which; NULL where nothing leaves
    ADD COLUMN zone          text CHECK (char_length(zone) <= 64), -- the fan's own, where quiet hours are asked in it
    ADD COLUMN text          text CHECK (char_length(text) <= 5000), -- as this fan gets it, where it is not simply the
                                                                    -- variant's; set by trigger
    ADD COLUMN content_hash  sha256_hash, -- of the message to be; set by trigger
    ADD COLUMN sent_at       timestamptz,
    ADD COLUMN replied_at    timestamptz,
    ADD COLUMN revenue_cents cents NOT NULL DEFAULT 0,
    ADD COLUMN currency      currency_code NOT NULL DEFAULT 'USD'; -- the workspace's own at the launch; set by trigger

ALTER TABLE campaign_recipients NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messages NO FORCE ROW LEVEL SECURITY;
UPDATE campaign_recipients AS r SET account_id = m.account_id, content_hash = m.content_hash, sent_at = m.sent_at
FROM messages AS m WHERE m.workspace_id = r.workspace_id AND m.id = r.message_id;
UPDATE campaign_recipients SET status = 'skipped', reason = 'unknown'
WHERE status <> 'skipped' AND (content_hash IS NULL OR account_id IS NULL);
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
ALTER TABLE campaign_recipients
    ADD CONSTRAINT campaign_recipients_through FOREIGN KEY (workspace_id, account_id) REFERENCES platform_connections,
    ADD CONSTRAINT campaign_recipients_worded CHECK (
        status = 'skipped' OR (account_id IS NOT NULL AND content_hash IS NOT NULL)
    ),
    ADD CONSTRAINT campaign_recipients_sent CHECK (status <> 'sent' OR sent_at IS NOT NULL);
-- What flows next, and what a fan got last.
CREATE INDEX campaign_recipients_pending ON campaign_recipients (workspace_id, campaign_id, account_id, zone, fan_id)
    WHERE status = 'pending';
CREATE INDEX campaign_recipients_last_sent ON campaign_recipients (workspace_id, fan_id, sent_at DESC)
    WHERE sent_at IS NOT NULL;
REVOKE UPDATE (variant) ON campaign_recipients FROM huntaze_app;
GRANT UPDATE (sent_at, replied_at, revenue_cents) ON campaign_recipients TO huntaze_app;

-- As in 0005, but for two things. A launch is for good: rows were made of these words, so nothing goes back to draft.
-- And what is to begin later may rest too, and goes back to waiting for its time.
CREATE OR REPLACE FUNCTION guard_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('draft', 'scheduled', 'active') THEN
            RAISE EXCEPTION 'a campaign cannot begin as %', NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_transition';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'draft'     THEN NEW.status IN ('scheduled', 'active', 'cancelled')
        WHEN 'scheduled' THEN NEW.status IN ('active', 'paused', 'cancelled')
        WHEN 'active'    THEN NEW.status IN ('paused', 'completed', 'cancelled')
        WHEN 'paused'    THEN NEW.status IN ('scheduled', 'active', 'completed', 'cancelled')
        WHEN 'completed' THEN NEW.status = 'active' -- what failed is tried again
        ELSE false
    END) THEN
        RAISE EXCEPTION 'a campaign cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_transition';
    END IF;
    -- Approved content and audience stay as they were approved.
    IF OLD.status <> 'draft'
        AND (NEW.content_hash, NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.content_hash, OLD.approved_by, OLD.approved_at, OLD.approved_hash)
    THEN
        RAISE EXCEPTION 'what a campaign was approved for cannot change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_frozen';
    END IF;
    RETURN NEW;
END
$$;

-- The part of a template that somebody gets. A template without variants is its own.
CREATE FUNCTION campaign_variant(template jsonb, variant text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN template ? 'variants'
    THEN (SELECT each FROM jsonb_array_elements(template -> 'variants') AS each WHERE each ->> 'name' = variant)
    ELSE template END;

-- The words of a template for one fan, as `wording` makes them; words of a name are what stands between what Python
-- takes for blanks, whatever the database's own locale does.
CREATE FUNCTION worded(parts jsonb, fan fans) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
    SELECT string_agg(CASE part ->> 'variable'
        WHEN 'name' THEN coalesce(nullif(split_part(names.whole, ' ', 1), ''), part ->> 'text')
        WHEN 'full_name' THEN coalesce(nullif(names.whole, ''), part ->> 'text')
        WHEN 'handle' THEN coalesce(nullif(fan.handle, ''), part ->> 'text')
        WHEN 'platform' THEN coalesce(
            CASE fan.platform WHEN 'onlyfans' THEN 'OnlyFans' WHEN 'fansly' THEN 'Fansly' WHEN 'patreon' THEN 'Patreon' END,
            part ->> 'text'
        )
        ELSE part ->> 'text' END, '' ORDER BY place)
    FROM jsonb_array_elements(parts) WITH ORDINALITY AS listed (part, place),
        (SELECT btrim(regexp_replace(
            fan.name, '[\s\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'
        )) AS whole) AS names
);

-- A place from 0 to 99 for each fan of a campaign, for ever the same: shares of variants are stretches of it.
CREATE FUNCTION campaign_point(campaign uuid, fan uuid) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('x' || left(encode(sha256(uuid_send(campaign) || uuid_send(fan)), 'hex'), 6))::bit(24)::integer % 100;

-- What hangs on each message of a variant, as messages keep it.
CREATE FUNCTION campaign_media(variant jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(
    (SELECT jsonb_agg(jsonb_build_object('url', url) ORDER BY place)
     FROM jsonb_array_elements_text(variant -> 'mediaUrls') WITH ORDINALITY AS listed (url, place)),
    '[]'
);

GRANT EXECUTE ON FUNCTION
    campaign_variant(jsonb, text), worded(jsonb, fans), campaign_point(uuid, uuid), campaign_media(jsonb) TO huntaze_app;

-- The words are made here, from what was approved, and nowhere else.
CREATE FUNCTION word_recipient() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    approved campaigns;
    chosen   jsonb;
    fan      fans;
BEGIN
    NEW.text := NULL;
    NEW.content_hash := NULL;
    NEW.currency := (SELECT currency FROM workspaces WHERE id = NEW.workspace_id);
    IF NEW.status = 'skipped' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO approved FROM campaigns WHERE workspace_id = NEW.workspace_id AND id = NEW.campaign_id;
    IF approved.status = 'draft' THEN -- its words may still change
        RAISE EXCEPTION 'a campaign has no recipients before it is launched'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_recipients_launched';
    END IF;
    chosen := campaign_variant(approved.template, NEW.variant);
    IF chosen ? 'parts' THEN
        SELECT * INTO fan FROM fans WHERE workspace_id = NEW.workspace_id AND id = NEW.fan_id;
        NEW.text := left(worded(chosen -> 'parts', fan), 5000);
    END IF;
    NEW.content_hash := message_hash(
        NEW.fan_id, NEW.account_id, coalesce(NEW.text, chosen ->> 'content'),
        coalesce((chosen ->> 'priceCents')::bigint, 0), coalesce(chosen ->> 'currency', 'USD'), campaign_media(chosen)
    );
    RETURN NEW;
END
$$;
CREATE TRIGGER campaign_recipients_1_words BEFORE INSERT ON campaign_recipients
    FOR EACH ROW EXECUTE FUNCTION word_recipient();

-- Signed changes and their sums: progress is their sum, and nobody waits for a counter.
CREATE TABLE campaign_tallies (
    workspace_id  uuid NOT NULL,
    campaign_id   uuid NOT NULL,
    id            bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    variant       text,
    account_id    uuid,
    status        text NOT NULL,
    reason        text,
    recipients    integer NOT NULL,
    replies       integer NOT NULL,
    buyers        integer NOT NULL,
    revenue_cents bigint NOT NULL,
    currency      currency_code NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);
INSERT INTO campaign_tallies (
    workspace_id, campaign_id, variant, account_id, currency, status, reason, recipients, replies, buyers, revenue_cents
)
SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, count(*), 0, 0, 0
FROM campaign_recipients GROUP BY workspace_id, campaign_id, variant, account_id, currency, status, reason;
ALTER TABLE campaign_recipients FORCE ROW LEVEL SECURITY;
CALL keep_within_workspace('campaign_tallies');
GRANT SELECT ON campaign_tallies TO huntaze_app;

CREATE FUNCTION tally_recipients() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO campaign_tallies (
            workspace_id, campaign_id, variant, account_id, currency, status, reason, recipients, replies, buyers,
            revenue_cents
        )
        SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, count(*), count(replied_at),
            count(*) FILTER (WHERE revenue_cents > 0), sum(revenue_cents)
        FROM new_rows GROUP BY workspace_id, campaign_id, variant, account_id, currency, status, reason;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO campaign_tallies (
            workspace_id, campaign_id, variant, account_id, currency, status, reason, recipients, replies, buyers,
            revenue_cents
        )
        SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, sum(sign), sum(sign * replied),
            sum(sign * bought), sum(sign * revenue_cents)
        FROM (
            SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, 1 AS sign,
                (replied_at IS NOT NULL)::integer AS replied, (revenue_cents > 0)::integer AS bought, revenue_cents
            FROM new_rows
            UNION ALL
            SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, -1,
                (replied_at IS NOT NULL)::integer, (revenue_cents > 0)::integer, revenue_cents
            FROM old_rows
        ) AS changes
        GROUP BY workspace_id, campaign_id, variant, account_id, currency, status, reason
        HAVING (sum(sign), sum(sign * replied), sum(sign * bought), sum(sign * revenue_cents)) <> (0, 0, 0, 0);
    ELSE
        INSERT INTO campaign_tallies (
            workspace_id, campaign_id, variant, account_id, currency, status, reason, recipients, replies, buyers,
            revenue_cents
        )
        SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, -count(*), -count(replied_at),
            -count(*) FILTER (WHERE revenue_cents > 0), -sum(revenue_cents)
        FROM old_rows GROUP BY workspace_id, campaign_id, variant, account_id, currency, status, reason;
        -- Somebody was erased: nothing is left of what was only about them.
        PERFORM fold_tallies(campaign_id) FROM (SELECT DISTINCT campaign_id FROM old_rows) AS touched;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER campaign_recipients_2_tally_insert AFTER INSERT ON campaign_recipients
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_recipients();
CREATE TRIGGER campaign_recipients_2_tally_update AFTER UPDATE ON campaign_recipients
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_recipients();
CREATE TRIGGER campaign_recipients_2_tally_delete AFTER DELETE ON campaign_recipients
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_recipients();

-- Many changes become one row for each kind, while others go on adding. Of two at once, the second finds little to fold.
CREATE FUNCTION fold_tallies(folded uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    WITH gone AS (
        DELETE FROM campaign_tallies WHERE workspace_id = current_workspace() AND campaign_id = folded RETURNING *
    )
    INSERT INTO campaign_tallies (
        workspace_id, campaign_id, variant, account_id, currency, status, reason, recipients, replies, buyers,
        revenue_cents
    )
    SELECT workspace_id, campaign_id, variant, account_id, currency, status, reason, sum(recipients), sum(replies),
        sum(buyers), sum(revenue_cents)
    FROM gone GROUP BY workspace_id, campaign_id, variant, account_id, currency, status, reason
    HAVING (sum(recipients), sum(replies), sum(buyers), sum(revenue_cents)) <> (0, 0, 0, 0);
END;
GRANT EXECUTE ON FUNCTION fold_tallies(uuid) TO huntaze_app;

-- Nothing leaves from this moment on: quiet hours begin, or its time is over.
ALTER TABLE messages ADD COLUMN leave_before timestamptz;
GRANT UPDATE (leave_before) ON messages TO huntaze_app;

-- As in 0024, and: under a campaign's approval stand the very words that the database made for this fan.
CREATE OR REPLACE FUNCTION check_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM campaigns AS c
        JOIN campaign_recipients AS r ON r.workspace_id = c.workspace_id AND r.campaign_id = c.id
        WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.campaign_id AND c.status = 'active'
            AND c.approved_by = NEW.approved_by AND c.approved_at = NEW.approved_at
            AND r.fan_id = NEW.fan_id AND r.content_hash = NEW.content_hash
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
CREATE OR REPLACE TRIGGER messages_4_approver_on_update AFTER UPDATE ON messages
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND (
        (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.approved_hash)
        OR (OLD.status = 'draft' AND NEW.status = 'queued')
    ))
    EXECUTE FUNCTION check_approval();

-- A recipient's state follows the message. What comes back into the queue opens its campaign again.
CREATE FUNCTION tell_recipient() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    reopens boolean := NEW.status = 'queued' AND OLD.status IN ('unknown', 'failed');
BEGIN
    -- Nobody completes it meanwhile, and whoever has just done so is seen. First, as everybody locks who steers one.
    IF reopens THEN
        PERFORM FROM campaigns WHERE workspace_id = NEW.workspace_id AND id = NEW.campaign_id FOR SHARE;
    END IF;
    UPDATE campaign_recipients SET
        status = CASE NEW.status WHEN 'draft' THEN 'pending' WHEN 'sending' THEN 'queued' ELSE NEW.status END,
        reason = CASE WHEN NEW.status IN ('failed', 'cancelled') THEN left(NEW.last_error, 200) END,
        sent_at = NEW.sent_at
    WHERE workspace_id = NEW.workspace_id AND message_id = NEW.id
        AND status <> 'skipped'; -- who was left out meanwhile, and whose draft goes with that
    IF reopens THEN
        UPDATE campaigns SET status = 'active', completed_at = NULL
        WHERE workspace_id = NEW.workspace_id AND id = NEW.campaign_id AND status = 'completed';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_7_recipient AFTER UPDATE OF status ON messages
    FOR EACH ROW WHEN (NEW.campaign_id IS NOT NULL AND NEW.status <> OLD.status AND NOT (
        (OLD.status = 'queued' AND NEW.status = 'sending') OR (OLD.status = 'sending' AND NEW.status = 'queued')
    ))
    EXECUTE FUNCTION tell_recipient();

-- As in 0019; the recipients of what is withdrawn are told by the trigger above.
CREATE OR REPLACE FUNCTION withdraw_unwanted() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    shown    uuid := coalesce(NEW.merged_into, NEW.id);
    unwanted uuid[] := ARRAY(SELECT fan_id FROM same_person(shown));
BEGIN
    IF NOT (SELECT do_not_contact FROM fans WHERE workspace_id = NEW.workspace_id AND id = shown) THEN
        RETURN NULL;
    END IF;
    UPDATE messages SET status = 'cancelled', last_error = 'do_not_contact'
    WHERE workspace_id = NEW.workspace_id AND fan_id = ANY(unwanted)
        AND (status = 'queued' OR (status = 'draft' AND campaign_id IS NOT NULL));
    UPDATE campaign_recipients SET status = 'skipped', reason = 'do_not_contact'
    WHERE workspace_id = NEW.workspace_id AND fan_id = ANY(unwanted) AND status = 'pending';
    RETURN NULL;
END
$$;

-- Two fans who turn out to be one person get a campaign once: whoever is hidden gives way while their turn has not come.
CREATE FUNCTION withdraw_merged() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    twice uuid[] := ARRAY(
        SELECT mine.campaign_id FROM campaign_recipients AS mine
        JOIN campaign_recipients AS theirs
            ON theirs.workspace_id = mine.workspace_id AND theirs.campaign_id = mine.campaign_id
            AND theirs.fan_id IN (SELECT fan_id FROM same_person(NEW.merged_into))
        WHERE mine.workspace_id = NEW.workspace_id AND mine.fan_id = NEW.id AND theirs.fan_id <> NEW.id
            AND mine.status IN ('pending', 'queued') AND theirs.status NOT IN ('skipped', 'cancelled')
    );
BEGIN
    UPDATE messages SET status = 'cancelled', last_error = 'duplicate'
    WHERE workspace_id = NEW.workspace_id AND fan_id = NEW.id AND campaign_id = ANY(twice)
        AND status IN ('draft', 'queued');
    UPDATE campaign_recipients SET status = 'skipped', reason = 'duplicate'
    WHERE workspace_id = NEW.workspace_id AND fan_id = NEW.id AND campaign_id = ANY(twice) AND status = 'pending';
    RETURN NULL;
END
$$;
CREATE TRIGGER fans_4_merged AFTER UPDATE OF merged_into ON fans
    FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL AND NEW.merged_into IS DISTINCT FROM OLD.merged_into)
    EXECUTE FUNCTION withdraw_merged();

-- "Completed" is what the rows say.
CREATE FUNCTION check_completed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM campaign_recipients
        WHERE workspace_id = NEW.workspace_id AND campaign_id = NEW.id AND status IN ('pending', 'queued')
    ) THEN
        RAISE EXCEPTION 'a campaign is not completed while somebody waits for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_completed';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER campaigns_completed AFTER UPDATE OF status ON campaigns
    FOR EACH ROW WHEN (NEW.status = 'completed') EXECUTE FUNCTION check_completed();

-- What the schedule has to see to, in any order: with more than one round reaches, the same would be reached each time.
CREATE POLICY read_by_functions ON campaigns FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (workspace_id, id, status, starts_at, launched_at, filled_at, closed_at) ON campaigns TO huntaze_reader;
CREATE FUNCTION campaigns_to_run(at_most integer)
RETURNS TABLE (workspace_id uuid, campaign_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT c.workspace_id, c.id FROM campaigns AS c
    WHERE (c.status IN ('scheduled', 'active') AND (
            c.status = 'active' OR c.filled_at IS NULL OR c.starts_at <= clock_timestamp()
        ))
        OR (c.status = 'cancelled' AND c.launched_at IS NOT NULL AND c.closed_at IS NULL)
    ORDER BY random()
    LIMIT at_most;
END;
CALL run_as_reader('campaigns_to_run(integer)');

-- How many waits of people and campaigns an account has: what the flow leaves room for.
CREATE INDEX messages_of_campaign_waiting ON messages (workspace_id, account_id, campaign_id)
    WHERE status = 'queued' AND campaign_id IS NOT NULL;
