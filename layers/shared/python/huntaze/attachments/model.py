"""What may hang on a message: references to media, checked as text and never fetched here.

A name can still lead to a private address, and lead elsewhere a minute later: whoever fetches one looks again at the
address that it connects to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Self
from urllib.parse import SplitResult, urlsplit

LONGEST_ADDRESS = 2048
MOST_ATTACHMENTS = 20

# What RFC 3986 lets stand in an address. Everything else, from control characters to letters that some software reads
# as others, is percent-encoded by honest senders.
_ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_NAME = re.compile(r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_HTTPS_PORT = 443
_LONGEST_NAME = 253
_MOST_PARTS = 4
_NOT_PUBLIC = (
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"),
    *("test", "invalid", "onion", "home.arpa"),
)
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))


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
    if reason := refusal(address):
        raise ValueError(reason)
    return address


def refusal(url: str) -> str | None:
    """Why an address may not be referred to; None when it may."""
    if len(url) > LONGEST_ADDRESS:
        return f"must be at most {LONGEST_ADDRESS} characters"
    if not _ADDRESS.fullmatch(url):
        return "must be an address in ASCII, with everything unusual percent-encoded"
    try:
        return _refused_part(urlsplit(url))
    except ValueError:
        return "must be an address"


def _refused_part(parts: SplitResult) -> str | None:
    if parts.scheme != "https":
        return "must begin with https://"
    if "@" in parts.netloc:
        return "must not hold credentials"
    if parts.port not in {None, _HTTPS_PORT} or parts.netloc.endswith(":"):
        return "must not name a port"
    return None if _is_public(parts) else "must lead to a public place on the internet"


def _is_public(parts: SplitResult) -> bool:
    host = (parts.hostname or "").removesuffix(".")
    if parts.netloc.startswith("["):
        return _is_public_v6(host)
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _is_public_v4(host)
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        return False
    return not any(f".{host}".endswith(f".{name}") for name in _NOT_PUBLIC)


def _is_public_v4(host: str) -> bool:
    """Whether this is a public address in the one usual spelling.

    Browsers and libc also read 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1. Nobody who means well writes so.
    """
    parts = host.split(".")
    if len(parts) != _MOST_PARTS or not all(part.isdecimal() and str(int(part)) == part for part in parts):
        return False
    try:
        return _is_global(IPv4Address(host))
    except ValueError:
        return False


def _is_public_v6(host: str) -> bool:
    try:
        address = IPv6Address(host)  # a zone, as in fe80::1%eth0, names an interface of the machine itself
    except ValueError:
        return False
    if address.scope_id is not None:
        return False
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _TRANSLATED):
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return all(_is_global(carried) for carried in inner if carried) and (
        bool(address.ipv4_mapped) or _is_global(address) or address in _TRANSLATED[0]
    )


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved
