"""`python -m local.simulator FOLDER --port N`."""

import argparse
import signal
from pathlib import Path
from threading import Thread

from local.simulator.platform import Platform
from local.simulator.server import Server


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m local.simulator", description="The simulated platform.")
    parser.add_argument("folder", type=Path, help="where its journal lies")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    platform = Platform(arguments.folder)
    with Server(platform, arguments.port) as server:
        # From another thread: shutdown waits for the loop that this signal interrupts.
        signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
        platform.start()
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
