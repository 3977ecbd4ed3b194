"""One worker of imports as a process of its own: it says how long it worked and how much memory it took at most."""

import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import BinaryIO

import boto3

from huntaze import wiring
from huntaze.imports.model import Ticket, Upload


class OnDisk:
    """A file that is read as one in S3 is: from its beginning, in blocks."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def size(self) -> int:
        return self._file.stat().st_size

    @property
    def version(self) -> str:
        return str(self._file.stat().st_mtime_ns)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with self._file.open("rb") as opened:
            yield opened


class DiskFiles:
    """A bucket with one file."""

    def __init__(self, file: Path) -> None:
        self._file = OnDisk(file)

    def upload(self, key: str, largest: int, seconds: int) -> Upload:
        return Upload(f"disk:{key}", {"largest": str(largest), "seconds": str(seconds)})

    def size(self, _key: str) -> int:
        return self._file.size

    def reading(self, _key: str) -> OnDisk:
        return self._file

    @contextmanager
    def writing(self, _key: str) -> Iterator[StringIO]:
        yield StringIO()

    def link(self, key: str, _file_name: str, _seconds: int) -> str:
        return f"disk:{key}"

    def delete(self, _keys: Sequence[str]) -> None:
        """Nothing: others read it."""


@dataclass
class Tickets:
    """A queue that nobody listens to."""

    waiting: list[Ticket] = field(default_factory=list)

    def put(self, ticket: Ticket) -> None:
        self.waiting.append(ticket)


def main() -> None:
    """Do one ticket to its end."""
    orders = json.load(sys.stdin)
    parts = wiring.Wiring({"DATABASE_URL": orders["database"]})
    parts.import_files = DiskFiles(Path(orders["file"]))  # type: ignore[assignment]
    parts.import_queue = Tickets()  # type: ignore[assignment]
    boto3.client("s3", region_name="us-east-1")  # what the worker has in memory too
    began = time.perf_counter()
    parts.import_worker.receive(orders["body"], lambda: 900.0)
    seconds = time.perf_counter() - began
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": kilobytes / 1024}))


if __name__ == "__main__":
    main()
