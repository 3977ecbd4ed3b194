"""Child processes that never outlive the program which started them."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

NOBODY = 65534
ENDED = frozenset("XZ")


class StartFailed(Exception):
    """A server did not come up; carries the end of its log."""


class Child:
    """One server as a child process: it dies with us, however we die."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        unprivileged: bool = False,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*_guard(stop_signal, unprivileged=unprivileged), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(env) if env is not None else None,
                start_new_session=True,  # a Ctrl-C reaches the supervisor alone, which stops its children in order
            )

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return self._process.pid

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Return once the server answers; raise when it ended or never does."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._process.poll() is not None:
                raise StartFailed(f"{self.name} ended with status {self._process.returncode}:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{self.name} did not answer within {seconds:.0f} seconds:\n{self.log_tail()}")
            time.sleep(0.05)

    def log_tail(self) -> str:
        """The last lines that the server wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self, *, seconds: float = 15) -> None:
        """End the server in its own orderly way, and by force only if it will not."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a crash would, with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


class Server(ABC):
    """A server with a beginning and an end: runs inside a `with` block."""

    _child: Child

    @abstractmethod
    def start(self) -> None:
        """Start the server, again after a crash as well, and wait until it answers."""

    def kill(self) -> None:
        """End the server as a crash would."""
        self._child.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()


def run_unprivileged(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run one command to its end, as nobody when we are root."""
    guarded = [*_guard(signal.SIGTERM, unprivileged=True), *map(str, command)]
    done = subprocess.run(guarded, check=False, capture_output=True, env=env, text=True)
    if done.returncode != 0:
        raise StartFailed(f"{Path(command[0]).name} ended with status {done.returncode}:\n{done.stderr}")


def state_of(pid: int) -> str:
    """How a process is, in the system's one letter: one that has ended may be listed until somebody has heard of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def is_root() -> bool:
    """Whether we run as root, which PostgreSQL refuses to."""
    return os.geteuid() == 0


def _guard(death_signal: signal.Signals, *, unprivileged: bool) -> list[str]:
    """The prefix that ties a child to us and, where asked, takes root away from it.

    The one capability left lets PostgreSQL read its programs below a closed home directory. The securebit makes it
    count in access(2) too, by which PostgreSQL looks for them: that call otherwise ignores the capabilities of whoever
    is not root. The alternative, opening that directory to everybody on the machine, is worse.
    """
    guard = ["setpriv", "--pdeathsig", death_signal.name.removeprefix("SIG")]
    if unprivileged and is_root():
        guard += [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        guard += ["--securebits=+no_setuid_fixup"]
        guard += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    return guard


def free_port(preferred: int = 0) -> int:
    """The preferred port if nothing listens there, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StartFailed("no free port on 127.0.0.1")


def port_answers(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
