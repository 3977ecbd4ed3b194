-- A machine that writes drafts is a member like everybody, with a role that may approve nothing: check_approval and
-- check_campaign_approval name the roles that may, and this is none of them.
ALTER TABLE members
    DROP CONSTRAINT members_role_check,
    ADD CONSTRAINT members_role_check CHECK (role IN ('owner', 'manager', 'chatter', 'analyst', 'machine'));
