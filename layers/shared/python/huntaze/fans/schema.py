"""Fans as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field

from huntaze import cursors
from huntaze.errors import Invalid
from huntaze.fans.model import Fan, Listing, NewFan, Page, Platform, Position, SubscriptionStatus
from huntaze.schema import (
    Cents,
    Currency,
    Email,
    Flag,
    Incoming,
    Moment,
    Outgoing,
    StoredObject,
    WebAddress,
    text,
)


def _all_different(tags: list[str]) -> list[str]:
    if len(set(tags)) < len(tags):
        raise ValueError("must not repeat a tag")
    return tags


Tag = Annotated[str, text(shortest=1, longest=200)]
Tags = Annotated[
    list[Tag],
    Field(strict=True, max_length=100, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_all_different),
]


class FansQuery(Incoming):
    """Which stretch of the list is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before.")] = None
    platform: Annotated[Platform | None, Field(description="Only fans on this platform.")] = None

    def wanted(self) -> Listing:
        """The same in the language of the use case."""
        return Listing(self.limit, self.platform, _position(self.cursor) if self.cursor else None)


class NewFanBody(Incoming):
    """A fan about to be added."""

    name: Annotated[str, text(shortest=1, longest=200)]
    platform: Platform
    platform_id: Annotated[str, text(shortest=1, longest=200)]
    handle: Annotated[str, text(shortest=1, longest=200)] | None = None
    email: Email | None = None
    phone: Annotated[str, text(shortest=1, longest=50)] | None = None
    avatar: WebAddress | None = None
    tags: Tags = Field(default_factory=list)
    value_cents: Cents = 0
    currency: Annotated[Currency | None, Field(description="The workspace's own when left out.")] = None
    subscription_status: SubscriptionStatus = SubscriptionStatus.UNKNOWN
    last_seen_at: Moment | None = None
    do_not_contact: Flag = False
    notes: Annotated[str, text(longest=10_000)] = ""
    metadata: StoredObject = Field(default_factory=dict)

    def fan(self) -> NewFan:
        """The same in the language of the use case."""
        return NewFan(**{**dict(self), "tags": tuple(self.tags)})


class FanBody(Outgoing):
    """A fan."""

    id: UUID
    name: str
    platform: Platform
    platform_id: str | None
    handle: str | None
    email: str | None
    phone: str | None
    avatar: str | None
    tags: tuple[str, ...]
    value_cents: int
    currency: str
    subscription_status: SubscriptionStatus
    last_seen_at: datetime | None
    last_message_at: datetime | None
    do_not_contact: bool
    notes: str
    metadata: dict[str, object]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, fan: Fan) -> Self:
        """A fan as the API shows it."""
        plain = {name: getattr(fan, name) for name in cls.model_fields if hasattr(fan, name)}
        return cls(**plain, value_cents=fan.value.cents, currency=fan.value.currency)


class FansBody(Outgoing):
    """A page of fans."""

    fans: list[FanBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page) -> Self:
        """A page as the API shows it."""
        return cls(fans=[FanBody.of(fan) for fan in page.fans], next_cursor=_cursor(page.next))


def _cursor(position: Position | None) -> str | None:
    if position is None:
        return None
    return cursors.encode(position.created_at.isoformat(), str(position.fan_id))


def _position(cursor: str) -> Position:
    try:
        created_at, fan_id = cursors.decode(cursor)
        return Position(cursors.moment(created_at), UUID(fan_id))
    except ValueError:
        raise Invalid.field("cursor", "This is not a cursor that we gave.") from None
