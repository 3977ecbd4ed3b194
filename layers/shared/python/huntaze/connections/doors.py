"""Doors of accounts, for whoever speaks with a platform in an account's name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.connections.model import SealedDoor
from huntaze.platforms.model import Credentials, Door


class SealedDoors(Protocol):
    """The doors of one workspace, inside one transaction."""

    def door(self, connection_id: UUID) -> SealedDoor:
        """How an account is reached; NotFound when it was disconnected or has no credentials."""
        ...


class Stores(Protocol):
    """What a transaction gives to whoever opens doors."""

    @property
    def connections(self) -> SealedDoors:
        """The doors of the workspace."""
        ...


class Unsealer(Protocol):
    """Who unlocks credentials."""

    def unseal(self, workspace_id: UUID, connection_id: UUID, sealed: bytes) -> Credentials:
        """The credentials themselves; an error when they were sealed for another row."""
        ...


class Doors:
    """Opens doors. Every opening reads the row: who was disconnected a moment ago is not found any more."""

    def __init__(self, in_workspace: Callable[[UUID], AbstractContextManager[Stores]], vault: Unsealer) -> None:
        self._in_workspace = in_workspace
        self._vault = vault

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        """The door of an account; NotFound when it was disconnected or has no credentials."""
        with self._in_workspace(workspace_id) as stores:
            sealed = stores.connections.door(connection_id)
        return self.opened(workspace_id, sealed)

    def opened(self, workspace_id: UUID, sealed: SealedDoor) -> Door:
        """The same, by whoever has read the row in a transaction of their own."""
        credentials = self._vault.unseal(workspace_id, sealed.connection_id, sealed.credentials)
        return Door(sealed.platform, sealed.bridge_url, credentials, sealed.signed_in_at)
