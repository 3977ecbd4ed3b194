"""The dry run: each row of the file becomes a row of the plan, thousands in one transaction with the place reached."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from huntaze.imports.model import CHUNK_ROWS, Import, Layout, Status
from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.headers import names_the_fan, normalised
from huntaze.imports.reading.inspecting import inspect
from huntaze.imports.reading.rows import Reading, Rejected, Row, rows
from huntaze.imports.reading.rules import Rules
from huntaze.imports.reading.sources import Source
from huntaze.imports.rejected import Files, write_rejected
from huntaze.imports.steps import SECONDS_TO_END_WELL, Begin, Growth, SecondsLeft, Stores, found_again, held
from huntaze.tombstones.model import Identity
from huntaze.tombstones.service import Tombstones

CHUNK_BYTES = 4 * 1024 * 1024  # of the file: rows may be wide
FORGOTTEN_AT_ONCE = 20_000


class Planning:
    """Plans imports, from the place that was reached."""

    def __init__(self, tombstones: Tombstones, files: Files, new_id: Callable[[], UUID]) -> None:
        self._tombstones = tombstones
        self._files = files
        self._new_id = new_id

    def go_on(self, begin: Begin, planned: Import, source: Source, seconds_left: SecondsLeft) -> Import:
        """Plan as much as there is time for. The import as it is then: still planning where time ran out."""
        try:
            planned = self._look(begin, planned, source) if planned.layout is None else planned
            _must_be_the_same(planned, source)
            if planned.status is Status.PLANNING:
                planned = self._plan(begin, planned, source, seconds_left)
        except Unreadable as fault:
            return failed(begin, planned, fault.code, fault.row, fault.column)
        return planned

    def _look(self, begin: Begin, planned: Import, source: Source) -> Import:
        """How the file is to be read. Where nobody can tell who the fans are, a person says so."""
        with begin() as stores:
            remembered = stores.imports.remembered()
        layout = inspect(source, planned.choices.mapping, remembered)
        with begin() as stores:
            held(stores, planned)
            stores.imports.change(planned.id, {"layout": layout})
            if planned.choices.mapping is not None:
                stores.imports.remember(_said(layout))
            if not names_the_fan(layout.mapping):
                stores.imports.change(planned.id, {"status": Status.MAPPING})
            return found_again(stores, planned)

    def _plan(self, begin: Begin, planned: Import, source: Source, seconds_left: SecondsLeft) -> Import:
        with begin() as stores:
            workspace = stores.workspace.get()
        rules = Rules(
            platform=planned.choices.platform,
            locale=planned.choices.locale,
            timezone=workspace.timezone,
            currency=workspace.currency,
            now=planned.created_at,
        )
        assert planned.layout is not None  # noqa: S101  # go_on has looked
        reading = rows(source, planned.layout, rules, after=planned.last_row)
        growth = Growth(begin)
        for chunk in _chunks(reading):
            growth.chunk_ahead()
            planned = self._keep(begin, planned, chunk, reading.bytes_read, workspace.currency)
            if seconds_left() < SECONDS_TO_END_WELL:
                return planned
        return self._end(begin, planned)

    def _keep(
        self, begin: Begin, planned: Import, chunk: Sequence[Row | Rejected], bytes_read: int, currency: str
    ) -> Import:
        with begin() as stores:
            held(stores, planned)
            erased = self._erased(stores, chunk)
            told = [
                _told(row, self._new_id(), currency, erased=row.number in erased)
                if isinstance(row, Row)
                else _told_rejected(row)
                for row in chunk
            ]
            found = stores.import_rows.add(planned, told)
            if found.refused:
                refused = frozenset(found.refused)
                cells = [{"number": row.number, "cells": row.cells} for row in chunk if row.number in refused]
                stores.import_rows.keep_cells(planned, cells)
            stores.imports.change(
                planned.id,
                {
                    "last_row": chunk[-1].number,
                    "bytes_read": bytes_read,
                    "planned": planned.planned.plus(found.counts),
                    "plan_hash": found.hash,
                },
            )
            return found_again(stores, planned)

    def _erased(self, stores: Stores, chunk: Sequence[Row | Rejected]) -> frozenset[int]:
        """Rows that name somebody who was erased."""
        if not stores.tombstones.count():
            return frozenset()
        people = [row for row in chunk if isinstance(row, Row)]
        names = [Identity(row.platform.value, row.platform_id, row.handle, row.email) for row in people]
        named = self._tombstones.named(stores.tombstones, stores.workspace.get().id, names)
        return frozenset(row.number for row, gone in zip(people, named, strict=True) if gone)

    def _end(self, begin: Begin, planned: Import) -> Import:
        planned = write_rejected(begin, planned, self._files)
        with begin() as stores:
            held(stores, planned)
            plan_hash = planned.plan_hash or hashlib.sha256().digest()  # all rows are blank
            stores.imports.change(planned.id, {"status": Status.PLANNED, "plan_hash": plan_hash})
            ended = found_again(stores, planned)
        forget_rows(begin, planned)  # of earlier plans
        return ended


def _must_be_the_same(planned: Import, source: Source) -> None:
    """A form for uploads may be used more than once: no plan is made of halves of two files."""
    if planned.layout is not None and planned.layout.version != source.version:
        raise Unreadable("replaced")


def failed(begin: Begin, of: Import, code: str, row: int | None = None, column: str | None = None) -> Import:
    """It ends here, and says why."""
    with begin() as stores:
        held(stores, of)
        stores.imports.change(
            of.id, {"status": Status.FAILED, "error": code, "error_row": row, "error_column": column and column[:300]}
        )
        return found_again(stores, of)


def forget_rows(begin: Begin, of: Import) -> None:
    """Delete rows that nobody needs any more, in transactions that keep nobody waiting."""
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        with begin() as stores:
            forgotten = stores.import_rows.forget(of.id, FORGOTTEN_AT_ONCE)


def _chunks(reading: Reading) -> Iterator[list[Row | Rejected]]:
    """As many rows as one transaction takes; wide ones are fewer."""
    chunk: list[Row | Rejected] = []
    began = 0
    for row in reading:
        chunk.append(row)
        if len(chunk) >= CHUNK_ROWS or reading.bytes_read - began >= CHUNK_BYTES:
            began = reading.bytes_read
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _told(row: Row, fan_id: UUID, currency: str, *, erased: bool) -> Mapping[str, Any]:
    """A row as the store takes it; what is not there is left out."""
    told: dict[str, Any] = {"number": row.number, "platform": row.platform.value, "erased": erased}
    told["id"] = str(fan_id)
    told["currency"] = row.currency or currency
    for name in ("platform_id", "handle", "name", "email", "tier", "spent_cents", "tags", "do_not_contact"):
        value = getattr(row, name)
        if value is not None:
            told[name] = value
    if row.last_seen_at is not None:
        told["last_seen_at"] = row.last_seen_at.isoformat()
    return told


def _told_rejected(row: Rejected) -> Mapping[str, Any]:
    about = row.column and row.column[:300]
    return {"number": row.number, "about": about, "reason": row.reason, "cells": row.cells, "erased": False}


def _said(layout: Layout) -> Mapping[str, Any]:
    return {normalised(header): field for field, header in layout.mapping.items() if normalised(header)}
