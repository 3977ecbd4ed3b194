"""Those beside the workers that something depends on: processes of their own, which are killed and born again."""

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import UUID

from chaos.planting import put_in_place
from huntaze import wiring
from huntaze.errors import HuntazeError
from huntaze.imports.model import Ticket
from huntaze.runtime.logging import start_logging
from tests.support.import_worker import small_chunks
from tests.support.imports import PLENTY, KeptFiles, KeptTickets
from tests.support.post_office import parts_of
from tests.support.worker_process import Times

LONGEST_LIFE = 600.0  # seconds: nobody is left behind by a campaign that was cut off itself
PAUSE = 0.3
CHUNK = 25

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["chaos.carriers", "psycopg", "boto3", "redis"])


@dataclass(frozen=True)
class Told:
    """What a carrier must know."""

    settings: Mapping[str, str] = field(repr=False)
    times: Times
    log: Path
    files: Path  # where the files of imports lie, by their keys
    workspaces: Path  # the names of those whose numbers are counted, one a line


@dataclass
class Carrier:
    """One of them, whoever carries at the moment."""

    role: str
    told: Told
    kills: int = 0
    _process: ForkServerProcess | None = None

    def live(self) -> None:
        """Be born, if nobody is there."""
        if self._process is None or not self._process.is_alive():
            self._process = _nursery.Process(target=_carry, args=(self.role, self.told), daemon=True)
            self._process.start()

    def kill(self) -> bool:
        """End it in the middle of whatever it does; whether there was anybody."""
        if self._process is None or not self._process.is_alive():
            return False
        self._process.kill()
        self._process.join()
        self.kills += 1
        return True

    def end(self) -> None:
        """Nobody carries any more."""
        if self._process is not None:
            self._process.kill()
            self._process.join()


def _carry(role: str, told: Told) -> None:
    with told.log.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    start_logging()
    put_in_place(told.times.replacements())
    os.environ.update(told.settings)
    parts, ends = parts_of(told.settings), time.monotonic() + LONGEST_LIFE
    turn: Callable[[wiring.Wiring, Told], None] = {"flow": _flow, "count": _count, "import": _import}[role]
    while time.monotonic() < ends:
        with suppress(HuntazeError):  # whatever is away comes back
            turn(parts, told)
        time.sleep(PAUSE)


def _flow(parts: wiring.Wiring, _: Told) -> None:
    parts.flowing.round(time.monotonic() + 60)
    parts.relay.round(time.monotonic() + 60)
    parts.reconciling.round(time.monotonic())


def _count(parts: wiring.Wiring, told: Told) -> None:
    for workspace_id in told.workspaces.read_text().split():
        parts.counting.count(UUID(workspace_id), time.monotonic() + 60, rest=False)


def _import(parts: wiring.Wiring, told: Told) -> None:
    small_chunks(CHUNK)
    for file in told.files.glob("*"):
        workspace_id, import_id = file.name.split("_")
        ticket = Ticket(UUID(workspace_id), UUID(import_id))
        parts.import_files = KeptFiles({ticket.key: file.read_bytes()})  # type: ignore[assignment]
        parts.import_queue = KeptTickets()  # type: ignore[assignment]
        for part in ("import_worker", "_planning"):  # they hold the files of the one before
            vars(parts).pop(part, None)
        parts.import_worker.receive(ticket.body(), lambda: PLENTY)
