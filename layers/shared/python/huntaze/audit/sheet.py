"""The audit log as a sheet: what the page shows in words, here as the API says it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC

from huntaze.audit.model import Entry
from huntaze.spreadsheets import BYTE_ORDER_MARK, Cell, Lines

COLUMNS: Mapping[str, Callable[[Entry], Cell]] = {
    "Position": lambda entry: entry.number,
    "Time": lambda entry: f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    "Person": lambda entry: entry.actor_name,
    "Person ID": lambda entry: _word(entry.actor_id),
    "Action": lambda entry: entry.action,
    "Object Kind": lambda entry: entry.object_kind,
    "Object ID": lambda entry: _word(entry.object_id),
    "Details": lambda entry: json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True),
    "Hash": lambda entry: entry.hash.hex(),
}


def sheet(pages: Iterable[Iterable[Entry]]) -> Iterator[str]:
    """The text of the file, page by page, the headers first."""
    lines = Lines()
    yield BYTE_ORDER_MARK + lines.of([tuple(COLUMNS)])
    for entries in pages:
        yield lines.of([cell(entry) for cell in COLUMNS.values()] for entry in entries)


def _word(thing: object) -> str | None:
    return None if thing is None else str(thing)
