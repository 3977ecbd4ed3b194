"""The promise, as somebody who sees everything checks it: no word of ours leaves `draft` that nobody approved."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from tests.support.workspaces import ZOE

MAY_APPROVE_A_MESSAGE = {"owner", "manager", "chatter"}
MAY_APPROVE_A_CAMPAIGN = {"owner", "manager"}

# The hash is made anew from the words: the column that a trigger keeps could be wrong. An approval is given with the
# step into the queue, out of nothing or a draft, or by a new one while the message waits.
TOUCHED = """
SELECT id, status, approved_by, approved_at, approved_hash, content_hash, campaign_id, fan_id,
    message_hash(fan_id, account_id, text, price_cents, currency, attachments) AS truth,
    (
        SELECT actor_id FROM message_transitions AS steps
        WHERE steps.workspace_id = messages.workspace_id AND message_id = messages.id AND to_status = 'queued'
            AND (from_status IS NULL OR from_status IN ('draft', 'queued'))
        ORDER BY steps.id DESC LIMIT 1
    ) AS let_out_by
FROM messages
WHERE direction = 'out' AND NOT sent_elsewhere AND xmin::text::bigint >= %s
"""
# An approval that only lies on a draft is no act yet.
CAMPAIGNS = "SELECT id, approved_by, approved_at FROM campaigns WHERE status NOT IN ('draft', 'cancelled')"
# What the launched words are for each recipient, made anew from the template that was approved.
WORDS = """
SELECT r.campaign_id, r.fan_id, message_hash(r.fan_id, r.account_id, c.template ->> 'content', 0, 'USD', '[]')
FROM campaign_recipients AS r JOIN campaigns AS c ON c.workspace_id = r.workspace_id AND c.id = r.campaign_id
WHERE c.status NOT IN ('draft', 'cancelled') AND r.account_id IS NOT NULL
"""
# One transaction may take a role, approve and lose it again: every state that somebody was in is written down, and
# who acted when a campaign was approved or launched.
WRITE_IT_DOWN = """
CREATE SCHEMA watch;
CREATE TABLE watch.seats (member uuid, role text);
CREATE FUNCTION watch.seat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO watch.seats SELECT NEW.id, NEW.role WHERE NEW.status = 'active';
    RETURN NULL;
END
$$;
CREATE TRIGGER watch AFTER INSERT OR UPDATE ON members FOR EACH ROW EXECUTE FUNCTION watch.seat();

CREATE TABLE watch.hands (campaign uuid, approver uuid, actor uuid);
CREATE FUNCTION watch.hand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO watch.hands SELECT NEW.id, NEW.approved_by, public.current_actor() WHERE NEW.approved_by IS NOT NULL
        AND (OLD IS NULL OR (OLD.approved_by, OLD.approved_at, OLD.approved_hash)
                IS DISTINCT FROM (NEW.approved_by, NEW.approved_at, NEW.approved_hash)
            OR (OLD.status = 'draft' AND NEW.status IN ('scheduled', 'active')));
    RETURN NULL;
END
$$;
CREATE TRIGGER watch AFTER INSERT OR UPDATE ON campaigns FOR EACH ROW EXECUTE FUNCTION watch.hand();
"""
SEATS_TAKEN = "DELETE FROM watch.seats RETURNING member, role"
HANDS_SEEN = "DELETE FROM watch.hands RETURNING campaign, approver, actor"
ACTIVE = "SELECT id, role FROM members WHERE workspace_id = %s AND status = 'active'"
NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
EVERYTHING = 0

Approval = tuple[UUID | None, datetime | None, bytes | None]
Seats = set[tuple[UUID, str]]


@dataclass(frozen=True)
class Touched:
    """An outgoing message of ours, as it is now."""

    id: UUID
    status: str
    approved_by: UUID | None
    approved_at: datetime | None
    approved_hash: bytes | None
    content_hash: bytes
    campaign_id: UUID | None
    fan_id: UUID
    truth: bytes
    let_out_by: UUID | None

    @property
    def approval(self) -> Approval:
        return self.approved_by, self.approved_at, self.approved_hash


@dataclass
class Watch:
    """Looks after every transaction at what it has touched, and remembers who was who."""

    superuser: psycopg.Connection[Any]
    people: Seats = field(default_factory=set)
    approvals: dict[UUID, Approval] = field(default_factory=dict)
    acts: set[tuple[UUID | None, UUID | None, datetime | None]] = field(default_factory=set)  # campaign, who, when
    words: set[tuple[UUID | None, UUID, bytes]] = field(default_factory=set)  # campaign, fan, hash
    left_draft: set[UUID] = field(default_factory=set)
    by_campaigns: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.superuser.execute(WRITE_IT_DOWN)
        self.people = self._active()
        self.approvals = {message.id: message.approval for message in self._touched(EVERYTHING)}

    def mark(self) -> int:
        """A place before what comes next."""
        found = self.superuser.execute(NEXT_TRANSACTION).fetchone()
        return int(found[0]) if found else EVERYTHING

    def check(self, since: int) -> None:
        """Whether all that was touched since keeps the promise."""
        then = self.people | set(self.superuser.execute(SEATS_TAKEN).fetchall())
        self._note_campaigns(then)
        for message in self._touched(since):
            act = (message.campaign_id, message.approved_by, message.approved_at)
            its_words = (message.campaign_id, message.fan_id, message.truth)
            by_campaign = act in self.acts and its_words in self.words
            if message.approved_by is not None and message.approval != self.approvals.get(message.id):
                by_a_person = any((message.approved_by, role) in then for role in MAY_APPROVE_A_MESSAGE)
                assert by_a_person or by_campaign, f"{message.id}: approved by somebody who may not"
            self.approvals[message.id] = message.approval
            if message.status != "draft":
                self.left_draft.add(message.id)
                _must_be_approved(message)
                by_their_hand = message.let_out_by == message.approved_by
                assert by_their_hand or by_campaign, f"{message}: approved by somebody who did not act"
                if not by_their_hand:
                    self.by_campaigns.add(message.id)
        self.people = self._active()

    def _touched(self, since: int) -> list[Touched]:
        with self.superuser.cursor(row_factory=class_row(Touched)) as cursor:
            return cursor.execute(TOUCHED, [since]).fetchall()

    def _note_campaigns(self, then: Seats) -> None:
        for campaign, approver, actor in self.superuser.execute(HANDS_SEEN).fetchall():
            assert approver == actor, f"the campaign {campaign} was approved by {approver}, but {actor} acted"
        self.words |= set(self.superuser.execute(WORDS).fetchall())
        for act in self.superuser.execute(CAMPAIGNS).fetchall():
            if act not in self.acts:
                may = any((act[1], role) in then for role in MAY_APPROVE_A_CAMPAIGN)
                assert may, f"the campaign {act[0]} was approved by {act[1]}, who may not"
                self.acts.add(act)

    def _active(self) -> Seats:
        return set(self.superuser.execute(ACTIVE, [ZOE.id]).fetchall())


def _must_be_approved(message: Touched) -> None:
    about = f"{message.id} is {message.status}"
    assert message.approved_by is not None, f"{about}, and nobody approved it"
    assert message.approved_at is not None, f"{about}, approved at no time"
    as_it_is = message.approved_hash == message.truth == message.content_hash
    assert as_it_is, f"{about} with other words than were approved"
