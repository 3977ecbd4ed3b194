"""How machines write for this creator. What may be chosen stands here; the database holds the same lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

LONGEST_PERSONALITY = 2_000
MOST_CUSTOM_RESPONSES = 20
LONGEST_TRIGGER = 200
LONGEST_RESPONSE = 500
MOST_PRICES = 50
LONGEST_PRICE_NAME = 100


class Tone(StrEnum):
    """How it sounds: the tones of the presets."""

    CASUAL = "casual"
    FLIRTY = "flirty"
    FRIENDLY = "friendly"
    PLAYFUL = "playful"
    PROFESSIONAL = "professional"


class ResponseStyle(StrEnum):
    """How it goes about an answer."""

    CONVERSATIONAL = "conversational"
    DIRECT = "direct"
    SUPPORTIVE = "supportive"
    STORYTELLING = "storytelling"


class ResponseLength(StrEnum):
    """How much it says."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class AiPlatform(StrEnum):
    """Where machines may suggest anything: the platforms that messages can be sent to."""

    ONLYFANS = "onlyfans"
    FANSLY = "fansly"


@dataclass(frozen=True, slots=True)
class CustomResponse:
    """What to say when a fan says something like the trigger."""

    trigger: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AiConfig:
    """The workspace's configuration; switched off, and without a time, until somebody saves one.

    Prices are cents of the workspace's currency by a name of the team's own.
    """

    personality: str | None = None
    response_style: ResponseStyle | None = None
    tone: Tone | None = None
    response_length: ResponseLength | None = None
    platforms: tuple[AiPlatform, ...] = ()
    custom_responses: tuple[CustomResponse, ...] = ()
    pricing: Mapping[str, int] = field(default_factory=dict)
    enabled: bool = False
    updated_at: datetime | None = None


class Changes(TypedDict, total=False):
    """What is to be different; what is not in it stays."""

    personality: str | None
    response_style: ResponseStyle | None
    tone: Tone | None
    response_length: ResponseLength | None
    platforms: tuple[AiPlatform, ...]
    custom_responses: tuple[CustomResponse, ...]
    pricing: Mapping[str, int]
    enabled: bool
