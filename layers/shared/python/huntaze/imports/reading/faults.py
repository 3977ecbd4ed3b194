"""What is wrong: with a cell, which rejects its row, or with a file, which is then not read at all."""

from collections.abc import Sequence


class Fault(str):
    """Why a cell is not understood: a code of `reasons.ROW`. Returned, not raised: bad rows come by the million."""

    __slots__ = ()


class Unreadable(Exception):
    """Why the whole file cannot be read: a code of `reasons.FILE`, and where that is seen."""

    def __init__(self, code: str, row: int | None = None, column: str | None = None, place: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.column = column
        self._place = place  # of the column, as long as nobody has said how it is called

    def at(self, row: int | None, header: Sequence[str]) -> "Unreadable":
        """The same, by whoever counts rows and knows the header; a column without a name is told by its number."""
        if self._place is None:
            return Unreadable(self.code, row, self.column)
        named = self._place < len(header) and header[self._place]
        return Unreadable(self.code, row, named or str(self._place + 1))
