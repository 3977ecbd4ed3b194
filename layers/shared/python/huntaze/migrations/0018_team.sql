-- Who was invited has until then to accept. An invitation without an end counts as ended, until it is sent again.
ALTER TABLE members ADD COLUMN invited_until timestamptz;
GRANT UPDATE (invited_until) ON members TO huntaze_app;

CREATE INDEX members_in_order ON members (workspace_id, created_at, id);
CREATE INDEX members_invited_by_email ON members (lower(email)) WHERE status = 'invited'; -- invitations_of

-- The last owner stays one, whatever the application asks; and who was removed comes back with a row of their own. Both
-- rules bind the application: an operator may close a workspace. The workspace's row is locked first, so that two owners
-- who demote each other at the same moment come one after the other.
CREATE FUNCTION guard_membership() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'removed' AND NEW.status <> 'removed' THEN
        RAISE EXCEPTION 'a removed member stays removed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status = 'active' AND OLD.role = 'owner' AND NOT (NEW.status = 'active' AND NEW.role = 'owner') THEN
        PERFORM FROM workspaces WHERE id = OLD.workspace_id FOR NO KEY UPDATE;
        PERFORM FROM members
        WHERE workspace_id = OLD.workspace_id AND id <> OLD.id AND status = 'active' AND role = 'owner';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a workspace keeps an owner' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER guard_membership BEFORE UPDATE ON members FOR EACH ROW
WHEN (current_user = 'huntaze_app') EXECUTE FUNCTION guard_membership();

-- Who was invited belongs to no workspace yet. The answer is for an address that the caller has shown to read.
GRANT SELECT (email, display_name, invited_by, invited_until) ON members TO huntaze_reader;

CREATE FUNCTION invitations_of(person_email text, moment timestamptz)
RETURNS TABLE (
    workspace_id uuid, workspace_name text, member_id uuid, role text, invited_by text, invited_until timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT members.workspace_id, workspaces.name, members.id, members.role,
        coalesce(inviters.display_name, inviters.email), members.invited_until
    FROM members
    JOIN workspaces ON workspaces.id = members.workspace_id
    LEFT JOIN members AS inviters
        ON inviters.workspace_id = members.workspace_id AND inviters.id = members.invited_by
    WHERE lower(members.email) = lower(person_email) AND members.status = 'invited' AND members.invited_until > moment
    ORDER BY members.invited_until, members.workspace_id;
END;

CALL run_as_reader('invitations_of(text, timestamptz)');
