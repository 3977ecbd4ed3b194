"""Stand-ins for what exports are made of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from uuid import UUID

from huntaze.errors import Unavailable
from huntaze.exports.model import Export, NewExport, Status, Ticket
from huntaze.fans.model import About, Fan, Filters, NewFan, Sort
from huntaze.ids import new_id
from huntaze.members.model import Permission, Principal
from huntaze.money import Money
from tests.support.fakes import FakeAuditTrail
from tests.support.people import new_fan


def fan_of(new: NewFan, at: datetime) -> Fan:
    about = {rule.name: getattr(new, rule.name) for rule in fields(About)}
    value = Money(new.value_cents, new.currency or "USD")
    return Fan(**about, id=new_id(), value=value, last_message_at=None, created_at=at, updated_at=at)


def some_fans(number: int, at: datetime, **about: object) -> tuple[Fan, ...]:
    return tuple(fan_of(new_fan(**about), at) for _ in range(number))


@dataclass
class FakeFanPages:
    """Gives these pages to whoever may export, and remembers what was asked."""

    pages: Sequence[tuple[Fan, ...]] = ()
    asked: list[tuple[Principal, Filters, Sort]] = field(default_factory=list)

    def each_matching(self, who: Principal, filters: Filters, sort: Sort) -> Iterator[tuple[Fan, ...]]:
        who.must(Permission.READ_ANALYTICS)
        self.asked.append((who, filters, sort))
        return iter(self.pages)


@dataclass(frozen=True)
class _Held:
    """An export and who holds it."""

    export: Export
    claim_id: UUID | None = None


class FakeExports:
    """The exports of one workspace, in memory."""

    def __init__(self) -> None:
        self._kept: dict[UUID, _Held] = {}

    def add(self, new: NewExport, export_id: UUID, requested_by: UUID, at: datetime, expires_at: datetime) -> Export:
        export = Export(
            filters=new.filters,
            sort=new.sort,
            expected_rows=new.expected_rows,
            id=export_id,
            requested_by=requested_by,
            status=Status.REQUESTED,
            rows=0,
            bytes=None,
            object_key=None,
            error=None,
            lease_until=None,
            created_at=at,
            expires_at=expires_at,
        )
        self._kept[export_id] = _Held(export)
        return export

    def find(self, export_id: UUID) -> Export | None:
        held = self._kept.get(export_id)
        return held and held.export

    def newest_of(self, requested_by: UUID, limit: int, now: datetime) -> list[Export]:
        found = [held.export for held in self._kept.values()]
        mine = [export for export in found if export.requested_by == requested_by and export.expires_at > now]
        return sorted(mine, key=lambda export: (export.created_at, export.id), reverse=True)[:limit]

    def wait_for_erasures(self) -> None:
        pass

    def forget_expired(self, now: datetime) -> None:
        self._kept = {key: held for key, held in self._kept.items() if held.export.expires_at > now}

    def claim(self, export_id: UUID, claim_id: UUID, now: datetime, lease_until: datetime) -> Export | None:
        export = self.find(export_id)
        if export is None or export.status.final or (export.lease_until is not None and export.lease_until >= now):
            return None
        return self._keep(replace(export, status=Status.WRITING, lease_until=lease_until, rows=0), claim_id)

    def renew(self, export_id: UUID, claim_id: UUID, rows: int, lease_until: datetime) -> bool:
        return self._change(export_id, claim_id, rows=rows, lease_until=lease_until)

    def finish(self, export_id: UUID, claim_id: UUID, object_key: str, rows: int, size: int) -> bool:
        ready = {"status": Status.READY, "object_key": object_key, "rows": rows, "bytes": size}
        return self._change(export_id, claim_id, **ready)

    def fail(self, export_id: UUID, claim_id: UUID | None, reason: str) -> bool:
        return self._change(export_id, claim_id, status=Status.FAILED, error=reason)

    def _change(self, export_id: UUID, claim_id: UUID | None, **changes: object) -> bool:
        held = self._kept.get(export_id)
        if held is None or held.export.status.final or (claim_id is not None and held.claim_id != claim_id):
            return False
        self._keep(replace(held.export, **changes), held.claim_id)  # type: ignore[arg-type]  # names chosen above
        return True

    def _keep(self, export: Export, claim_id: UUID | None) -> Export:
        self._kept[export.id] = _Held(export, claim_id)
        return export


@dataclass
class ExportStores:
    """The stores of one workspace, as far as exports go."""

    exports: FakeExports = field(default_factory=FakeExports)
    audit: FakeAuditTrail = field(default_factory=FakeAuditTrail)


class FakeExportDatabase:
    """One store per workspace, for members and for machines."""

    def __init__(self) -> None:
        self.workspaces: dict[UUID, ExportStores] = {}

    @contextmanager
    def in_workspace(self, who: Principal) -> Iterator[ExportStores]:
        with self.as_machine(who.workspace_id) as stores:
            yield stores

    @contextmanager
    def as_machine(self, workspace_id: UUID) -> Iterator[ExportStores]:
        yield self.workspaces.setdefault(workspace_id, ExportStores())


@dataclass
class FakeExportQueue:
    """Remembers the tickets, or is away."""

    tickets: list[Ticket] = field(default_factory=list)
    away: bool = False

    def put(self, ticket: Ticket) -> None:
        if self.away:
            raise Unavailable("The queue cannot be reached right now.", retry_after=5)
        self.tickets.append(ticket)


class FakeFile:
    """What is being written."""

    def __init__(self) -> None:
        self.text = ""

    @property
    def size(self) -> int:
        return len(self.text.encode())

    def write(self, text: str) -> None:
        self.text += text


@dataclass
class FakeFiles:
    """Files that were finished, by their key."""

    finished: dict[str, str] = field(default_factory=dict)
    abandoned: list[str] = field(default_factory=list)
    away: bool = False

    @contextmanager
    def writing(self, key: str) -> Iterator[FakeFile]:
        if self.away:
            raise Unavailable("Files cannot be kept right now.", retry_after=5)
        file = FakeFile()
        try:
            yield file
        except BaseException:
            self.abandoned.append(key)
            raise
        self.finished[key] = file.text

    def link(self, key: str, file_name: str, seconds: int) -> str:
        return f"https://files.example/{key}?as={file_name}&for={seconds}"
