"""What may hang on a message: references to media, checked as text and never fetched here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from huntaze.addresses import leads_to_a_public_place, parts_of

MOST_ATTACHMENTS = 20
_HTTPS_PORT = 443


class MediaType(StrEnum):
    """What a reference leads to."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, film or sound that lies somewhere else."""

    url: str
    type: MediaType | None = None

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Self:
        """The same again, from how it is stored."""
        return cls(stored["url"], MediaType(stored["type"]) if "type" in stored else None)

    def as_json(self) -> dict[str, str]:
        """The same as it is stored and told."""
        return {"url": self.url} if self.type is None else {"url": self.url, "type": str(self.type)}


def checked(address: str) -> str:
    """The address of a picture, film or sound; a ValueError unless it is one that may be referred to."""
    parts = parts_of(address)
    if parts.scheme != "https":
        raise ValueError("must begin with https://")
    if parts.port not in {None, _HTTPS_PORT} or parts.netloc.endswith(":"):
        raise ValueError("must not name a port")
    if not leads_to_a_public_place(parts):
        raise ValueError("must lead to a public place on the internet")
    return address
