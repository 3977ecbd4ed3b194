"""An append-only file of what happened, on the disk before anybody is told."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

Entry = dict[str, Any]


class Journal:
    """One line for each entry. Whoever appends holds a lock of their own; syncing many at once costs one fsync."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a second process would judge by half of the truth
        self._written = 0
        self._synced = 0
        self._syncing = Lock()

    def read(self) -> Iterator[Entry]:
        """All entries from the first to the last whole one: what was cut off in the middle had told nobody yet."""
        whole = 0
        with open(self._file, "rb", closefd=False) as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                yield json.loads(line)
        os.ftruncate(self._file, whole)

    def append(self, entry: Entry) -> None:
        """Write one entry; it survives our own end from here on, and the machine's after `sync`."""
        line = memoryview(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        while line:
            line = line[os.write(self._file, line) :]
        self._written += 1

    def sync(self) -> None:
        """Return when all that was appended so far is on the disk."""
        wanted = self._written
        with self._syncing:
            if self._synced < wanted:
                covered = self._written
                os.fsync(self._file)
                self._synced = covered

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)
