-- Who is signed in to the web pages. Sessions belong to people, not to a workspace.

-- The person whose sessions this transaction may see; NULL, and so none, when nobody was named.
CREATE FUNCTION current_subject() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('huntaze.subject', true), '');

GRANT EXECUTE ON FUNCTION current_subject() TO huntaze_app, huntaze_reader;

CREATE TABLE sessions (
    token_hash          sha256_hash PRIMARY KEY, -- the token itself is in the browser and nowhere else
    subject             text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200), -- of the user pool
    email               text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
    chosen_workspace_id uuid, -- a wish: the membership is looked up on every request
    locale              text CHECK (locale ~ '^[a-z]{2}$'), -- NULL: as the browser asks
    theme               text NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    created_at          timestamptz NOT NULL,
    seen_at             timestamptz NOT NULL,
    idle_until          timestamptz NOT NULL,
    ends_at             timestamptz NOT NULL,
    CONSTRAINT sessions_in_order CHECK (created_at <= seen_at AND idle_until <= ends_at)
);
CREATE INDEX sessions_of_person ON sessions (subject);

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_sessions ON sessions FOR ALL
    USING (subject = current_subject()) WITH CHECK (subject = current_subject());
GRANT SELECT, INSERT, DELETE ON sessions TO huntaze_app;
GRANT UPDATE (chosen_workspace_id, locale, theme, seen_at, idle_until) ON sessions TO huntaze_app;

-- Whose session it is, is asked before a person can be named. Who asks must know the token.
CREATE POLICY read_by_functions ON sessions FOR SELECT TO huntaze_reader USING (true);
GRANT SELECT ON sessions TO huntaze_reader;

CREATE FUNCTION session_of(wanted_hash bytea, moment timestamptz)
RETURNS TABLE (
    token_hash bytea, subject text, email text, chosen_workspace_id uuid, locale text, theme text,
    created_at timestamptz, seen_at timestamptz, idle_until timestamptz, ends_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT sessions.token_hash::bytea, sessions.subject, sessions.email, sessions.chosen_workspace_id, sessions.locale,
        sessions.theme, sessions.created_at, sessions.seen_at, sessions.idle_until, sessions.ends_at
    FROM sessions
    WHERE sessions.token_hash = wanted_hash AND sessions.idle_until > moment AND sessions.ends_at > moment;
END;

CALL run_as_reader('session_of(bytea, timestamptz)');
