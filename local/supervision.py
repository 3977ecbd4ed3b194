"""Start, find and stop the supervisor that holds the local servers."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from local.processes import StartFailed
from local.stack import Servers
from local.supervisor import READY, lock_file

ROOT = Path(__file__).parent.parent
SECONDS_TO_STOP = 60


def ensure_running(folder: Path) -> Servers:
    """The running servers of this folder, started first if there are none."""
    if not is_running(folder):
        _start(folder)
    while not lock_file(folder).read_text().endswith(READY):  # somebody else's start is under way
        if not is_running(folder):
            raise StartFailed(f"the servers did not start: see {log_of(folder)}")
        time.sleep(0.1)
    return Servers.read(folder)


def stop(folder: Path) -> bool:
    """Stop the servers of this folder in order; say whether there were any."""
    if not is_running(folder):
        return False
    os.kill(int(lock_file(folder).read_text().split()[0]), signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    while is_running(folder):
        if time.monotonic() > deadline:
            raise StartFailed(f"the servers did not stop within {SECONDS_TO_STOP} seconds: see {log_of(folder)}")
        time.sleep(0.1)
    return True


def _start(folder: Path) -> None:
    """Start the supervisor as nobody's child; it says one word when all is up, or ends and says none."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        log_of(folder).open("w") as log,
        subprocess.Popen(
            ["setsid", "--fork", sys.executable, "-m", "local.supervisor", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as launcher,
    ):
        word = launcher.communicate()[0]
    if word.strip() != READY:
        raise StartFailed(f"the servers did not start:\n{log_of(folder).read_text()[-2000:]}")


def is_running(folder: Path) -> bool:
    """Whether somebody holds the lock: a process id in a file proves nothing after a crash, the lock does."""
    if not lock_file(folder).exists():
        return False
    with lock_file(folder).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def log_of(folder: Path) -> Path:
    """Where the supervisor of this folder complains."""
    return folder / "supervisor.log"
