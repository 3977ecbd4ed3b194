"""A Redis of a test's own, which is stopped and hung."""

import signal
from collections.abc import Callable

from local.servers import Valkey


def stop(valkey: Valkey) -> Callable[[], None]:
    valkey.kill()
    return valkey.start


def hang(valkey: Valkey) -> Callable[[], None]:
    valkey.signal(signal.SIGSTOP)
    return lambda: valkey.signal(signal.SIGCONT)
