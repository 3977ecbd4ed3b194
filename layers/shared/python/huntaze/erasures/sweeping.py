"""Deleting the files that may hold somebody who was erased: right away, and again until nobody can be writing one."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.erasures.model import WRITERS_ENDED
from huntaze.erasures.service import Stores
from huntaze.errors import HuntazeError

AT_MOST = 100  # of one round; the next comes in minutes

_log = logging.getLogger(__name__)


class Files(Protocol):
    """The bucket."""

    def below(self, folder: str) -> Iterable[Sequence[str]]:
        """The keys of all files in a folder, a thousand at a time."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Delete these files, up to a thousand; what is gone already is fine."""
        ...


class Unfinished(Protocol):
    """Erasures of all workspaces."""

    def oldest(self, at_most: int) -> Sequence[tuple[UUID, UUID]]:
        """The workspace and the id of those that are not done."""
        ...


Transactions = Callable[[UUID], AbstractContextManager[Stores]]


class Sweeping:
    """Deletes every file of a workspace that no row names: erasing a person takes away the rows of all files."""

    def __init__(self, transactions: Transactions, files: Files, unfinished: Unfinished, clock: Clock) -> None:
        self._transactions = transactions
        self._files = files
        self._unfinished = unfinished
        self._clock = clock

    def soon(self, workspace_id: UUID, erasure_id: UUID) -> None:
        """Sweep now; where that fails, the next round does it."""
        try:
            self.sweep(workspace_id, erasure_id)
        except HuntazeError:
            _log.warning("files of an erasure wait for the next round", extra=_ids(workspace_id, erasure_id))

    def round(self) -> int:
        """Sweep for every erasure that is not done; how many were. One that fails keeps none of the others."""
        waiting = self._unfinished.oldest(AT_MOST)
        for workspace_id, erasure_id in waiting:
            self.soon(workspace_id, erasure_id)
        return len(waiting)

    def sweep(self, workspace_id: UUID, erasure_id: UUID) -> None:
        """Delete what is there; done once nobody is left who might have been writing a file at the time."""
        began, deleted = self._clock.now(), 0
        for folder in ("exports", "imports"):
            for keys in self._files.below(f"{folder}/{workspace_id}/"):
                # The rows are read after the files were listed: a file that somebody makes has its row before.
                nobodys = self._nobodys(workspace_id, keys)
                if nobodys:
                    self._files.delete(nobodys)
                deleted += len(nobodys)
        with self._transactions(workspace_id) as stores:
            done = began >= stores.erasures.erased_at(erasure_id) + WRITERS_ENDED
            stores.erasures.swept(erasure_id, began, done=done)
        _log.info("swept", extra={**_ids(workspace_id, erasure_id), "files": deleted, "done": done})

    def _nobodys(self, workspace_id: UUID, keys: Sequence[str]) -> list[str]:
        exports = {key: _export_of(key) for key in keys}
        with self._transactions(workspace_id) as stores:
            known = stores.erasures.ids_of_exports({found for found in exports.values() if found})
            named = stores.erasures.keys_of_imports(keys)
        return [key for key in keys if exports[key] not in known and key not in named]


def _export_of(key: str) -> UUID | None:
    """The export in exports/<workspace>/<export>/<claim>.csv."""
    folder, _, rest = key.partition("/")
    try:
        return UUID(rest.split("/")[1]) if folder == "exports" else None
    except (ValueError, IndexError):
        return None


def _ids(workspace_id: UUID, erasure_id: UUID) -> dict[str, str]:
    return {"workspaceId": str(workspace_id), "erasureId": str(erasure_id)}
