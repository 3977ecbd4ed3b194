-- What came of campaign messages, in whichever order it is told that one was sent, answered and paid for. Decision 28.
--
-- A fan can answer before we know that they have it, and a message that nobody knew of turns out to have arrived. So what
-- came of a message is made anew from what is known whenever any of it changes: twice or late gives the same, and a
-- reply moves on to the campaign message it turns out to answer.

-- A hand-over takes at most 30 seconds (the lease of a claim), so a fan has a message at most that long before its sent_at.
-- 72 and 24 hours are REPLY_HOURS and TIP_HOURS of huntaze/campaigns/model.py.

-- What concerns one person is seen one after the other: neither a send nor an answer misses the other. Of locks each
-- workspace has few, so that a great transaction takes few, and none of them is another workspace's.
CREATE FUNCTION take_turns_about(fan uuid) RETURNS void
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', 'campaign results', current_workspace()), 0)
            + (hashtextextended(coalesce(fans.merged_into, fans.id)::text, 0) & 255)
    )
    FROM fans WHERE fans.workspace_id = current_workspace() AND fans.id = fan;
END;

-- A fan with everybody else who is the same person.
CREATE FUNCTION person_of(fan uuid) RETURNS TABLE (fan_id uuid)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT person.fan_id FROM fans CROSS JOIN same_person(coalesce(fans.merged_into, fans.id)) AS person
    WHERE fans.workspace_id = current_workspace() AND fans.id = fan;
END;

-- The last campaign message that a person got before a moment, if that was not longer ago than so long.
CREATE FUNCTION campaign_message_before(fan uuid, at timestamptz, no_longer interval)
RETURNS TABLE (campaign_id uuid, fan_id uuid)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.campaign_id, r.fan_id FROM campaign_recipients AS r
    WHERE r.workspace_id = current_workspace() AND r.fan_id IN (SELECT person.fan_id FROM person_of(fan) AS person)
        AND r.sent_at >= at - no_longer AND r.sent_at <= at + interval '30 seconds'
    ORDER BY r.sent_at DESC, r.campaign_id DESC LIMIT 1;
END;

-- What came of one campaign message: the first reply before the person's next campaign message; what was paid for it,
-- whenever that was; and tips before the next. Another currency than the workspace's at the launch does not add up.
CREATE FUNCTION credit_campaign_message(campaign uuid, fan uuid) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    here    uuid := current_workspace();
    mine    campaign_recipients;
    people  uuid[] := ARRAY(SELECT fan_id FROM person_of(fan));
    since   timestamptz;
    until   timestamptz;
    replied timestamptz;
    paid    numeric;
BEGIN
    SELECT * INTO mine FROM campaign_recipients WHERE workspace_id = here AND campaign_id = campaign AND fan_id = fan;
    since := mine.sent_at - interval '30 seconds';
    SELECT coalesce(min(sent_at) - interval '30 seconds', 'infinity') INTO until FROM campaign_recipients
    WHERE workspace_id = here AND fan_id = ANY(people)
        AND (sent_at, campaign_id) > (mine.sent_at, mine.campaign_id);
    SELECT min(occurred_at) INTO replied FROM messages
    WHERE workspace_id = here AND fan_id = ANY(people) AND direction = 'in'
        AND occurred_at >= since AND occurred_at < until AND occurred_at <= mine.sent_at + interval '72 hours';
    SELECT coalesce(sum(amount_cents), 0) INTO paid FROM (
        SELECT amount_cents FROM transactions
        WHERE workspace_id = here AND message_id = mine.message_id AND kind = 'ppv' AND currency = mine.currency
        UNION ALL
        SELECT amount_cents FROM transactions
        WHERE workspace_id = here AND fan_id = ANY(people) AND kind = 'tip' AND currency = mine.currency
            AND occurred_at >= since AND occurred_at < until AND occurred_at <= mine.sent_at + interval '24 hours'
    ) AS payments;
    UPDATE campaign_recipients SET replied_at = replied, revenue_cents = least(paid, 9223372036854775807)
    WHERE workspace_id = here AND campaign_id = campaign AND fan_id = fan
        AND (replied_at, revenue_cents) IS DISTINCT FROM (replied, least(paid, 9223372036854775807)::bigint);
END
$$;
GRANT EXECUTE ON FUNCTION
    take_turns_about(uuid), person_of(uuid), campaign_message_before(uuid, timestamptz, interval),
    credit_campaign_message(uuid, uuid) TO huntaze_app;

-- Whether a campaign has written to this person. A message is written down before it leaves, and its answer comes after:
-- who finds none has nothing to wait for.
CREATE FUNCTION has_campaign_message(fan uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM person_of(fan) AS person JOIN campaign_recipients AS r ON r.fan_id = person.fan_id
    WHERE r.workspace_id = current_workspace() AND r.message_id IS NOT NULL
);
GRANT EXECUTE ON FUNCTION has_campaign_message(uuid) TO huntaze_app;

CREATE FUNCTION note_reply() RETURNS trigger
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

CREATE TRIGGER messages_8_reply AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.direction = 'in') EXECUTE FUNCTION note_reply();

CREATE FUNCTION note_revenue() RETURNS trigger
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
CREATE TRIGGER transactions_3_revenue_on_insert AFTER INSERT ON transactions
    FOR EACH ROW WHEN (NEW.kind = 'tip' OR (NEW.kind = 'ppv' AND NEW.message_id IS NOT NULL))
    EXECUTE FUNCTION note_revenue();
CREATE TRIGGER transactions_3_revenue_on_update AFTER UPDATE OF message_id ON transactions
    FOR EACH ROW WHEN (NEW.kind = 'ppv' AND OLD.message_id IS NULL AND NEW.message_id IS NOT NULL)
    EXECUTE FUNCTION note_revenue();

-- A send that becomes known takes over what came in since then from the campaign message before it.
CREATE FUNCTION note_send() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    since timestamptz := NEW.sent_at - interval '30 seconds';
BEGIN
    PERFORM take_turns_about(NEW.fan_id);
    IF NOT EXISTS (
        SELECT FROM person_of(NEW.fan_id) AS person JOIN messages AS m USING (fan_id)
        WHERE m.workspace_id = NEW.workspace_id AND m.occurred_at >= since AND m.direction = 'in'
    ) AND NOT EXISTS (
        SELECT FROM person_of(NEW.fan_id) AS person JOIN transactions AS t USING (fan_id)
        WHERE t.workspace_id = NEW.workspace_id AND t.occurred_at >= since
    ) THEN
        RETURN NULL; -- as it mostly is
    END IF;
    PERFORM credit_campaign_message(NEW.campaign_id, NEW.fan_id);
    PERFORM credit_campaign_message(earlier.campaign_id, earlier.fan_id) FROM (
        SELECT r.campaign_id, r.fan_id FROM person_of(NEW.fan_id) AS person JOIN campaign_recipients AS r USING (fan_id)
        WHERE r.workspace_id = NEW.workspace_id AND r.sent_at > NEW.sent_at - interval '73 hours'
            AND (r.sent_at, r.campaign_id) < (NEW.sent_at, NEW.campaign_id)
        ORDER BY r.sent_at DESC, r.campaign_id DESC LIMIT 1
    ) AS earlier;
    RETURN NULL;
END
$$;
CREATE TRIGGER campaign_recipients_1_send AFTER UPDATE OF sent_at ON campaign_recipients
    FOR EACH ROW WHEN (NEW.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at)
    EXECUTE FUNCTION note_send();
