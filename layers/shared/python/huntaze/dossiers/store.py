"""A read model: every record about one person, from the tables of all features. It reads them and never writes."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.dossiers.model import Dossier

FAN = """
SELECT id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency, subscription_status,
    last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
FROM fans WHERE workspace_id = %(workspace_id)s AND id = %(fan_id)s
"""
MERGED = """
SELECT id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency, subscription_status,
    last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
FROM fans WHERE workspace_id = %(workspace_id)s AND merged_into = %(fan_id)s ORDER BY created_at, id
"""
MERGES = """
SELECT id, kept_id, merged_id, merged_by, merged_at, tags, value_cents, currency, filled, undone_at, undone_by
FROM fan_merges
WHERE workspace_id = %(workspace_id)s AND (
    kept_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person)
    OR merged_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person)
)
ORDER BY merged_at, id
"""
NOTES = """
SELECT id, author_id, text, created_at, updated_at FROM fan_notes
WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY created_at, id
"""
CONVERSATIONS = """
SELECT id, platform, platform_conversation_id, last_message_at, unread_count, archived, metadata, created_at
FROM conversations WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY created_at, id
"""
MESSAGES = """
SELECT id, conversation_id, direction, status, text, price_cents, currency, attachments, platform_message_id, read,
    sent_by_ai, ai_suggestion, approved_by, approved_at, occurred_at, sent_at, bought_at, metadata
FROM messages WHERE workspace_id = %(workspace_id)s AND (status <> 'draft' OR campaign_id IS NULL)
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY occurred_at, id
"""
DRAFTS = """
SELECT id, conversation_id, author, text, price_cents, currency, attachments, created_at
FROM drafts WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY created_at, id
"""
COMPOSING = """
SELECT conversation_id, member_id, text, price_cents, currency, attachments, composer_drafts.updated_at
FROM composer_drafts JOIN conversations USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND conversations.id = conversation_id
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person)
ORDER BY composer_drafts.created_at, member_id
"""
TRANSACTIONS = """
SELECT id, platform, platform_transaction_id, platform_message_id, kind, amount_cents, currency, occurred_at
FROM transactions WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY occurred_at, id
"""
CAMPAIGNS = """
SELECT campaign_id, status, reason, variant, zone, text, message_id, sent_at, replied_at, revenue_cents, created_at
FROM campaign_recipients WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY created_at, campaign_id
"""
EVENTS = """
SELECT id, kind, platform, occurred_at, amount_cents, currency, details
FROM analytics_events WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY occurred_at, id
"""
PLATFORM_EVENTS = """
SELECT connection_id, event_id, kind, payload, received_at, processed_at, outcome FROM webhook_events
WHERE workspace_id = %(workspace_id)s AND is_about(payload, (SELECT words_naming(%(fan_id)s)))
ORDER BY received_at, event_id
"""
IMPORTED = """
SELECT import_id, number, action, about, reason, outcome, platform, platform_id, handle, name, email, tier, spent_cents,
    currency, last_seen_at, tags, do_not_contact, changes, before
FROM import_rows WHERE workspace_id = %(workspace_id)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY import_id, plan, number
"""
AUDIT = """
SELECT id, at, actor_id, action, details FROM audit_log
WHERE workspace_id = %(workspace_id)s
    AND object_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) ORDER BY at, id
"""


class PostgresDossiers:
    """Everything about fans in one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def records(self, fan_id: UUID) -> Dossier:
        """Every record about a fan, by the name of the kind of record."""
        statements = {
            "fan": FAN,
            "merged": MERGED,
            "merges": MERGES,
            "notes": NOTES,
            "conversations": CONVERSATIONS,
            "messages": MESSAGES,
            "drafts": DRAFTS,
            "composing": COMPOSING,
            "transactions": TRANSACTIONS,
            "campaigns": CAMPAIGNS,
            "events": EVENTS,
            "platform_events": PLATFORM_EVENTS,
            "imported": IMPORTED,
            "audit": AUDIT,
        }
        chosen = {"workspace_id": self._workspace_id, "fan_id": fan_id}
        return {name: tuple(self._connection.execute(statement, chosen)) for name, statement in statements.items()}
