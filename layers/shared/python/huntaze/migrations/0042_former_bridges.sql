-- Since when an account is reached through its bridge. What a bridge before it was given, this one knows nothing of.
ALTER TABLE platform_connections ADD COLUMN bridge_since timestamptz NOT NULL DEFAULT '-infinity';
CREATE FUNCTION note_bridge() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.bridge_since := clock_timestamp();
    RETURN NEW;
END
$$;
CREATE TRIGGER connections_1_bridge BEFORE UPDATE OF bridge_url ON platform_connections
    FOR EACH ROW WHEN (NEW.bridge_url IS DISTINCT FROM OLD.bridge_url) EXECUTE FUNCTION note_bridge();
