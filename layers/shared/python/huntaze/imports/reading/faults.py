"""What is wrong: with a cell, which rejects its row, or with a file, which is then not read at all."""


class Fault(str):
    """Why a cell is not understood: a code of `reasons.ROW`. Returned, not raised: bad rows come by the million."""

    __slots__ = ()


class Unreadable(Exception):
    """Why the whole file cannot be read: a code of `reasons.FILE`, and where that is seen."""

    def __init__(self, code: str, row: int | None = None, column: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.column = column
