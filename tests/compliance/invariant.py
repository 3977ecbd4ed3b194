"""The promise, as somebody who sees everything checks it: no word of ours leaves `draft` that nobody approved."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from tests.support.workspaces import ZOE

MAY_APPROVE_A_MESSAGE = {"owner", "manager", "chatter"}
MAY_APPROVE_A_CAMPAIGN = {"owner", "manager"}

# The hash is made anew from the words: the column that a trigger keeps could be wrong.
TOUCHED = """
SELECT id, status, approved_by, approved_at, approved_hash, content_hash, campaign_id,
    message_hash(fan_id, account_id, text, price_cents, currency, attachments) AS truth
FROM messages
WHERE direction = 'out' AND NOT sent_elsewhere AND xmin::text::bigint >= %s
"""
CAMPAIGNS = "SELECT id, status, approved_by, approved_at, approved_hash FROM campaigns WHERE approved_by IS NOT NULL"
# One transaction may take a role, approve and lose it again: every state that somebody was in is written down.
WRITE_DOWN_EVERY_SEAT = """
CREATE SCHEMA watch;
CREATE TABLE watch.seats (member uuid, role text);
CREATE FUNCTION watch.seat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO watch.seats SELECT NEW.id, NEW.role WHERE NEW.status = 'active';
    RETURN NULL;
END
$$;
CREATE TRIGGER watch AFTER INSERT OR UPDATE ON members FOR EACH ROW EXECUTE FUNCTION watch.seat();
"""
SEATS_TAKEN = "DELETE FROM watch.seats RETURNING member, role"
ACTIVE = "SELECT id, role FROM members WHERE workspace_id = %s AND status = 'active'"
NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
EVERYTHING = 0

Approval = tuple[UUID | None, Any, bytes | None]


@dataclass
class Watch:
    """Looks after every transaction at what it has touched, and remembers who was who."""

    superuser: psycopg.Connection[Any]
    people: set[tuple[UUID, str]] = field(default_factory=set)
    approvals: dict[UUID, Approval] = field(default_factory=dict)
    acts: set[tuple[UUID, UUID, Any]] = field(default_factory=set)  # campaign, who, when
    left_draft: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.superuser.execute(WRITE_DOWN_EVERY_SEAT)
        self.people = self._active()
        for identity, _, by, at, approved, *_ in self.superuser.execute(TOUCHED, [EVERYTHING]).fetchall():
            self.approvals[identity] = (by, at, approved)

    def mark(self) -> int:
        """A place before what comes next."""
        found = self.superuser.execute(NEXT_TRANSACTION).fetchone()
        return int(found[0]) if found else EVERYTHING

    def check(self, since: int) -> None:
        """Whether all that was touched since keeps the promise."""
        then = self.people | set(self.superuser.execute(SEATS_TAKEN).fetchall())
        self._note_campaigns(then)
        for identity, status, by, at, approved, content, campaign, truth in self.superuser.execute(
            TOUCHED, [since]
        ).fetchall():
            if (by, at, approved) != self.approvals.get(identity) and by is not None:
                by_a_person = any((by, role) in then for role in MAY_APPROVE_A_MESSAGE)
                assert by_a_person or (campaign, by, at) in self.acts, f"{identity}: approved by somebody who may not"
            self.approvals[identity] = (by, at, approved)
            if status != "draft":
                self.left_draft.add(identity)
                assert by is not None, f"{identity} is {status}, and nobody approved it"
                assert at is not None, f"{identity} is {status}, approved at no time"
                assert approved == truth == content, f"{identity} is {status} with other words than were approved"
        self.people = self._active()

    def _note_campaigns(self, then: set[tuple[UUID, str]]) -> None:
        for campaign, _, by, at, _ in self.superuser.execute(CAMPAIGNS).fetchall():
            if (campaign, by, at) not in self.acts:
                may = any((by, role) in then for role in MAY_APPROVE_A_CAMPAIGN)
                assert may, f"the campaign was approved by {by}, who may not"
                self.acts.add((campaign, by, at))

    def _active(self) -> set[tuple[UUID, str]]:
        return set(self.superuser.execute(ACTIVE, [ZOE.id]).fetchall())
