"""Attachments as the API takes them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from huntaze.attachments.model import LONGEST_ADDRESS, MOST_ATTACHMENTS, checked

Attachment = Annotated[str, Field(strict=True, max_length=LONGEST_ADDRESS), AfterValidator(checked)]
Attachments = Annotated[list[Attachment], Field(strict=True, max_length=MOST_ATTACHMENTS)]
