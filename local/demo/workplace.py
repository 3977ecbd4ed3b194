"""What a team has set up before it starts: accounts, profile, AI configuration, quick replies, templates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from huntaze.connections.notice import notice
from local.demo.creator import Creator
from local.demo.workspaces import DemoWorkspace

Rows = list[dict[str, object]]

_QUICK_REPLIES = (
    ("Hi {name|there}, thank you for writing. I read everything and answer this evening.", "hello"),
    ("Welcome, {name|there}! New pictures come on Tuesdays and Fridays.", "hello"),
    ("Thank you, {name|you}, that is very kind.", "thanks"),
    ("A custom video starts at 120 and takes about a week. What do you have in mind?", "custom"),
    ("I do not meet anybody in person. Thank you for understanding.", "limits"),
    ("Payments are handled by the platform; its help page can see more than I can.", "billing"),
    ("The live is on Thursday at nine in the evening, my time.", "dates"),
    ("Good night, {name|you}. More tomorrow.", "goodbye"),
)
_TEMPLATES = (
    ("Welcome", "Hi {name|there}, thank you for subscribing. What brought you here?", "hello", 0),
    ("New set", "The new set is ready, {name|there}: 24 pictures, no watermark.", "sale", 1500),
    ("Long video", "Twelve minutes, uncut. You are among the first to get it.", "sale", 2500),
    ("We miss you", "You were quiet for a while, {name|there}. All well?", "win-back", 0),
    ("Thank you for the tip", "Thank you, {name|you}! It goes into the new lens.", "thanks", 0),
)

_AI_OFF = {"platforms": [], "custom_responses": [], "pricing": {}, "enabled": False}


def workplace(workspace: DemoWorkspace, now: datetime) -> Iterator[tuple[str, Rows]]:
    """The rows of each table, parents first."""
    creator = workspace.creator
    since = now - creator.here_for
    yield "platform_connections", [_connection(creator, workspace, platform, since) for platform in creator.accounts]
    yield "user_profiles", [{**_at(creator, since), "goals": [], **workspace.profile, "member_id": workspace.owner_id}]
    yield "ai_configs", [{**_at(creator, since), **_AI_OFF, **workspace.ai_config}]
    yield "quick_replies", [_quick_reply(creator, number, since) for number in range(len(_QUICK_REPLIES))]
    yield "templates", [_template(creator, number, since) for number in range(len(_TEMPLATES))]


def _at(creator: Creator, moment: datetime) -> dict[str, object]:
    return {"workspace_id": creator.workspace_id, "created_at": moment, "updated_at": moment}


def _connection(creator: Creator, workspace: DemoWorkspace, platform: str, since: datetime) -> dict[str, object]:
    return {
        **_at(creator, since),
        "id": creator.accounts[platform],
        "platform": platform,
        "platform_user_id": creator.user_on(platform),
        "platform_username": creator.word,
        "status": "active",
        "consent_by": workspace.owner_id,
        "consent_at": since,
        "consent_notice": notice().version,
        "pace_messages": 10,
        "pace_seconds": 60,
        "pace_gap_seconds": 0,
        "metadata": {},
    }


def _quick_reply(creator: Creator, number: int, since: datetime) -> dict[str, object]:
    template, category = _QUICK_REPLIES[number]
    return {
        **_at(creator, since + timedelta(hours=number)),
        "id": _id(creator, "quick reply", number),
        "template": template,
        "category": category,
        "usage_count": 160 // (number + 1),  # the first ones are the ones everybody takes
    }


def _template(creator: Creator, number: int, since: datetime) -> dict[str, object]:
    name, text, category, price_cents = _TEMPLATES[number]
    return {
        **_at(creator, since + timedelta(hours=number)),
        "id": _id(creator, "template", number),
        "name": name,
        "text": text,
        "category": category,
        "price_cents": price_cents,
        "currency": creator.currency,
        "attachments": [],
        "usage_count": 60 // (number + 1),
    }


def _id(creator: Creator, thing: str, number: int) -> str:
    return str(uuid5(UUID(creator.workspace_id), f"demo {thing} {number}"))
