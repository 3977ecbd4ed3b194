"""What did not come along, as a sheet: each row as it was, and why. Mended, it can be imported again."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from huntaze.imports.model import Import, RejectedRow
from huntaze.imports.reasons import words
from huntaze.imports.steps import Begin, found_again, held
from huntaze.spreadsheets import BYTE_ORDER_MARK, Lines

# A function's answer has 6 MB, and escaping makes three bytes of one at worst.
MOST_BYTES_AT_ONCE = 1_000_000
AT_ONCE = 1_000  # rows
# In front, so that a row of too many cells does not push them aside.
ROW, COLUMN, PROBLEM = "Import row", "Import column", "Import problem"
OURS = frozenset({ROW, COLUMN, PROBLEM})


class File(Protocol):
    """A file that is being written."""

    def write(self, text: str) -> None:
        """Add to its end."""
        ...


class Files(Protocol):
    """Where files are kept."""

    def writing(self, key: str) -> AbstractContextManager[File]:
        """A new file: it is there when the block ends well, and never was when it does not."""
        ...


@dataclass(frozen=True, slots=True)
class Rejections:
    """All rows that were rejected: as text, or where they are too many, an address that downloads them."""

    file_name: str
    texts: Iterator[str] | None = None
    link: str | None = None


def rejected_key(of: Import, folder: str) -> str:
    """Where the file of a plan lies."""
    return f"{folder}/{of.id}/rejected-{of.plan}.csv"


def write_rejected(begin: Begin, planned: Import, files: Files) -> Import:
    """Make a file of what was rejected, if it is too much for one answer."""
    with begin() as stores:
        held(stores, planned)
        if stores.import_rows.rejected_size(planned) <= MOST_BYTES_AT_ONCE:
            return planned
        key = rejected_key(planned, f"imports/{stores.workspace.get().id}")
        # Its name stands in the row before it is there: whoever sweeps files that nobody names must know it.
        stores.imports.change(planned.id, {"rejected_key": key})
        found = found_again(stores, planned)
    with files.writing(key) as file:
        for text in sheet(found, each_rejected(begin, found)):
            file.write(text)
    return found


def each_rejected(begin: Begin, of: Import) -> Iterator[tuple[RejectedRow, ...]]:
    """All rows that were rejected, each page read in a short transaction of its own."""
    after = 0
    while True:
        with begin() as stores:
            page = tuple(stores.import_rows.rejected(of, after, AT_ONCE))
        if page:
            yield page
            after = page[-1].number
        if len(page) < AT_ONCE:
            return


def sheet(of: Import, pages: Iterable[Iterable[RejectedRow]]) -> Iterator[str]:
    """The text of the file, page by page. What we have put in front the last time does not come twice."""
    header = of.layout.header if of.layout else ()
    theirs = [place for place, name in enumerate(header) if name not in OURS]
    lines = Lines()
    yield BYTE_ORDER_MARK + lines.of([(ROW, COLUMN, PROBLEM, *(header[place] for place in theirs))])
    for rows in pages:
        yield lines.of(
            (
                row.number,
                row.column,
                words(row.reason),
                *(row.cells[place] for place in theirs if place < len(row.cells)),
                *row.cells[len(header) :],
            )
            for row in rows
        )
