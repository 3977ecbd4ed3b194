"""Addresses that came from outside, before we send anybody there."""

from urllib.parse import urlsplit

_LONGEST = 2_000


def own(address: str, otherwise: str = "/") -> str:
    """The address, if it is a plain path of ours. Browsers take two slashes, backslashes and blanks for a host."""
    plain = address.isascii() and address.isprintable() and not set(address) & {"\\", " ", '"', "<", ">"}
    if not plain or len(address) > _LONGEST or not address.startswith("/") or address.startswith("//"):
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else address


def path_of(address: str) -> str:
    """The path and query of a full address, for the way back; not checked."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
