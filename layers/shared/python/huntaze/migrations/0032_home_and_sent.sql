-- Home, and the log of what was said to fans: each list from an index of its own, however many messages there were.

-- Newest first: everything, what one person let out, and what was typed in the platform's own app.
CREATE INDEX messages_outgoing ON messages (workspace_id, occurred_at DESC, id DESC)
    WHERE direction = 'out' AND status <> 'draft';
CREATE INDEX messages_of_approver ON messages (workspace_id, approved_by, occurred_at DESC, id DESC)
    WHERE approved_by IS NOT NULL;
CREATE INDEX messages_elsewhere ON messages (workspace_id, occurred_at DESC, id DESC) WHERE sent_elsewhere;

-- What somebody let out and did not simply arrive is little beside all that did.
CREATE INDEX messages_of_approver_by_status
    ON messages (workspace_id, approved_by, status, occurred_at DESC, id DESC)
    WHERE approved_by IS NOT NULL AND status NOT IN ('received', 'sent');

-- What came in within two months is summed up in the index alone.
DROP INDEX transactions_by_time;
CREATE INDEX transactions_by_time ON transactions (workspace_id, occurred_at) INCLUDE (kind, currency, amount_cents);
