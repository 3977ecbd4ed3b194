-- What only the database's owner may do. Runs before the numbered files, every time, so each statement can be repeated.

-- Nobody is here by default: a role connects, or uses the schema, because a line below says so.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO huntaze_app', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO huntaze_owner WITH GRANT OPTION;
GRANT USAGE ON SCHEMA public TO huntaze_app, huntaze_reader;

-- Trusted extensions: the owner of the database may create them without being a superuser.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;   -- substring search
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public; -- workspace_id as the first column of a GIN index
