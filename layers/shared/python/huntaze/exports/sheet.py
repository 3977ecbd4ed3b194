"""The table of fans as a sheet: the columns it shows, and the ids that tie a row to its fan."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from huntaze.fans.model import Fan
from huntaze.spreadsheets import BYTE_ORDER_MARK, Cell, Lines, decimal

# Headers are the import's own words where it knows the column.
COLUMNS: Mapping[str, Callable[[Fan], Cell]] = {
    "Display Name": lambda fan: fan.name,
    "Username": lambda fan: fan.handle,
    "Platform": lambda fan: fan.platform.value,
    "Tags": lambda fan: "; ".join(fan.tags),
    "Total Spent": lambda fan: decimal(fan.value.cents),
    "Currency": lambda fan: fan.value.currency,
    "Last Seen": lambda fan: _moment(fan.last_seen_at),
    "Added": lambda fan: _moment(fan.created_at),
    "Do Not Contact": lambda fan: "yes" if fan.do_not_contact else "no",
    "User ID": lambda fan: fan.platform_id,
    "Fan ID": lambda fan: str(fan.id),
}


def sheet(pages: Iterable[Iterable[Fan]]) -> Iterator[str]:
    """The text of the file, page by page: the headers first, also when nobody matches."""
    lines = Lines()
    yield BYTE_ORDER_MARK + lines.of([tuple(COLUMNS)])
    for fans in pages:
        yield lines.of([cell(fan) for cell in COLUMNS.values()] for fan in fans)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
