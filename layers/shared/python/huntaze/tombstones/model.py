"""What a tombstone says: that somebody of this name was here, to who knows the name already."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from huntaze.errors import Conflict

_LABEL = "huntaze tombstone 1"


@dataclass(frozen=True, slots=True)
class Identity:
    """What would name a person again."""

    platform: str
    platform_id: str | None
    handle: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One name as a keyed hash; kind is account or email."""

    kind: str
    hash: bytes


class Erased(Conflict):
    """Whoever is to be added asked to be forgotten."""

    def __init__(self) -> None:
        super().__init__("This person was erased from this workspace at their request and is not added again.")


def marks(who: Identity, workspace_id: UUID, key: bytes) -> frozenset[Mark]:
    """A mark for each name. The workspace is part of it, so that nobody sees who was erased in two of them."""
    return frozenset(
        Mark(kind, hmac.digest(key, "\n".join((_LABEL, str(workspace_id), kind, name)).encode(), "sha256"))
        for kind, name in _names(who)
    )


def _names(who: Identity) -> Iterator[tuple[str, str]]:
    # An id and a handle are one kind of name: where a file has no ids, the handle is taken for one.
    for account in (who.platform_id, who.handle):
        if account and (bare := account.strip().lower().removeprefix("@")):
            yield "account", f"{who.platform}\n{bare}"
    if who.email:
        yield "email", who.email.strip().lower()
