"""Records of CSV from lines of text, in bounded memory, and past those that are broken."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from huntaze.imports.reading.faults import Fault, Unreadable

LONGEST = 1_048_576  # letters of one line, and of one record
TOLD = re.compile(r'\ufeff?"?sep=([,;\t|])"?\s*', re.IGNORECASE)  # Excel's own first line: what the delimiter is
_LONGEST_CELL = csv.field_size_limit()


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that is none: why, in which column, and what stands there between the delimiters."""

    fault: Fault
    column: int
    cells: tuple[str, ...]


Record = list[str] | Broken


def header(records: Iterator[Record]) -> Record | None:
    """The first record that says something."""
    return next((record for record in records if isinstance(record, Broken) or "".join(record).strip()), None)


class Records:
    """Every record of a file in its order. A blank line is one without cells."""

    def __init__(self, readline: Callable[[int], str], delimiter: str) -> None:
        self._readline = readline
        self._delimiter = delimiter
        self._held: list[str] = []  # the lines of the record that is being read
        self._again: deque[str] = deque()  # lines that a broken record had drawn in
        self._after_an_odd_quote = False

    def __iter__(self) -> Iterator[Record]:
        """Raises Unreadable without a row or name of a column, which its `at` adds: only whoever counts knows them."""
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True, skipinitialspace=True)
        while True:
            self._held.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken(str(error))
            else:
                yield self._end_of_a_broken_one() or cells if self._after_an_odd_quote else cells

    def _lines(self) -> Iterator[str]:
        """Lines for the csv module, which asks for more of them only within quotes."""
        length = 0
        first = self._readline(LONGEST + 1)
        self._again.append(self._readline(LONGEST + 1) if TOLD.fullmatch(first) else first.removeprefix("\ufeff"))
        while line := self._again.popleft() if self._again else self._readline(LONGEST + 1):
            length = length + len(line) if self._held else len(line)
            if length > LONGEST:
                raise self._open_quote() if self._held else Unreadable("line_too_long")
            self._held.append(line)
            yield line

    def _broken(self, error: str) -> Broken:
        """What is wrong with the record under way. Of several lines the first is rejected, the others are read anew."""
        if error == "unexpected end of data":
            raise self._open_quote()
        too_long = error.startswith("field larger")
        if too_long and len(self._held) > 1:
            raise self._open_quote()
        line, *drawn_in = self._held
        self._again.extendleft(reversed(drawn_in))
        cells = tuple(line.rstrip("\r\n").split(self._delimiter))
        if too_long:
            longest = next((place for place, cell in enumerate(cells) if len(cell) > _LONGEST_CELL), 0)
            return Broken(Fault("too_long"), longest, cells)
        self._after_an_odd_quote = line.count('"') % 2 == 1
        return Broken(Fault("bad_quotes"), self._well_formed(line), cells)

    def _end_of_a_broken_one(self) -> Broken | None:
        """The line that closes a quote which an earlier one has opened is no row by itself: it is its tail."""
        line = self._held[0]
        if len(self._held) > 1 or line.count('"') % 2 == 0:
            return None
        self._after_an_odd_quote = False
        return Broken(Fault("bad_quotes"), 0, tuple(line.rstrip("\r\n").split(self._delimiter)))

    def _open_quote(self) -> Unreadable:
        return Unreadable("open_quote", place=self._well_formed("".join(self._held)))

    def _well_formed(self, text: str) -> int:
        """How many cells at the beginning are whole: the number of the one that is not."""
        mark = re.escape(self._delimiter)
        cell = re.compile(rf' *(?:"[^"]*(?:""[^"]*)*"|[^" {mark}\r\n][^{mark}\r\n]*)?{mark}')
        count = place = 0
        while found := cell.match(text, place):
            count, place = count + 1, found.end()
        return count
