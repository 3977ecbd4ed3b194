"""A page as one must not write it: what is hostile stands in it as it is. It shows that the strings bite."""

from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlsplit

from huntaze.web.answer import POLICY

PATH = "/bait"


def at(text: str, *, guarded: bool) -> str:
    """The page with this string, without our policy or with it."""
    return f"{PATH}?text={quote(text, safe='')}&guarded={guarded:d}"


def laid(address: str) -> tuple[Mapping[str, str], str] | None:
    """The headers and the HTML of a bait, if this is the address of one."""
    parts = urlsplit(address)
    if parts.path != PATH:
        return None
    asked = parse_qs(parts.query)
    text = asked["text"][0]
    headers = {"Content-Security-Policy": POLICY} if asked["guarded"] == ["1"] else {}
    fields = f"<input value=\"{text}\"><input value='{text}'><input value={text}>"
    return headers, f"<!doctype html><title>x</title><p>{text}</p><template></template>{fields}"
