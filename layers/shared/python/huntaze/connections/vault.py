"""Credentials under lock: sealed for one row alone, and opened for minutes at a time."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from huntaze.platforms.model import Credentials

_SECONDS_KEPT = 300.0
_MOST_KEPT = 500


class Keys(Protocol):
    """Who holds the key. The context is no secret, but without the same one nothing can be opened."""

    def encrypt(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        """Lock something up; TooLarge when it is more than a key locks up by itself."""
        ...

    def decrypt(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """What was locked up under this very context."""
        ...


@dataclass(frozen=True, slots=True)
class _Opened:
    credentials: Credentials = field(repr=False)
    until: float


class Vault:
    """Seals credentials with the ids of their row as context: in another row they are worthless."""

    def __init__(self, keys: Keys, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._monotonic = monotonic
        self._opened: dict[tuple[UUID, UUID, bytes], _Opened] = {}

    def seal(self, workspace_id: UUID, connection_id: UUID, credentials: Credentials) -> bytes:
        """The credentials as they are kept."""
        plain = json.dumps([credentials.token, credentials.webhook_secret]).encode()
        return self._keys.encrypt(plain, _context(workspace_id, connection_id))

    def unseal(self, workspace_id: UUID, connection_id: UUID, sealed: bytes) -> Credentials:
        """The credentials themselves. The row is part of what they are remembered under, as it is of the lock."""
        name = (workspace_id, connection_id, sealed)
        kept = self._opened.get(name)
        if kept is None or self._monotonic() >= kept.until:
            plain = self._keys.decrypt(sealed, _context(workspace_id, connection_id))
            kept = _Opened(Credentials(*json.loads(plain)), self._monotonic() + _SECONDS_KEPT)
            self._keep(name, kept)
        return kept.credentials

    def _keep(self, name: tuple[UUID, UUID, bytes], opened: _Opened) -> None:
        if len(self._opened) >= _MOST_KEPT:
            self._opened.clear()
        self._opened = {known: one for known, one in self._opened.items() if one.until > self._monotonic()}
        self._opened[name] = opened


def _context(workspace_id: UUID, connection_id: UUID) -> dict[str, str]:
    return {"workspaceId": str(workspace_id), "connectionId": str(connection_id)}
