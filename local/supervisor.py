"""Holds the servers of the local run until it is told to stop: `python -m local.supervisor FOLDER`."""

import fcntl
import os
import signal
import sys
from pathlib import Path
from threading import Event

from local.stack import running

READY = "ready"


def main(folder: Path) -> None:
    """Start the servers, say so, and wait for the signal to stop."""
    folder.mkdir(parents=True, exist_ok=True)
    with lock_file(folder).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a second supervisor of one folder ends here
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        told_to_stop = Event()
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, lambda *_: told_to_stop.set())
        with running(folder):
            lock.write(f" {READY}")
            lock.flush()
            _say_ready()
            told_to_stop.wait()


def lock_file(folder: Path) -> Path:
    """The file that the supervisor of this folder holds locked: its process id and, once all is up, that word."""
    return folder / "supervisor.lock"


def _say_ready() -> None:
    """One word to whoever started us, then let go of the pipe that it waits on."""
    print(READY, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
