"""Rows of a file, each understood as a whole or rejected with its column and reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from huntaze.fans.model import Platform
from huntaze.imports.model import Field, Layout
from huntaze.imports.reading import texts
from huntaze.imports.reading.dates import moment
from huntaze.imports.reading.encodings import Text, opened
from huntaze.imports.reading.faults import Fault, Unreadable
from huntaze.imports.reading.headers import normalised
from huntaze.imports.reading.inspecting import MOST_COLUMNS
from huntaze.imports.reading.money import cents
from huntaze.imports.reading.records import Broken, Record, Records, header
from huntaze.imports.reading.rules import LOCALES, Rules
from huntaze.imports.reading.sources import Source
from huntaze.imports.reading.texts import is_username
from huntaze.spreadsheets import original

_CLOCKS_DIFFER_BY = timedelta(days=1)
_ONLY_OURS_HAS = "fanid"  # a column of our own export: there tags stand between semicolons, and may hold commas

_KEPT = 16_384  # what was read last: days, round amounts and tags come again and again

Convert = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the file says about a fan; None where it says nothing."""

    number: int
    platform: Platform
    platform_id: str | None
    handle: str | None
    name: str | None
    email: str | None
    tier: str | None
    spent_cents: int | None
    currency: str | None
    last_seen_at: datetime | None
    tags: tuple[str, ...] | None
    do_not_contact: bool | None
    cells: Sequence[str] = field(default=(), compare=False, repr=False)  # as they were, in case the fans say no


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not understood: the header of the column, the reason, and its cells as they were."""

    number: int
    column: str | None
    reason: str
    cells: tuple[str, ...]


# In the order of Row, behind its number.
_ORDER = (
    Field.PLATFORM,
    Field.USER_ID,
    Field.USERNAME,
    Field.NAME,
    Field.EMAIL,
    Field.TIER,
    Field.SPENT,
    Field.CURRENCY,
    Field.LAST_SEEN,
    Field.TAGS,
    Field.DO_NOT_CONTACT,
)
_PLACES: Mapping[Field, int] = {field: place for place, field in enumerate(_ORDER)}
_PLATFORM, _USER_ID, _USERNAME = _PLACES[Field.PLATFORM], _PLACES[Field.USER_ID], _PLACES[Field.USERNAME]
_SPENT, _CURRENCY = _PLACES[Field.SPENT], _PLACES[Field.CURRENCY]


class Reading:
    """The rows of a file, numbered from 1 after the header. Blank ones count and are passed over."""

    def __init__(self, source: Source, layout: Layout, rules: Rules, *, after: int) -> None:
        self._source = source
        self._layout = layout
        self._cells = _Cells(layout, rules)
        self._after = after
        self._text: Text | None = None

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file have been read."""
        return self._text.bytes_read if self._text else 0

    def __iter__(self) -> Iterator[Row | Rejected]:
        """From the row behind `after` on. Raises Unreadable where the file is no longer the one that was inspected."""
        number = 0
        try:
            with opened(self._source, self._layout.encoding) as self._text:
                records = iter(Records(self._text.readline, self._layout.delimiter))
                header(records)
                for number, record in enumerate(records, 1):
                    if number > self._after and (row := self._cells.row(number, record)):
                        yield row
        except Unreadable as fault:
            raise fault.at(number + 1, self._layout.header) from None
        except UnicodeDecodeError:
            raise Unreadable("mixed_encodings", number + 1) from None


def rows(source: Source, layout: Layout, rules: Rules, *, after: int = 0) -> Reading:
    """The rows of a file behind the one with this number."""
    return Reading(source, layout, rules, after=after)


