"""Fans as the API takes and gives them."""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import AliasPath, ConfigDict, Field

from huntaze.cursors import Bookmarks, Cursors
from huntaze.errors import FieldError, Invalid
from huntaze.fans.model import (
    Changes,
    Fan,
    Filters,
    Listing,
    NewFan,
    Page,
    Platform,
    Selection,
    Sort,
    SubscriptionStatus,
)
from huntaze.schema import (
    Cents,
    CentsInAddress,
    Currency,
    Email,
    Flag,
    Id,
    Incoming,
    Moment,
    Outgoing,
    Partial,
    StoredObject,
    Tag,
    Tags,
    WebAddress,
    text,
)
from huntaze.versions import etag


class FiltersQuery(Incoming):
    """Which fans are meant."""

    q: Annotated[str, text(longest=200), Field(description="Part of the name, handle or email, in any case.")] = ""
    platform: Annotated[Platform | None, Field(description="Only fans on this platform.")] = None
    tag: Annotated[Tag | None, Field(description="Only fans with this tag, exactly as it is written.")] = None
    min_value_cents: Annotated[CentsInAddress | None, Field(description="Only fans worth at least this.")] = None
    seen_after: Annotated[Moment | None, Field(description="Only fans last seen after this moment.")] = None

    def filters(self) -> Filters:
        """The same in the language of the use case."""
        return Filters(self.q or None, self.platform, self.tag, self.min_value_cents, self.seen_after)


class FansQuery(FiltersQuery):
    """Which stretch of which list is wanted."""

    sort: Annotated[Sort, Field(description="Names from A on, everything else from the top.")] = Sort.CREATED
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filters.")] = None

    def bookmarks(self, cursors: Cursors, workspace_id: UUID) -> Bookmarks:
        """The cursors of this list: these filters in this order."""
        return list_of(cursors, workspace_id, self.filters(), self.sort)

    def wanted(self, bookmarks: Bookmarks) -> Listing:
        """The same in the language of the use case."""
        return Listing(self.limit, self.filters(), self.sort, bookmarks.position(self.cursor))


def list_of(cursors: Cursors, workspace_id: UUID, filters: Filters, sort: Sort) -> Bookmarks:
    """The cursors of a list of fans; the API and the pages understand each other's."""
    return cursors.of(workspace_id, "fans", *astuple(filters), sort)


class TopQuery(Incoming):
    """How many of the best are wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 10


class SelectedFilters(Incoming):
    """All fans that match."""

    q: Annotated[str, text(longest=200)] = ""
    platform: Platform | None = None
    tag: Tag | None = None
    min_value_cents: Cents | None = None
    seen_after: Moment | None = None


class TaggingBody(Incoming):
    """Fans, and the tags to put on them or to take off them: `ids` or `filters` says which."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["ids"]}, {"required": ["filters"]}]})

    ids: Annotated[list[Id], Field(strict=True, min_length=1, max_length=1_000)] | None = None
    filters: SelectedFilters | None = None
    add: Tags = Field(default_factory=list)
    remove: Tags = Field(default_factory=list)

    def selection(self) -> Selection:
        """The same in the language of the use case."""
        if (self.ids is None) == (self.filters is None):
            raise Invalid(
                [FieldError(name, "Either ids or filters is needed, not both") for name in ("ids", "filters")]
            )
        if self.filters is None:
            return Selection(ids=tuple(self.ids or ()))
        chosen = self.filters
        return Selection(
            filters=Filters(chosen.q or None, chosen.platform, chosen.tag, chosen.min_value_cents, chosen.seen_after)
        )


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


class FanChangesBody(Partial):
    """What is to be different about a fan; what is left out stays as it is."""

    name: Annotated[str, text(shortest=1, longest=200)] = ""
    handle: Annotated[str, text(shortest=1, longest=200)] | None = None
    email: Email | None = None
    phone: Annotated[str, text(shortest=1, longest=50)] | None = None
    avatar: WebAddress | None = None
    tags: Tags = Field(default_factory=list)
    value_cents: Cents = 0
    currency: Currency = ""
    subscription_status: SubscriptionStatus = SubscriptionStatus.UNKNOWN
    last_seen_at: Moment | None = None
    do_not_contact: Flag = False
    notes: Annotated[str, text(longest=10_000)] = ""
    metadata: StoredObject = Field(default_factory=dict)

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        given = self.given()
        if "tags" in given:
            given["tags"] = tuple(self.tags)
        return cast(Changes, given)


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
    value_cents: Annotated[int, Field(validation_alias=AliasPath("value", "cents"))]
    currency: Annotated[str, Field(validation_alias=AliasPath("value", "currency"))]
    subscription_status: SubscriptionStatus
    last_seen_at: datetime | None
    last_message_at: datetime | None
    do_not_contact: bool
    notes: str
    metadata: dict[str, object]
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the fan; it goes out as the ETag."""
        return etag(self)

    @classmethod
    def of(cls, fan: Fan) -> Self:
        """A fan as the API shows it."""
        return cls.model_validate(fan)


class FansBody(Outgoing):
    """A page of fans."""

    fans: list[FanBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page, bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls.model_validate({"fans": page.fans, "next_cursor": bookmarks.cursor(page.next)})


class TopFansBody(Outgoing):
    """The most valuable fans."""

    fans: list[FanBody]

    @classmethod
    def of(cls, fans: Iterable[Fan]) -> Self:
        """The fans as the API shows them."""
        return cls(fans=[FanBody.of(fan) for fan in fans])
