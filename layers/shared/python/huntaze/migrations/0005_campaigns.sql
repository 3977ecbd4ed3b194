-- Words to use again, and campaigns: one approval for many fans.

CREATE TABLE quick_replies (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    template     text NOT NULL CHECK (char_length(template) BETWEEN 1 AND 5000),
    category     text CHECK (char_length(category) BETWEEN 1 AND 100),
    usage_count  integer NOT NULL DEFAULT 0 CHECK (usage_count >= 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CALL keep_within_workspace('quick_replies');
CALL stamp_updates('quick_replies');
GRANT SELECT, INSERT, UPDATE, DELETE ON quick_replies TO huntaze_app;

CREATE TABLE templates (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    text         text NOT NULL CHECK (char_length(text) <= 5000),
    category     text CHECK (char_length(category) BETWEEN 1 AND 100),
    price_cents  cents NOT NULL DEFAULT 0,
    currency     currency_code NOT NULL DEFAULT 'USD',
    attachments  json_list NOT NULL DEFAULT '[]',
    usage_count  integer NOT NULL DEFAULT 0 CHECK (usage_count >= 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT templates_content CHECK (text <> '' OR attachments <> '[]')
);
CREATE UNIQUE INDEX templates_one_name ON templates (workspace_id, lower(name));
CALL keep_within_workspace('templates');
CALL stamp_updates('templates');
GRANT SELECT, INSERT, UPDATE, DELETE ON templates TO huntaze_app;

CREATE TABLE campaigns (
    workspace_id    uuid NOT NULL REFERENCES workspaces,
    id              uuid NOT NULL,
    name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    type            text NOT NULL CHECK (type ~ '^[a-z_]{1,50}$'),
    status          text NOT NULL DEFAULT 'draft'
                    CHECK (status IN ('draft', 'scheduled', 'active', 'paused', 'completed', 'cancelled')),
    template        json_map NOT NULL,
    target_audience json_map NOT NULL,
    schedule        json_map NOT NULL DEFAULT '{}',
    metrics         json_map NOT NULL DEFAULT '{}',
    content_hash    sha256_hash NOT NULL, -- set by trigger
    approved_by     uuid,
    approved_at     timestamptz,
    approved_hash   sha256_hash,
    started_at      timestamptz,
    completed_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, approved_by) REFERENCES members,
    -- The same rule as for a message: nothing is launched but what one person approved, this content for this audience.
    CONSTRAINT campaigns_approved CHECK (
        status IN ('draft', 'cancelled')
        OR (approved_by IS NOT NULL AND approved_at IS NOT NULL AND approved_hash IS NOT DISTINCT FROM content_hash)
    )
);
CREATE INDEX campaigns_newest ON campaigns (workspace_id, created_at DESC, id DESC);
CREATE INDEX campaigns_running ON campaigns (status) WHERE status IN ('scheduled', 'active'); -- for the schedule
CALL keep_within_workspace('campaigns');
CALL stamp_updates('campaigns');
GRANT SELECT, INSERT ON campaigns TO huntaze_app;
GRANT UPDATE (
    name, status, template, target_audience, schedule, metrics, approved_by, approved_at, approved_hash,
    started_at, completed_at
) ON campaigns TO huntaze_app;

-- What is approved, as one hash. jsonb text has one form for one value, so fields cannot run into each other.
CREATE FUNCTION campaign_hash(template jsonb, target_audience jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(jsonb_build_array(template, target_audience)::text, 'UTF8'));
GRANT EXECUTE ON FUNCTION campaign_hash(jsonb, jsonb) TO huntaze_app;

CREATE FUNCTION hash_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.content_hash := campaign_hash(NEW.template, NEW.target_audience);
    RETURN NEW;
END
$$;

CREATE FUNCTION guard_campaign() RETURNS trigger
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
        WHEN 'scheduled' THEN NEW.status IN ('draft', 'active', 'cancelled')
        WHEN 'active'    THEN NEW.status IN ('paused', 'completed', 'cancelled')
        WHEN 'paused'    THEN NEW.status IN ('active', 'completed', 'cancelled')
        WHEN 'completed' THEN NEW.status = 'active' -- what failed is tried again
        ELSE false
    END) THEN
        RAISE EXCEPTION 'a campaign cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_transition';
    END IF;
    -- Approved content and audience stay as they were approved; an edit goes back to draft.
    IF OLD.status <> 'draft' AND NEW.status <> 'draft'
        AND (NEW.content_hash, NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            IS DISTINCT FROM (OLD.content_hash, OLD.approved_by, OLD.approved_at, OLD.approved_hash)
    THEN
        RAISE EXCEPTION 'what a campaign was approved for cannot change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_frozen';
    END IF;
    RETURN NEW;
END
$$;

-- Triggers fire in the order of their names.
CREATE TRIGGER campaigns_1_hash BEFORE INSERT OR UPDATE ON campaigns
    FOR EACH ROW EXECUTE FUNCTION hash_campaign();
CREATE TRIGGER campaigns_2_guard BEFORE INSERT OR UPDATE ON campaigns
    FOR EACH ROW EXECUTE FUNCTION guard_campaign();

-- Asked when an approval is given, and not again later: it stays good when the person leaves the team afterwards.
CREATE FUNCTION check_campaign_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
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

-- After the row's own checks, like a foreign key: row-level security has its say first.
CREATE TRIGGER campaigns_approver_on_insert AFTER INSERT ON campaigns
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL) EXECUTE FUNCTION check_campaign_approval();
CREATE TRIGGER campaigns_approver_on_update AFTER UPDATE ON campaigns
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
        IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.approved_hash))
    EXECUTE FUNCTION check_campaign_approval();
