-- The tenancy rule, the kinds of values, and who works where.

-- A function is for those who are granted it. (PostgreSQL's own default is everybody.)
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

-- The workspace of this transaction; NULL, and so no rows, when none was set. Plain SQL: the planner inlines it.
CREATE FUNCTION current_workspace() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('huntaze.workspace_id', true), '')::uuid;

-- The member who acts in this transaction; NULL when it is a machine.
CREATE FUNCTION current_actor() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('huntaze.actor_id', true), '')::uuid;

GRANT EXECUTE ON FUNCTION current_workspace(), current_actor() TO huntaze_app, huntaze_reader;

-- Every tenant table gets its rule here, so that none gets half of it. The policy names no role: it holds for whoever
-- is granted something one day, and FORCE makes it hold for the owner and the functions that run as the owner.
CREATE PROCEDURE keep_within_workspace(tenant_table regclass, workspace_column name DEFAULT 'workspace_id')
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
        'CREATE POLICY within_workspace ON %1$s FOR ALL '
        'USING (%2$I = current_workspace()) WITH CHECK (%2$I = current_workspace())',
        tenant_table, workspace_column
    );
END
$$;

-- ETags are made of updated_at, so it only ever grows, also when two changes meet or the clock steps back.
CREATE FUNCTION stamp_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');
    RETURN NEW;
END
$$;

CREATE PROCEDURE stamp_updates(stamped_table regclass)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER stamp_update BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION stamp_update()', stamped_table
    );
END
$$;

-- Some questions must be answered across workspaces, or faster than row-level security allows. Each gets one narrow
-- function of huntaze_reader, a role that nobody can sign in as, with policies and grants of its own. To become its
-- owner the role needs CREATE on the schema, for that moment only.
CREATE PROCEDURE run_as_reader(narrow_function regprocedure)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO huntaze_app', narrow_function);
    GRANT CREATE ON SCHEMA public TO huntaze_reader;
    EXECUTE format('ALTER FUNCTION %s OWNER TO huntaze_reader', narrow_function);
    REVOKE CREATE ON SCHEMA public FROM huntaze_reader;
END
$$;

CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN currency_code AS text CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN platform_name AS text CHECK (VALUE IN ('onlyfans', 'fansly', 'patreon', 'other'));
CREATE DOMAIN sha256_hash AS bytea CHECK (octet_length(VALUE) = 32);
CREATE DOMAIN web_address AS text CHECK (char_length(VALUE) <= 2048);

-- The bounds keep a row in reach of one read; what is larger belongs into a table or the bucket.
CREATE DOMAIN json_map AS jsonb CHECK (jsonb_typeof(VALUE) = 'object' AND octet_length(VALUE::text) <= 65536);
CREATE DOMAIN json_list AS jsonb CHECK (jsonb_typeof(VALUE) = 'array' AND octet_length(VALUE::text) <= 65536);

-- Up to 100 strings of 1 to 200 characters. "strict": the lax mode would look into nested arrays and find strings.
CREATE DOMAIN string_list AS jsonb CHECK (
    CASE WHEN jsonb_typeof(VALUE) = 'array' THEN
        jsonb_array_length(VALUE) <= 100
        AND NOT jsonb_path_exists(
            VALUE, 'strict $[*] ? (@.type() <> "string" || @ == "" || @ like_regex "^.{201}" flag "s")'
        )
    ELSE false END
);

CREATE TABLE workspaces (
    id         uuid PRIMARY KEY,
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    timezone   text NOT NULL DEFAULT 'UTC' CHECK (timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    currency   currency_code NOT NULL DEFAULT 'USD',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CALL keep_within_workspace('workspaces', 'id');
CALL stamp_updates('workspaces');
GRANT SELECT, INSERT, UPDATE (name, timezone, currency) ON workspaces TO huntaze_app;

-- Members are never deleted: approvals and the audit log name them.
CREATE TABLE members (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    subject      text CHECK (char_length(subject) BETWEEN 1 AND 200), -- of the user pool; NULL until accepted
    email        text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
    display_name text CHECK (char_length(display_name) BETWEEN 1 AND 200),
    role         text NOT NULL CHECK (role IN ('owner', 'manager', 'chatter', 'analyst')),
    status       text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'removed')),
    invited_by   uuid,
    joined_at    timestamptz DEFAULT now(),
    removed_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, invited_by) REFERENCES members,
    CONSTRAINT members_active CHECK (status <> 'active' OR (subject IS NOT NULL AND joined_at IS NOT NULL)),
    CONSTRAINT members_removed CHECK ((status = 'removed') = (removed_at IS NOT NULL))
);
CREATE UNIQUE INDEX members_one_seat ON members (workspace_id, subject) WHERE status <> 'removed';
CREATE UNIQUE INDEX members_one_email ON members (workspace_id, lower(email)) WHERE status <> 'removed';
CREATE INDEX members_by_subject ON members (subject) WHERE status = 'active'; -- memberships_of
CALL keep_within_workspace('members');
CALL stamp_updates('members');
GRANT SELECT, INSERT ON members TO huntaze_app;
GRANT UPDATE (subject, email, display_name, role, status, joined_at, removed_at) ON members TO huntaze_app;

CREATE TABLE user_profiles (
    workspace_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    display_name text CHECK (char_length(display_name) <= 200),
    bio          text CHECK (char_length(bio) <= 5000),
    timezone     text CHECK (timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    niche        text CHECK (char_length(niche) <= 100),
    goals        string_list NOT NULL DEFAULT '[]',
    avatar_url   web_address,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, member_id),
    FOREIGN KEY (workspace_id, member_id) REFERENCES members
);
CALL keep_within_workspace('user_profiles');
CALL stamp_updates('user_profiles');
GRANT SELECT, INSERT, UPDATE, DELETE ON user_profiles TO huntaze_app;

-- How machines write for this creator.
CREATE TABLE ai_configs (
    workspace_id     uuid PRIMARY KEY REFERENCES workspaces,
    personality      text CHECK (char_length(personality) <= 2000),
    response_style   text CHECK (char_length(response_style) <= 100),
    tone             text CHECK (char_length(tone) <= 100),
    response_length  text CHECK (response_length IN ('short', 'medium', 'long')),
    platforms        string_list NOT NULL DEFAULT '[]',
    custom_responses json_list NOT NULL DEFAULT '[]',
    pricing          json_map NOT NULL DEFAULT '{}',
    enabled          boolean NOT NULL DEFAULT false,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);
CALL keep_within_workspace('ai_configs');
CALL stamp_updates('ai_configs');
GRANT SELECT, INSERT, UPDATE, DELETE ON ai_configs TO huntaze_app;

-- Which workspace to set is asked before one is set. The answer is for a subject that the caller already knows.
CREATE POLICY read_by_functions ON workspaces FOR SELECT TO huntaze_reader USING (true);
CREATE POLICY read_by_functions ON members FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT (id, name) ON workspaces TO huntaze_reader;
GRANT SELECT (workspace_id, id, subject, role, status, joined_at) ON members TO huntaze_reader;

CREATE FUNCTION memberships_of(person_subject text)
RETURNS TABLE (workspace_id uuid, workspace_name text, member_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT members.workspace_id, workspaces.name, members.id, members.role
    FROM members JOIN workspaces ON workspaces.id = members.workspace_id
    WHERE members.subject = person_subject AND members.status = 'active'
    ORDER BY members.joined_at, members.workspace_id;
END;

CALL run_as_reader('memberships_of(text)');
