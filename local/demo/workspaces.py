"""The demo's two workspaces: whose they are and how much is in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

from local.demo.creator import Campaign, Creator
from local.demo.crowd import Amount
from local.demo.dice import shelf
from local.people import MAX, ZOE, ZONES, seat


@dataclass(frozen=True)
class DemoWorkspace:
    """A creator, and how much there is."""

    creator: Creator
    owner_id: str
    amount: Amount
    profile: Mapping[str, object] = field(default_factory=dict)
    ai_config: Mapping[str, object] = field(default_factory=dict)
    drafts: int = 0
    in_trouble: tuple[str, ...] = ()  # states of the newest messages that need a person


def account_id(workspace_id: UUID, platform: str) -> str:
    """The connection of a workspace to a platform. It is never deleted, so it also tells that the demo was loaded."""
    return str(uuid5(workspace_id, f"demo account {platform}"))


def _seat(workspace_id: UUID, who: str) -> str:
    return str(seat(workspace_id, f"{who}@demo.huntaze.test"))


DEMO = (
    DemoWorkspace(
        Creator(
            workspace_id=str(ZOE),
            word="zoe",
            zone=ZONES[ZOE],
            subscription_cents=1299,
            approvers=shelf({_seat(ZOE, "chatter"): 6, _seat(ZOE, "zoe"): 3, _seat(ZOE, "agency"): 1}),
            accounts={platform: account_id(ZOE, platform) for platform in ("onlyfans", "fansly")},
            here_for=timedelta(days=150),
            campaign=Campaign(
                id=str(uuid5(ZOE, "demo campaign")),
                name="Sea, before everybody else",
                approved_by=_seat(ZOE, "agency"),
                launched=timedelta(days=23, hours=3),
                text="Before it goes on the page: the sea set, 30 pictures and the film of the storm.",
                price_cents=1500,
                media_urls=["https://media.example.com/zoe/campaign.jpg"],
            ),
        ),
        owner_id=_seat(ZOE, "zoe"),
        amount=Amount(fans=1300, conversations=760, messages=11_000, transactions=9000),
        profile={
            "display_name": "Zoë Laurent",
            "bio": "Pictures from trains, balconies and the sea. New sets on Tuesdays and Fridays.",
            "timezone": ZONES[ZOE],
            "niche": "travel",
            "goals": ["answer everybody within an hour", "two sets a week"],
        },
        ai_config={
            "personality": "Warm, dry humour, never in a hurry.",
            "response_style": "conversational",
            "tone": "casual",
            "response_length": "short",
            "platforms": ["onlyfans", "fansly"],
            "custom_responses": [],
            "pricing": {"Custom video from": 12000},
            "enabled": True,
        },
        drafts=9,
        in_trouble=("failed", "unknown", "failed"),
    ),
    DemoWorkspace(
        Creator(
            workspace_id=str(MAX),
            word="max",
            zone=ZONES[MAX],
            subscription_cents=999,
            approvers=shelf({_seat(MAX, "chatter"): 7, _seat(MAX, "max"): 2, _seat(MAX, "agency"): 1}),
            accounts={"onlyfans": account_id(MAX, "onlyfans")},
            here_for=timedelta(days=90),
            campaign=Campaign(
                id=str(uuid5(MAX, "demo campaign")),
                name="Winter training, part one",
                approved_by=_seat(MAX, "agency"),
                launched=timedelta(days=11, hours=5),
                text="The first part of the winter training is done: 40 minutes, no music, all of it real.",
                price_cents=1200,
                media_urls=["https://media.example.com/max/campaign.jpg"],
            ),
        ),
        owner_id=_seat(MAX, "max"),
        amount=Amount(fans=700, conversations=380, messages=5500, transactions=4500),
        profile={
            "display_name": "Max Rivera",
            "bio": "Training without music. Ask me about knees.",
            "timezone": ZONES[MAX],
            "niche": "fitness",
            "goals": ["keep the members of last winter"],
        },
        ai_config={
            "personality": "Direct and encouraging.",
            "response_style": "conversational",
            "tone": "professional",
            "response_length": "medium",
            "platforms": ["onlyfans"],
            "custom_responses": [],
            "pricing": {"Custom video from": 9000},
            "enabled": False,
        },
        drafts=4,
        in_trouble=("failed",),
    ),
)
