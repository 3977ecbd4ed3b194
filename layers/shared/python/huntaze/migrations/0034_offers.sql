-- What a fan was offered and has not bought, without looking through all that was ever said to them. Only what we sent
-- is 'sent'.
CREATE INDEX messages_offered ON messages (workspace_id, fan_id, occurred_at DESC, id DESC)
    WHERE status = 'sent' AND price_cents > 0 AND bought_at IS NULL;
