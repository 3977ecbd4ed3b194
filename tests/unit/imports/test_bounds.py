"""However large a file is, and whatever stands in it, reading takes little memory."""

import io
import os
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

import pytest

from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.inspecting import inspect
from huntaze.imports.reading.rows import Row, rows
from huntaze.imports.reading.sources import Source
from tests.support.sheets import rules

MEGABYTE = 1024 * 1024
HEADER = b"Username,Display Name,Email,Total Spent,Last Seen,Tags\r\n"


class Made(io.RawIOBase):
    """Bytes that are made while they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed has no narrower name for it
        piece = self._left or next(self._pieces, b"")
        taken, self._left = piece[: len(buffer)], piece[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


class Stream:
    """A source of such bytes."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._pieces = pieces
        self.size = 100 * MEGABYTE
        self.version = "made"

    def open(self) -> AbstractContextManager[BinaryIO]:
        return io.BufferedReader(Made(self._pieces()))


def _row(number: int) -> bytes:
    who = f'@fan_{number},"Fan {number % 500}, é",f{number % 500}@x.test'
    return f'{who},"$1,{number % 900 + 100}.50",{_day(number)},vip\r\n'.encode()


def _day(number: int) -> str:
    return f"{number % 28 + 1}.{number % 12 + 1}.2024 {number % 24}:00" if number % 2 else "2025-04-03T10:20:30Z"


def fans(many: int) -> Stream:
    """A sheet of so many."""

    def pieces() -> Iterator[bytes]:
        yield HEADER
        yield from map(_row, range(many))

    return Stream(pieces)


def read(source: Source) -> int:
    """How many rows of it are understood."""
    by = rules(locale="de-DE", timezone="Europe/Paris")
    return sum(isinstance(row, Row) for row in rows(source, inspect(source, None, {}), by))


@pytest.mark.parametrize(
    ("begin", "again", "fault"),
    [
        (b"x", b"x" * 65_536, ("line_too_long", None)),
        (HEADER + b"a,b,c,1,,\n", b"x" * 65_536, ("line_too_long", 2)),
        (HEADER + b"a,b,c,1,,\n", b"," * 65_536, ("line_too_long", 2)),
        (HEADER + b'a,"b,c,1,,\n', b"a,b,c,1,,\n" * 6_000, ("open_quote", 1)),
        (HEADER + b'a,"', b'""' * 32_768, ("line_too_long", 1)),
        (b"c," * 10_000 + b"\n", b"d," * 10_000 + b"\n", ("too_many_columns", None)),
    ],
)
def test_a_hundred_megabytes_of_nonsense(begin: bytes, again: bytes, fault: tuple[str, int | None]) -> None:
    def pieces() -> Iterator[bytes]:
        yield begin
        for _ in range(100 * MEGABYTE // len(again)):
            yield again

    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as told:
            read(Stream(pieces))
        assert tracemalloc.get_traced_memory()[1] < 24 * MEGABYTE
    finally:
        tracemalloc.stop()
    assert told.value.code == fault[0]
    assert fault[1] in {told.value.row, None}


def test_more_rows_take_no_more_memory() -> None:
    peaks = []
    for many in (2_000, 12_000):
        tracemalloc.start()
        assert read(fans(many)) == many
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + MEGABYTE


def test_a_million_rows_take_no_more_memory(pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--deep"):
        pytest.skip("a million rows are read with --deep")
    small, large = (_peak_of_a_process_that_reads(many) for many in (100_000, 1_000_000))
    assert large < small + 8 * MEGABYTE


def _peak_of_a_process_that_reads(many: int) -> int:
    code = f"from tests.unit.imports import test_bounds; test_bounds.report({many})"
    found_in = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=found_in)  # noqa: S603  (our own)
    return int(done.stdout)


def report(many: int) -> None:
    """Runs in a process of its own: what that needed at most."""
    assert read(fans(many)) == many
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
