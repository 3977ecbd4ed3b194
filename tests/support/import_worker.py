"""A worker of imports as a process of its own, which dies at the end of one of its transactions.

`python -m tests.support.import_worker` reads its orders as JSON from its input.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from huntaze import wiring
from huntaze.imports import committing, planning
from huntaze.imports.model import Ticket
from tests.support.imports import PLENTY, KeptFiles, KeptTickets


@dataclass(frozen=True)
class Orders:
    """What a worker is told."""

    database: str
    file: str
    workspace_id: str
    import_id: str
    chunk_rows: int
    dies_at: int = 0  # the how manieth transaction; never: 0
    after_commit: bool = False


def run(orders: Orders) -> int:
    """Let a worker live; how it ended, as a process does."""
    return subprocess.run(
        [sys.executable, "-m", "tests.support.import_worker"],
        input=json.dumps(asdict(orders)).encode(),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        timeout=120,
    ).returncode


def small_chunks(rows: int) -> None:
    """Have transactions take this many rows."""
    planning.CHUNK_ROWS = committing.CHUNK_ROWS = rows  # type: ignore[misc]  # of this process alone


def main() -> None:
    """Live."""
    orders = Orders(**json.load(sys.stdin))
    small_chunks(orders.chunk_rows)
    parts = wiring.Wiring({"DATABASE_URL": orders.database, "ERASURE_KEY": "a key for tests"})
    ticket = Ticket(UUID(orders.workspace_id), UUID(orders.import_id))
    parts.import_files = KeptFiles({ticket.key: Path(orders.file).read_bytes()})  # type: ignore[assignment]
    parts.import_queue = KeptTickets()  # type: ignore[assignment]
    machine, ended = parts.in_workspace_as_machine, 0

    @contextmanager
    def mortal(workspace_id: UUID) -> Iterator[Any]:
        nonlocal ended
        with machine(workspace_id) as stores:
            yield stores
            ended += 1
            if ended == orders.dies_at and not orders.after_commit:
                os.kill(os.getpid(), signal.SIGKILL)
        if ended == orders.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    parts.in_workspace_as_machine = mortal  # type: ignore[method-assign]
    parts.import_worker.receive(ticket.body(), lambda: PLENTY)


if __name__ == "__main__":
    main()
