"""Attachments as the API takes and gives them."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from huntaze.addresses import LONGEST_ADDRESS
from huntaze.attachments.model import MOST_ATTACHMENTS, Media, MediaType, checked
from huntaze.schema import Incoming, Outgoing


class AttachmentBody(Incoming):
    """A reference to a picture, film or sound."""

    url: Annotated[str, Field(strict=True, max_length=LONGEST_ADDRESS), AfterValidator(checked)]
    type: MediaType | None = None


Attachments = Annotated[list[AttachmentBody], Field(strict=True, max_length=MOST_ATTACHMENTS)]


class AttachmentTold(Outgoing):
    """A reference as it was given."""

    url: str
    type: Annotated[MediaType | None, Field(exclude_if=lambda kind: kind is None)] = None


def told(media: Iterable[Media]) -> list[AttachmentTold]:
    """References as the API shows them."""
    return [AttachmentTold(url=each.url, type=each.type) for each in media]


def media(given: Iterable[AttachmentBody]) -> tuple[Media, ...]:
    """The same in the language of the use cases."""
    return tuple(Media(each.url, each.type) for each in given)
