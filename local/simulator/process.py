"""The simulated platform as a child process of the local run, or of a test."""

import os
import sys
from pathlib import Path

from local.processes import Child, Server, free_port, port_answers
from local.simulator.client import Client

ROOT = Path(__file__).parent.parent.parent


class Simulator(Server):
    """One simulated platform whose journal survives a stop, and a crash."""

    def __init__(self, data_dir: Path, *, port: int = 0) -> None:
        self._data_dir = data_dir
        self.port = free_port(port)

    @property
    def address(self) -> str:
        """The address of the bridge and of the control API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def journal(self) -> Path:
        """The append-only file of all that happened."""
        return self._data_dir / "journal.jsonl"

    def start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._child = Child(
            "The simulated platform",
            [sys.executable, "-m", "local.simulator", self._data_dir, "--port", str(self.port)],
            log=self._data_dir / "simulator.log",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._child.wait_until(lambda: port_answers(self.port))

    def client(self) -> Client:
        """A client of its control API."""
        return Client(self.address)
