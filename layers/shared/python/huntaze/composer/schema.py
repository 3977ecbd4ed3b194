"""What is being written, as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from huntaze.attachments.schema import Attachments, AttachmentTold, media, told
from huntaze.composer.model import Content, Unsent
from huntaze.schema import Cents, Incoming, Outgoing, text

Text = Annotated[str, text(longest=5_000)]


class ContentBody(Incoming):
    """What somebody is writing, whole: what is left out is empty."""

    text: Text = ""
    price_cents: Cents = 0
    attachments: Attachments = Field(default_factory=list)

    def content(self) -> Content:
        """The same in the language of the use case."""
        return Content(text=self.text, price_cents=self.price_cents, attachments=media(self.attachments))


class UnsentBody(Outgoing):
    """What the caller is writing; `updatedAt` is null when that is nothing."""

    text: str
    price_cents: int
    currency: str
    attachments: list[AttachmentTold]
    updated_at: datetime | None

    @classmethod
    def of(cls, unsent: Unsent) -> Self:
        """What is being written as the API shows it."""
        content = unsent.content
        return cls(
            text=content.text,
            price_cents=content.price_cents,
            currency=unsent.currency,
            attachments=told(content.attachments),
            updated_at=unsent.updated_at,
        )
