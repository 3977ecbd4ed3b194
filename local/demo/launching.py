"""A campaign from its launch to its end."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from local.demo.creator import Campaign, Creator
from local.demo.rows import CampaignRecipientRow
from local.demo.writing import Connection, act_as

_LAUNCH = """
INSERT INTO campaigns (
    workspace_id, id, name, type, status, template, target_audience, approved_by, approved_at, approved_hash,
    launched_at, started_at, filled_at, created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(name)s, 'bulk_message', 'active', %(template)s, %(audience)s, %(approved_by)s, %(at)s,
    campaign_hash(%(template)s, %(audience)s), %(at)s, %(at)s, %(at)s, %(at)s, %(at)s
)
"""
# The database made their words when they were written down; what was sent is what it made.
_REACHED = """
UPDATE campaign_recipients AS r SET status = 'sent', message_id = m.id, sent_at = m.sent_at, replied_at = (
    SELECT min(answer.occurred_at) FROM messages AS answer
    WHERE answer.workspace_id = r.workspace_id AND answer.fan_id = r.fan_id AND answer.direction = 'in'
        AND answer.occurred_at BETWEEN m.sent_at AND m.sent_at + interval '72 hours'
)
FROM messages AS m
WHERE r.workspace_id = %(workspace_id)s AND r.campaign_id = %(id)s AND m.workspace_id = r.workspace_id
    AND m.campaign_id = r.campaign_id AND m.fan_id = r.fan_id
"""
_COMPLETE = """
UPDATE campaigns SET status = 'completed', metrics = %(metrics)s, completed_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""


def launch(
    connection: Connection,
    creator: Creator,
    campaign: Campaign,
    now: datetime,
    recipients: Sequence[CampaignRecipientRow],
) -> None:
    """Launch it for these recipients, approved by the person who may."""
    act_as(connection, creator.workspace_id, campaign.approved_by)
    connection.execute(
        _LAUNCH,
        {
            "workspace_id": creator.workspace_id,
            "id": campaign.id,
            "name": campaign.name,
            "template": Jsonb(
                {"content": campaign.text, "priceCents": campaign.price_cents, "mediaUrls": campaign.media_urls}
            ),
            "audience": Jsonb({"recipientIds": [recipient.fan_id for recipient in recipients]}),
            "approved_by": campaign.approved_by,
            "at": now - campaign.launched,
        },
    )
    act_as(connection, creator.workspace_id)


def reach(connection: Connection, creator: Creator, campaign: Campaign) -> None:
    """Its messages are there: so their recipients have got them."""
    connection.execute(_REACHED, {"workspace_id": creator.workspace_id, "id": campaign.id})


def complete(
    connection: Connection, creator: Creator, campaign: Campaign, recipients: Sequence[CampaignRecipientRow]
) -> None:
    """Everybody was reached or left out."""
    sent = sum(recipient.status != "skipped" for recipient in recipients)
    metrics = {"recipients": sent, "sent": sent, "failed": 0, "skipped": len(recipients) - sent}
    connection.execute(
        _COMPLETE,
        {
            "workspace_id": creator.workspace_id,
            "id": campaign.id,
            "metrics": Jsonb(metrics),
            "at": max(recipient.updated_at for recipient in recipients),
        },
    )
