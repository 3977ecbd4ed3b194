"""Text that people open in spreadsheets: CSV in which no cell is a formula, and from which the text comes back."""

import csv
import re
from collections.abc import Iterable, Sequence

# Without it Excel takes UTF-8 for the machine's old code page.
BYTE_ORDER_MARK = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"

Cell = str | int | None

# What begins a formula, and what a spreadsheet may read as one of these: fullwidth, small, raised and lowered forms.
_BEGINS_FORMULA = "=+\\-@\t\r\n＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋﬩⩵⩶−"  # noqa: RUF001  (ambiguous letters are what this is about)
# What may stand in front of it unnoticed: blanks, controls, invisible letters, quotes. Our own apostrophe is among
# them: that is what makes `original` exact.
_UNNOTICED = "\\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\"'`´‘’‚‛“”„‟«»‹›＂＇"  # noqa: RUF001  (the same)
# Where a spreadsheet may believe that a cell begins: also behind a separator other than ours.
_A_CELL_BEGINS = r"(?:\A|(?<=[,;\t\r\n]))"
_AS_FORMULA = f"(?=[{_UNNOTICED}]*?[{_BEGINS_FORMULA}])"

_SUSPECT = re.compile(f"[{_BEGINS_FORMULA}]")
_FORMULA = re.compile(_A_CELL_BEGINS + _AS_FORMULA)
_NEUTRALISED = re.compile(_A_CELL_BEGINS + "'" + _AS_FORMULA)


def neutralised(text: str) -> str:
    """The same text with an apostrophe wherever a spreadsheet could read a formula."""
    return _FORMULA.sub("'", text) if _SUSPECT.search(text) else text


def original(text: str) -> str:
    """What `neutralised` was given. Text from elsewhere may lose an apostrophe that hid a formula there too."""
    return _NEUTRALISED.sub("", text) if _SUSPECT.search(text) else text


def decimal(cents: int) -> str:
    """An amount with a point and two digits, which every import understands without a locale."""
    return f"{cents // 100}.{cents % 100:02}"


class Lines:
    """Makes lines of CSV from rows; a text becomes a harmless text, a number stays one."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._writer = csv.writer(_Into(self._kept), lineterminator="\r\n")

    def of(self, rows: Iterable[Sequence[Cell]]) -> str:
        """The rows as lines."""
        for row in rows:
            self._writer.writerow(neutralised(cell) if isinstance(cell, str) else cell for cell in row)
        text = "".join(self._kept)
        self._kept.clear()
        return text


class _Into:
    """As much of a file as the csv module needs."""

    def __init__(self, kept: list[str]) -> None:
        self.write = kept.append
