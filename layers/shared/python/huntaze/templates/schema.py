"""Templates as the API takes and gives them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Self, cast
from uuid import UUID

from pydantic import Field

from huntaze.attachments.schema import Attachments, AttachmentTold, media, told
from huntaze.cursors import Bookmarks, Cursors
from huntaze.paging import Page
from huntaze.schema import Cents, Currency, Incoming, Outgoing, Partial, text
from huntaze.templates.model import Changes, Filters, NewTemplate, Template
from huntaze.versions import etag
from huntaze.wording.model import Filled, Wording
from huntaze.wording.schema import Category, FilledBody, WellWorded

Name = Annotated[str, text(shortest=1, longest=200)]


class TemplatesQuery(Incoming):
    """Which stretch of which list is wanted."""

    q: Annotated[str, text(longest=200), Field(description="Part of the name, text or category, in any case.")] = ""
    category: Annotated[Category | None, Field(description="Only those in this category.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filters.")] = None

    def filters(self) -> Filters:
        """The same in the language of the use case."""
        return Filters(self.q or None, self.category)

    def bookmarks(self, cursors: Cursors, workspace_id: UUID) -> Bookmarks:
        """The cursors of this list."""
        return cursors.of(workspace_id, "templates", self.q or None, self.category)


class NewTemplateBody(Incoming):
    """A template about to be added: a text, or something attached, or both."""

    name: Name
    text: WellWorded = ""
    category: Category | None = None
    price_cents: Cents = 0
    currency: Annotated[Currency | None, Field(description="The workspace's own when left out.")] = None
    attachments: Attachments = Field(default_factory=list)

    def template(self) -> NewTemplate:
        """The same in the language of the use case."""
        return NewTemplate(**{**dict(self), **_read(dict(self))})


class TemplateChangesBody(Partial):
    """What is to be different; what is left out stays as it is."""

    name: Name = ""
    text: WellWorded = ""
    category: Category | None = None
    price_cents: Cents = 0
    currency: Currency = ""
    attachments: Attachments = Field(default_factory=list)

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        given = self.given()
        return cast(Changes, {**given, **_read(given)})


def _read(given: dict[str, Any]) -> dict[str, Any]:
    reading: dict[str, Callable[[Any], Any]] = {"text": Wording, "attachments": media}
    return {name: read(given[name]) for name, read in reading.items() if name in given}


def _price(template: Template) -> dict[str, Any]:
    return {"price_cents": template.price.cents, "currency": template.price.currency}


_MADE_HERE = {"price_cents", "currency", "attachments"}


class TemplateBody(Outgoing):
    """A template."""

    id: UUID
    name: str
    text: str
    category: str | None
    price_cents: int
    currency: str
    attachments: list[AttachmentTold]
    usage_count: int
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the template; being used does not change it."""
        return etag(self)

    @classmethod
    def of(cls, template: Template) -> Self:
        """A template as the API shows it."""
        plain = {name: getattr(template, name) for name in cls.model_fields if name not in _MADE_HERE}
        return cls(**plain, **_price(template), attachments=told(template.attachments))


class TemplatesBody(Outgoing):
    """A page of templates, the most used first."""

    templates: list[TemplateBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Template], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls(templates=[TemplateBody.of(one) for one in page.items], next_cursor=bookmarks.cursor(page.next))


class FilledTemplateBody(FilledBody):
    """A template filled in for one fan."""

    price_cents: int
    currency: str
    attachments: list[AttachmentTold]

    @classmethod
    def of(cls, used: tuple[Template, Filled]) -> Self:
        """The filled template as the API shows it."""
        template, filled = used
        return cls(
            text=filled.text,
            missing=filled.missing,
            usage_count=template.usage_count,
            **_price(template),
            attachments=told(template.attachments),
        )
