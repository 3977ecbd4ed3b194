"""Platforms that are kept here and through which nothing can be sent."""

from huntaze.errors import Conflict

SENDING = frozenset({"onlyfans", "fansly"})
_EXPLAINED = {
    "patreon": "Patreon lets nobody send messages from other programs. Fans and notes from there are kept here all the "
    "same; write to them on Patreon itself.",
    "other": "Nothing can be sent to this platform from here. Fans and notes from there are kept here all the same.",
}


def must_send(name: str) -> None:
    """A Conflict that a creator understands, unless messages can be sent through this platform."""
    if name not in SENDING:
        raise Conflict(_EXPLAINED.get(name, _EXPLAINED["other"]))
