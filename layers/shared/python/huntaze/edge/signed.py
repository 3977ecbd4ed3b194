"""A signed request as it came in: its headers, and its body byte for byte."""

from collections.abc import Mapping
from typing import Any

from huntaze.edge.request import header
from huntaze.errors import TooLarge
from huntaze.webhooks.model import Delivered

LARGEST_EVENT = 256 * 1024


def delivered(event: Mapping[str, Any]) -> Delivered:
    """What is to be proven, from an event whose body is text already; TooLarge beyond what an event may be."""
    body = (event.get("body") or "").encode(errors="surrogatepass")
    if len(body) > LARGEST_EVENT:
        raise TooLarge(f"An event is at most {LARGEST_EVENT // 1024} KB.")
    return Delivered(
        header(event, "webhook-id"), header(event, "webhook-timestamp"), header(event, "webhook-signature"), body
    )
