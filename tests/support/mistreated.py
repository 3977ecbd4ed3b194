"""A Redis of a test's own, which is stopped and hung."""

import signal
from collections.abc import Callable
from pathlib import Path

from local.servers import Valkey


class OwnValkey(Valkey):
    """A server that is mistreated."""

    @property
    def snapshot(self) -> Path:
        return self._data_dir / "dump.rdb"

    def signal(self, number: int) -> None:
        self._child._process.send_signal(number)  # noqa: SLF001


def stop(valkey: OwnValkey) -> Callable[[], None]:
    valkey.kill()
    return valkey.start


def hang(valkey: OwnValkey) -> Callable[[], None]:
    valkey.signal(signal.SIGSTOP)
    return lambda: valkey.signal(signal.SIGCONT)