class _Cells:
    """How the cells of each row are understood."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        names, mapping = layout.header, layout.mapping
        self._header = names
        self._blank: list[Any] = [None] * len(_ORDER)
        self._blank[_PLATFORM] = rules.platform
        self._currency = rules.currency
        self._who = mapping.get(Field.USERNAME) or mapping.get(Field.USER_ID)
        converters = _converters(layout, rules)
        # As they stand in the file, so that the first fault is told; an amount needs its currency before it.
        columns = sorted(mapping.items(), key=lambda each: (each[0] is not Field.CURRENCY, names.index(each[1])))
        self._columns = tuple((names.index(name), _PLACES[field], converters[field]) for field, name in columns)
        self._username = names.index(mapping[Field.USERNAME]) if Field.USERNAME in mapping else None
        mark = LOCALES[rules.locale].decimal_mark if rules.locale else None
        self._cents = lru_cache(_KEPT)(lambda text, currency: cents(text, currency, mark))

    def row(self, number: int, record: Record) -> Row | Rejected | None:
        """What the row says; nothing when it is blank."""
        if isinstance(record, Broken):
            return self._rejected(number, record.fault, record.column, record.cells)
        values = self._blank.copy()
        fault, place = self._fault(record, values)
        if fault is None:
            return Row(number, *[*values, record])
        return self._rejected(number, fault, place, record) if "".join(record).strip() else None

    def _fault(self, cells: Sequence[str], values: list[Any]) -> tuple[Fault | None, int | None]:
        """Fills in the values, as far as nothing is wrong. This runs a million times: it is plain on purpose."""
        if len(cells) != len(self._header) and (fault := self._wrong_width(cells)):
            return fault, None
        if "\x00" in "".join(cells):
            return Fault("nul"), next(place for place, cell in enumerate(cells) if "\x00" in cell)
        for place, target, convert in self._columns:
            if cell := cells[place].strip():
                if "'" in cell:
                    cell = original(cell).strip()
                is_amount = target == _SPENT
                value = self._cents(cell, values[_CURRENCY] or self._currency) if is_amount else convert(cell)
                if value.__class__ is Fault:
                    return value, place
                values[target] = value
        return self._nameless(values)

    def _nameless(self, values: Sequence[Any]) -> tuple[Fault | None, int | None]:
        """Somebody without an id is known by the username alone, which must then be one."""
        if values[_USER_ID] is not None:
            return None, None
        if values[_USERNAME] is None:
            return Fault("no_name"), None if self._who is None else self._header.index(self._who)
        return (None, None) if is_username(values[_USERNAME]) else (Fault("bad_username"), self._username)

    def _wrong_width(self, cells: Sequence[str]) -> Fault | None:
        """Blank cells behind the last column are nothing."""
        if len(cells) < len(self._header):
            return Fault("too_few_cells")
        return Fault("too_many_cells") if "".join(cells[len(self._header) :]).strip() else None

    def _rejected(self, number: int, fault: Fault, place: int | None, cells: Sequence[str]) -> Rejected:
        """No column can hold a NUL: the sign that stands for it takes its place. No sheet of fans is wider."""
        column = self._header[place] if place is not None and place < len(self._header) else None
        return Rejected(number, column, str(fault), tuple(cell.replace("\x00", "␀") for cell in cells[:MOST_COLUMNS]))


def _converters(layout: Layout, rules: Rules) -> Mapping[Field, Convert]:
    """How each field is read; an amount also by its currency."""
    ours = any(normalised(name) == _ONLY_OURS_HAS for name in layout.header)
    separators = ";" if ours else ";,"
    return {
        Field.PLATFORM: texts.platform,
        Field.USER_ID: texts.user_id,
        Field.USERNAME: texts.handle,
        Field.NAME: texts.text,
        Field.EMAIL: texts.email,
        Field.TIER: texts.text,
        Field.SPENT: str,
        Field.CURRENCY: texts.currency,
        Field.LAST_SEEN: _past(rules),
        Field.TAGS: lru_cache(_KEPT)(lambda cell: texts.tags(cell, separators)),
        Field.DO_NOT_CONTACT: texts.choice,
    }


def _past(rules: Rules) -> Convert:
    """Moments that are over; clocks differ, and days begin earlier elsewhere."""
    latest = rules.now + _CLOCKS_DIFFER_BY
    day_first = LOCALES[rules.locale].day_first if rules.locale else None

    @lru_cache(_KEPT)
    def read(text: str) -> datetime | Fault:
        at = moment(text, rules.timezone, day_first=day_first)
        return Fault("in_the_future") if isinstance(at, datetime) and at > latest else at

    return read
