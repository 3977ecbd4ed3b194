"""The rows that are generated: one type for each table, whose fields are the table's columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class FanRow(NamedTuple):
    workspace_id: str
    id: str
    name: str
    platform: str
    platform_id: str
    handle: str
    email: str | None
    phone: str | None
    currency: str
    subscription_status: str
    last_seen_at: datetime
    notes: str
    created_at: datetime
    updated_at: datetime
    # From here on as they are before anything has happened.
    tags: Sequence[str] = ()
    value_cents: int = 0
    last_message_at: datetime | None = None
    do_not_contact: bool = False
    metadata: Mapping[str, object] = {}


class FanNoteRow(NamedTuple):
    workspace_id: str
    id: str
    fan_id: str
    author_id: str
    text: str
    created_at: datetime
    updated_at: datetime


class TransactionRow(NamedTuple):
    workspace_id: str
    id: str
    fan_id: str
    message_id: str | None
    platform_message_id: str | None
    platform: str
    platform_transaction_id: str
    kind: str
    amount_cents: int
    currency: str
    occurred_at: datetime
    created_at: datetime


class ConversationRow(NamedTuple):
    workspace_id: str
    id: str
    fan_id: str
    platform: str
    platform_conversation_id: str
    last_message_at: datetime
    unread_count: int
    unanswered: bool
    archived: bool
    created_at: datetime
    updated_at: datetime


class MessageRow(NamedTuple):
    workspace_id: str
    id: str
    conversation_id: str
    fan_id: str
    account_id: str | None
    currency: str
    text: str
    occurred_at: datetime
    created_at: datetime
    updated_at: datetime
    # From here on as they are for a message that a fan wrote.
    direction: str = "in"
    status: str = "received"
    platform_message_id: str | None = None
    read: bool = True
    sent_elsewhere: bool = False
    sent_at: datetime | None = None
    price_cents: int = 0
    bought_at: datetime | None = None
    attachments: Sequence[object] = ()
    campaign_id: str | None = None
    content_hash: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    approved_hash: str | None = None
    queued_at: datetime | None = None
    attempt_id: str | None = None
    claims: int = 0
    attempts: int = 0
    last_error: str | None = None
    sent_by_ai: bool = False
    ai_suggestion: str | None = None


class DeliveryAttemptRow(NamedTuple):
    workspace_id: str
    id: str
    message_id: str
    account_id: str
    claimed_at: datetime
    lease_until: datetime
    token_returns_at: datetime
    answered_at: datetime | None
    settled_at: datetime | None
    outcome: str | None
    detail: str | None


class DraftRow(NamedTuple):
    workspace_id: str
    id: str
    conversation_id: str
    fan_id: str
    account_id: str
    author: str
    author_id: str | None
    text: str
    currency: str
    created_at: datetime
    updated_at: datetime


class CampaignRecipientRow(NamedTuple):
    workspace_id: str
    campaign_id: str
    fan_id: str
    status: str
    reason: str | None
    account_id: str | None
    created_at: datetime
    updated_at: datetime


Row = (
    FanRow
    | FanNoteRow
    | TransactionRow
    | ConversationRow
    | MessageRow
    | DeliveryAttemptRow
    | DraftRow
    | CampaignRecipientRow
)

# Parents before children.
TABLES: dict[type[Row], str] = {
    FanRow: "fans",
    ConversationRow: "conversations",
    MessageRow: "messages",
    DeliveryAttemptRow: "delivery_attempts",
    TransactionRow: "transactions",
    FanNoteRow: "fan_notes",
    DraftRow: "drafts",
    CampaignRecipientRow: "campaign_recipients",
}


@dataclass(slots=True)
class Thread:
    """A conversation and what was said in it, oldest first."""

    conversation: ConversationRow
    messages: list[MessageRow]
    attempts: list[DeliveryAttemptRow]
    # What the team would say next, where the fan was the last to write.
    answer: str | None = None


@dataclass(slots=True)
class Story:
    """One fan and everything that happened between the fan and the creator."""

    fan: FanRow
    transactions: list[TransactionRow] = field(default_factory=list)
    thread: Thread | None = None
    notes: list[FanNoteRow] = field(default_factory=list)
    drafts: list[DraftRow] = field(default_factory=list)
    recipient: CampaignRecipientRow | None = None

    def rows(self) -> Iterator[Row]:
        """Everything that belongs into a table, parents first."""
        yield self.fan
        if self.thread:
            yield self.thread.conversation
            yield from self.thread.messages
            yield from self.thread.attempts
        yield from self.transactions
        yield from self.notes
        yield from self.drafts
        if self.recipient:
            yield self.recipient
