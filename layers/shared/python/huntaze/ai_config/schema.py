"""The AI configuration as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Any, Self, cast

from pydantic import AfterValidator, Field

from huntaze.ai_config.model import (
    LONGEST_PERSONALITY,
    LONGEST_PRICE_NAME,
    LONGEST_RESPONSE,
    LONGEST_TRIGGER,
    MOST_CUSTOM_RESPONSES,
    MOST_PRICES,
    AiConfig,
    AiPlatform,
    Changes,
    CustomResponse,
    ResponseLength,
    ResponseStyle,
    Tone,
)
from huntaze.schema import Cents, Flag, Incoming, Outgoing, Partial, text
from huntaze.versions import etag


def _each_once(platforms: list[AiPlatform]) -> list[AiPlatform]:
    if len(set(platforms)) < len(platforms):
        raise ValueError("must not repeat a platform")
    return platforms


class CustomResponseBody(Incoming):
    """What to say when a fan says something like the trigger."""

    trigger: Annotated[str, text(shortest=1, longest=LONGEST_TRIGGER)]
    response: Annotated[str, text(shortest=1, longest=LONGEST_RESPONSE)]


Platforms = Annotated[
    list[AiPlatform], Field(max_length=2, json_schema_extra={"uniqueItems": True}), AfterValidator(_each_once)
]
CustomResponses = Annotated[list[CustomResponseBody], Field(max_length=MOST_CUSTOM_RESPONSES)]
PriceName = Annotated[str, text(shortest=1, longest=LONGEST_PRICE_NAME)]
Pricing = Annotated[
    dict[PriceName, Cents],
    Field(max_length=MOST_PRICES, description="Cents of the workspace's currency, by names of the team's own."),
]


class AiConfigChangesBody(Partial):
    """What is to be different; what is left out stays as it is."""

    personality: Annotated[str, text(longest=LONGEST_PERSONALITY)] | None = None
    response_style: ResponseStyle | None = None
    tone: Tone | None = None
    response_length: ResponseLength | None = None
    platforms: Platforms = Field(default_factory=list)
    custom_responses: CustomResponses = Field(default_factory=list)
    pricing: Pricing = Field(default_factory=dict)
    enabled: Flag = False

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        given: dict[str, Any] = self.given()
        if "platforms" in given:
            given["platforms"] = tuple(self.platforms)
        if "custom_responses" in given:
            given["custom_responses"] = tuple(CustomResponse(**dict(response)) for response in self.custom_responses)
        return cast(Changes, given)


class ToldResponseBody(Outgoing):
    """What is said when a fan says something like the trigger."""

    trigger: str
    response: str


class AiConfigBody(Outgoing):
    """The workspace's configuration; `updatedAt` is null until somebody saves one."""

    personality: str | None
    response_style: ResponseStyle | None
    tone: Tone | None
    response_length: ResponseLength | None
    platforms: tuple[AiPlatform, ...]
    custom_responses: list[ToldResponseBody]
    pricing: dict[str, int]
    enabled: bool
    updated_at: datetime | None

    @property
    def etag(self) -> str:
        """Names this version of the configuration, also when there is none yet."""
        return etag(self)

    @classmethod
    def of(cls, config: AiConfig) -> Self:
        """The configuration as the API shows it."""
        plain = {name: getattr(config, name) for name in cls.model_fields if name != "custom_responses"}
        told = [ToldResponseBody(trigger=each.trigger, response=each.response) for each in config.custom_responses]
        return cls(**plain, custom_responses=told)
