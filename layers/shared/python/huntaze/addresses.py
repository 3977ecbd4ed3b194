"""Addresses that others choose, judged as text: where media may lie, and where a bridge may stand.

A name can still lead to a private place, and lead elsewhere a minute later. Whoever opens a connection looks again,
with `is_public`, at the very address that it connects to.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

LONGEST_ADDRESS = 2048

# What RFC 3986 lets stand in an address. Everything else, from control characters to letters that some software reads
# as others, is percent-encoded by honest senders.
_ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_NAME = re.compile(r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_LONGEST_NAME = 253
_MOST_PARTS = 4
_NOT_PUBLIC = (
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"),
    *("test", "invalid", "onion", "home.arpa"),
)

# Versions of Python differ in what they call global, so what matters here is said here. Of IPv6 only this part has ever
# been handed out; the rest is for machines and networks among themselves.
_HANDED_OUT = IPv6Network("2000::/3")
_DOCUMENTATION = IPv6Network("3fff::/20")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # where a network without IPv4 sees all of it
_RELAYS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))

_BEFORE_NAME = re.compile(r"(https?://)([^/?#@:\[\]]+)(.*)", re.IGNORECASE | re.DOTALL)
_PLAIN_NAME = re.compile(r"[a-z0-9_.-]+")
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9\-._~]+)*/?")
_USUAL_PORTS = {"https": 443, "http": 80}
_BRIDGE_PORTS = frozenset({443, *range(8000, 9000)})
_ANY_PORT = range(1, 65536)


def parts_of(address: str) -> SplitResult:
    """The parts of an address that is spelt as one; a ValueError says what is wrong with it."""
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(f"must be at most {LONGEST_ADDRESS} characters")
    if not _ADDRESS.fullmatch(address):
        raise ValueError("must be an address in ASCII, with everything unusual percent-encoded")
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        raise ValueError("must be an address") from None
    if "@" in parts.netloc:
        raise ValueError("must not hold credentials")
    return parts


def leads_to_a_public_place(parts: SplitResult) -> bool:
    """Whether the name in an address may stand for a place on the internet, in the one usual spelling."""
    host = (parts.hostname or "").removesuffix(".")
    if parts.netloc.startswith("["):
        return _is_public_v6(host)
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _is_public_v4(host)
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        return False
    return not any(f".{host}".endswith(f".{name}") for name in _NOT_PUBLIC)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether this is a place on the internet, and so is whatever it carries inside."""
    if isinstance(address, IPv4Address):
        return _is_global(address) and not any(address in network for network in _RELAYS)
    if address.scope_id is not None:  # as in fe80::1%eth0: an interface of the machine itself
        return False
    if carried := address.ipv4_mapped or (IPv4Address(address.packed[-4:]) if address in _TRANSLATED else None):
        return is_public(carried)
    inner = [each for each in (address.sixtofour, *(address.teredo or ())) if each]
    return (
        address in _HANDED_OUT
        and address not in _DOCUMENTATION
        and _is_global(address)
        and all(is_public(each) for each in inner)
    )


def checked_bridge_address(typed: str, *, local: bool = False) -> str:
    """The address of a bridge as it is kept; a ValueError tells the person who typed it what is wrong.

    On the local stage a bridge may stand on the same machine and speak plain HTTP.
    """
    parts = parts_of(_in_ascii(typed.strip()))
    if parts.scheme not in ({"https", "http"} if local else {"https"}):
        raise ValueError("must begin with https://")
    if parts.query or parts.fragment or typed.rstrip().endswith(("?", "#")):
        raise ValueError("must end with its path, without ? or #")
    if not _PATH.fullmatch(parts.path):
        raise ValueError("must have a plain path, like https://bridge.example.com/zoe")
    if not (_is_any_place(parts) if local else leads_to_a_public_place(parts)):
        raise ValueError("must lead to a public place on the internet")
    return f"{parts.scheme}://{_host(parts)}{_port(parts, _ANY_PORT if local else _BRIDGE_PORTS)}{_path(parts)}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    return f"[{IPv6Address(host)}]" if parts.netloc.startswith("[") else host


def _port(parts: SplitResult, allowed: range | frozenset[int]) -> str:
    if parts.netloc.endswith(":"):
        raise ValueError("must name a port behind the colon")
    if parts.port is None or parts.port == _USUAL_PORTS[parts.scheme]:
        return ""
    if parts.port not in allowed:
        raise ValueError("must use port 443 or one from 8000 to 8999")
    return f":{parts.port}"


def _path(parts: SplitResult) -> str:
    return parts.path.removesuffix("/")


def _in_ascii(typed: str) -> str:
    """The same with its name as DNS knows it (xn--…), where that says exactly what was typed.

    The standard's older edition, which Python speaks, reads ß as ss and full-width digits as digits. A token must not
    travel to another name than the one that somebody saw.
    """
    found = _BEFORE_NAME.fullmatch(typed)
    if typed.isascii() or found is None or len(typed) > LONGEST_ADDRESS:
        return typed
    before, name, after = found.groups()
    try:
        known = name.encode("idna")
        same = known.decode("idna") == name.lower()
    except UnicodeError:
        same = False
    if not same:
        raise ValueError("must have its name in ASCII, the way that begins with xn--")
    return f"{before}{known.decode()}{after}"


def _is_any_place(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if not parts.netloc.startswith("["):
        return bool(_PLAIN_NAME.fullmatch(host))
    try:
        return IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _is_public_v4(host: str) -> bool:
    """Whether this is a public address in the one usual spelling.

    Browsers and libc also read 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1. Nobody who means well writes so.
    """
    parts = host.split(".")
    if len(parts) != _MOST_PARTS or not all(part.isdecimal() and str(int(part)) == part for part in parts):
        return False
    try:
        return is_public(IPv4Address(host))
    except ValueError:
        return False


def _is_public_v6(host: str) -> bool:
    try:
        return is_public(IPv6Address(host))
    except ValueError:
        return False


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved
