"""A look at the whole file before anything is done with it: whether it can be read, and what it seems to say."""

import csv
import re
from collections.abc import Mapping, Sequence

from huntaze.imports.model import Field, Layout
from huntaze.imports.reading.encodings import UTF_8, WINDOWS, Text, head_of, opened, supposed
from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.headers import mapped, names_the_fan, normalised, recognised
from huntaze.imports.reading.records import TOLD, Broken, Record, Records, header
from huntaze.imports.reading.sources import Source
from huntaze.spreadsheets import original

__all__ = ["Layout", "Source", "Unreadable", "inspect", "names_the_fan", "normalised"]

MOST_COLUMNS = 200
SAMPLE = 5
_LONGEST_NAME = 200
_LOOKED_AT = 65_536  # letters that decide about the delimiter
_LINES_LOOKED_AT = 20
_DELIMITERS = ",;\t"

# What decoding leaves of bytes that are not of the encoding.
_ESCAPED = re.compile("[\udc80-\udcff]")
_ALONE = re.compile("[\ud800-\udfff]")
_NOT_OF_WINDOWS = re.compile("[\udc81\udc8d\udc8f\udc90\udc9d]")
_PROPER = re.compile("[^\x00-\x7f\udc80-\udcff]")


def inspect(source: Source, chosen: Mapping[Field, str] | None, remembered: Mapping[str, Field]) -> Layout:
    """How the file is to be read. Reads all of it once; raises Unreadable with row and column."""
    encoding = supposed(head_of(source))
    delimiter = _delimiter(source, encoding)
    errors = "surrogateescape" if encoding == UTF_8 else "surrogatepass"
    with opened(source, encoding, errors) as text:
        look = _Look(text, encoding, delimiter)
        look.through()
    return Layout(
        version=source.version,
        encoding=look.encoding,
        delimiter=delimiter,
        header=look.header,
        sample=tuple(look.sample),
        mapping=mapped(look.header, chosen, remembered),
    )


def header_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, as rows are read by them."""
    return tuple(original(cell.strip()).strip() for cell in cells)


class _Look:
    """One way through a file."""

    def __init__(self, text: Text, encoding: str, delimiter: str) -> None:
        self.header: tuple[str, ...] = ()
        self.sample: list[tuple[str, ...]] = []
        self._supposed = encoding
        self._text = text
        self._delimiter = delimiter
        self._row: int | None = None  # the one that is being read; the header has none
        self._proper = self._escaped = False
        self._rows = 0

    @property
    def encoding(self) -> str:
        """What it is, once all of it was seen: bytes that are no UTF-8 and no mixture are Windows-1252."""
        return WINDOWS if self._escaped else self._supposed

    def through(self) -> None:
        """Read all of it."""
        try:
            self._read()
        except Unreadable as fault:
            raise fault.at(self._row, tuple(map(self._decoded, self.header))) from None
        except UnicodeDecodeError:
            raise Unreadable("mixed_encodings", self._row) from None
        self.header = tuple(map(self._decoded, self.header))
        self.sample = [tuple(map(self._decoded, cells)) for cells in self.sample]

    def _read(self) -> None:
        records = iter(Records(self._line, self._delimiter))
        self.header = self._names(header(records))
        self._row = 1
        for self._row, record in enumerate(records, 2):
            if isinstance(record, Broken):
                self._rows += 1
            elif any(record):
                self._rows += 1
                if len(self.sample) < SAMPLE:
                    self.sample.append(tuple(cell[:_LONGEST_NAME].replace("\x00", "") for cell in record))
        if not self._rows:
            self._row = None
            raise Unreadable("header_alone")

    def _names(self, record: Record | None) -> tuple[str, ...]:
        if record is None:
            raise Unreadable("empty")
        if isinstance(record, Broken):
            raise Unreadable("bad_header", place=record.column)
        names = header_of(record)
        if len(names) > MOST_COLUMNS:
            raise Unreadable("too_many_columns")
        if any("\x00" in name for name in names):
            raise Unreadable("not_text")
        if too_long := next((name for name in names if len(name) > _LONGEST_NAME), None):
            raise Unreadable("header_too_long", column=self._decoded(too_long[:_LONGEST_NAME]))
        seen: set[str] = set()
        for name in filter(None, names):
            if normalised(name) in seen:
                raise Unreadable("same_header_twice", column=self._decoded(name))
            seen.add(normalised(name))
        return names

    def _line(self, limit: int) -> str:
        """The next line, once it is sure that it is of one encoding with all before it."""
        line = self._text.readline(limit)
        if line.isascii():
            return line
        if self._supposed != UTF_8:
            if _ALONE.search(line):
                raise Unreadable("mixed_encodings")
            return line
        self._proper = self._proper or _PROPER.search(line) is not None
        self._escaped = self._escaped or _ESCAPED.search(line) is not None
        if self._proper and self._escaped:
            raise Unreadable("mixed_encodings")
        if self._escaped and _NOT_OF_WINDOWS.search(line):
            raise Unreadable("unknown_encoding")
        return line

    def _decoded(self, text: str) -> str:
        return text.encode(UTF_8, "surrogateescape").decode(WINDOWS) if self._escaped else text


def _delimiter(source: Source, encoding: str) -> str:
    """The one of which most is understood: names that are known, rows as wide as the header, more than one column."""
    with opened(source, encoding, "replace") as text:
        beginning = text.read(_LOOKED_AT)
    lines = beginning.splitlines(keepends=True)[:_LINES_LOOKED_AT]
    if lines and (told := TOLD.fullmatch(lines[0])):
        return told[1]
    return max(_DELIMITERS, key=lambda delimiter: _understood(lines, delimiter))


def _understood(lines: Sequence[str], delimiter: str) -> tuple[int, int, int]:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if any(row)]
    except csv.Error:  # a cell without end: told with its row by whoever reads all
        return (0, 0, 0)
    if not rows:
        return (0, 0, 0)
    width = len(rows[0])
    as_wide = sum(len(row) == width for row in rows[1:]) if width > 1 else 0
    return (recognised(header_of(rows[0])), as_wide, width)
