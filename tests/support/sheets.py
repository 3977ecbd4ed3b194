"""Files of fans as other people's programs write them, and what is read from them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle

from huntaze.fans.model import Platform
from huntaze.imports.model import Field, Layout
from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.inspecting import inspect
from huntaze.imports.reading.rows import Rejected, Row, rows
from huntaze.imports.reading.rules import Rules
from huntaze.imports.reading.sources import Held

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ENDS: Mapping[str, Sequence[str]] = {"LF": ["\n"], "CRLF": ["\r\n"], "CR": ["\r"], "mixed": ["\n", "\r\n", "\r"]}
# How programs put text into bytes, with the mark of byte order where they write one.
ENCODINGS: Mapping[str, tuple[str, bytes]] = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with mark": ("utf-8", b"\xef\xbb\xbf"),
    "UTF-16 LE": ("utf-16-le", b"\xff\xfe"),
    "UTF-16 BE": ("utf-16-be", b"\xfe\xff"),
    "UTF-16 LE without mark": ("utf-16-le", b""),
    "UTF-16 BE without mark": ("utf-16-be", b""),
    "Windows-1252": ("windows-1252", b""),
}


def rules(
    *, locale: str | None = None, timezone: str = "UTC", currency: str = "USD", platform: Platform = Platform.ONLYFANS
) -> Rules:
    """What a file is read by, if nothing else is said."""
    return Rules(platform=platform, locale=locale, timezone=timezone, currency=currency, now=NOW)


def lines(table: Iterable[Sequence[str]], delimiter: str, end: str, *, quoted: bool) -> str:
    """A table as text, written by hand and not by the csv module: what reads must not judge itself."""
    ends = cycle(ENDS[end])
    return "".join(delimiter.join(_cell(cell, delimiter, quoted=quoted) for cell in row) + next(ends) for row in table)


def encoded(text: str, encoding: str) -> bytes:
    """The text as bytes of a file."""
    name, mark = ENCODINGS[encoding]
    return mark + text.encode(name)


def read(
    content: bytes | str, by: Rules | None = None, *, chosen: Mapping[Field, str] | None = None, after: int = 0
) -> list[Row | Rejected]:
    """Everything that a file says."""
    source = Held(content.encode() if isinstance(content, str) else content)
    return list(rows(source, inspect(source, chosen, {}), by or rules(), after=after))


def layout(content: bytes | str) -> Layout:
    """What a look at it shows."""
    return inspect(Held(content.encode() if isinstance(content, str) else content), None, {})


def unreadable(content: bytes | str) -> tuple[str, int | None, str | None]:
    """Why a file is not read at all, and where that is seen."""
    try:
        layout(content)
    except Unreadable as fault:
        return fault.code, fault.row, fault.column
    raise AssertionError("it is readable")


def row(number: int, **said: object) -> Row:
    """A row that says only this."""
    silent = dict.fromkeys(Row.__dataclass_fields__) | {"platform": Platform.ONLYFANS}
    return Row(**{**silent, "number": number, **said})  # type: ignore[arg-type]


def _cell(text: str, delimiter: str, *, quoted: bool) -> str:
    if quoted or any(letter in text for letter in f'{delimiter}"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
