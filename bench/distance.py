"""A server some way off: what stands between a function and its database, and loopback leaves out.

`python -m bench.distance PORT MICROSECONDS` prints the port at which the server answers that much later each way.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 1 << 20


@contextmanager
def away(port: int, microseconds: int) -> Iterator[int]:
    """The port of a process that takes everything there and back."""
    words = [sys.executable, "-m", "bench.distance", str(port), str(microseconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  # it was asked for
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def stand_between(port: int, seconds: float) -> None:
    """Take everything there and back, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(door.getsockname()[1], flush=True)
        while True:
            near, _ = door.accept()
            far = socket.create_connection(("127.0.0.1", port))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(source, target, seconds), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, seconds: float) -> None:
    while content := _heard(source):
        time.sleep(seconds)
        target.sendall(content)
    target.shutdown(socket.SHUT_WR)


def _heard(source: socket.socket) -> bytes:
    try:
        return source.recv(CHUNK)
    except ConnectionError:
        return b""


if __name__ == "__main__":
    stand_between(int(sys.argv[1]), int(sys.argv[2]) / 1_000_000)
