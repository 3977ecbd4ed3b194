"""Counts everything again: what is kept beside the rows must be what the rows say."""

from typing import Any

import psycopg

# Each question answers the ids of what is wrong. Whatever counters a later feature keeps belongs here too.
QUESTIONS = {
    "a fan's value is the baseline and what was paid since": """
        SELECT fans.id FROM fans
        LEFT JOIN LATERAL (
            SELECT sum(amount_cents) AS cents FROM transactions
            WHERE transactions.workspace_id = fans.workspace_id AND fan_id = fans.id
        ) AS paid ON true
        WHERE fans.workspace_id = %(workspace_id)s
            AND value_cents <> coalesce((metadata ->> 'baselineCents')::bigint, 0) + coalesce(paid.cents, 0)
    """,
    "a fan wrote or was written to last when the conversation says so": """
        SELECT fans.id FROM fans
        LEFT JOIN LATERAL (
            SELECT max(last_message_at) AS at FROM conversations
            WHERE conversations.workspace_id = fans.workspace_id AND fan_id = fans.id
        ) AS newest ON true
        WHERE fans.workspace_id = %(workspace_id)s AND fans.last_message_at IS DISTINCT FROM newest.at
    """,
    "a conversation's counters are those of its messages": """
        SELECT conversations.id FROM conversations
        LEFT JOIN LATERAL (
            SELECT max(occurred_at) AS at, count(*) FILTER (WHERE direction = 'in' AND NOT read) AS unread
            FROM messages
            WHERE messages.workspace_id = conversations.workspace_id AND conversation_id = conversations.id
        ) AS counted ON true
        WHERE conversations.workspace_id = %(workspace_id)s
            AND (last_message_at, unread_count) IS DISTINCT FROM (counted.at, counted.unread)
    """,
    "a conversation is unanswered when its fan has the last word": """
        SELECT conversations.id FROM conversations
        WHERE conversations.workspace_id = %(workspace_id)s AND unanswered IS DISTINCT FROM coalesce((
            SELECT direction = 'in' FROM messages
            WHERE messages.workspace_id = conversations.workspace_id AND conversation_id = conversations.id
                AND status <> 'cancelled'
            ORDER BY occurred_at DESC, messages.id DESC LIMIT 1
        ), false)
    """,
    "what left through us was approved word for word": """
        SELECT id FROM messages
        WHERE workspace_id = %(workspace_id)s AND direction = 'out' AND NOT sent_elsewhere
            AND (
                approved_by IS NULL OR approved_hash IS DISTINCT FROM content_hash
                OR content_hash <> message_hash(fan_id, account_id, text, price_cents, currency, attachments)
            )
    """,
    "what was sold by a message was offered by it, at that price, before": """
        SELECT transactions.id FROM transactions
        JOIN messages ON messages.workspace_id = transactions.workspace_id AND messages.id = message_id
        WHERE transactions.workspace_id = %(workspace_id)s
            AND (
                transactions.fan_id <> messages.fan_id OR amount_cents <> price_cents OR kind <> 'ppv'
                OR direction <> 'out' OR transactions.occurred_at < messages.occurred_at
            )
    """,
    "what was bought says when": """
        SELECT id FROM messages
        WHERE workspace_id = %(workspace_id)s AND bought_at IS DISTINCT FROM (
            SELECT min(transactions.occurred_at) FROM transactions
            WHERE transactions.workspace_id = messages.workspace_id AND message_id = messages.id
        )
    """,
    "a campaign's figures are those of its recipients": """
        SELECT campaigns.id FROM campaigns
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE status <> 'skipped') AS recipients,
                count(*) FILTER (WHERE status = 'sent') AS sent
            FROM campaign_recipients
            WHERE campaign_recipients.workspace_id = campaigns.workspace_id AND campaign_id = campaigns.id
        ) AS counted ON true
        WHERE campaigns.workspace_id = %(workspace_id)s
            AND ((metrics ->> 'recipients')::bigint, (metrics ->> 'sent')::bigint)
                IS DISTINCT FROM (counted.recipients, counted.sent)
    """,
    "nothing happened in the future or before its fan was there": """
        SELECT fans.id FROM fans
        LEFT JOIN LATERAL (
            SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM messages
            WHERE messages.workspace_id = fans.workspace_id AND fan_id = fans.id
        ) AS said ON true
        LEFT JOIN LATERAL (
            SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM transactions
            WHERE transactions.workspace_id = fans.workspace_id AND fan_id = fans.id
        ) AS paid ON true
        WHERE fans.workspace_id = %(workspace_id)s
            AND (
                created_at > least(said.first, paid.first, last_seen_at)
                OR clock_timestamp() < greatest(said.last, paid.last, last_seen_at)
            )
    """,
}


def disagreements(connection: psycopg.Connection[Any], workspace_id: object) -> dict[str, list[str]]:
    """What is not so in this workspace, with the ids where it is not; call it within the workspace."""
    found = {
        question: [str(row[0]) for row in connection.execute(statement, {"workspace_id": workspace_id})]
        for question, statement in QUESTIONS.items()
    }
    return {question: ids for question, ids in found.items() if ids}
