"""The use cases around imports, as the API's functions see them: what was asked is remembered, the answer prepared."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from huntaze.errors import NotFound
from huntaze.ids import new_id
from huntaze.imports.model import NOTHING, Action, Choices, Counts, Field, Import, Layout, PlannedRow, Status, Upload
from huntaze.members.model import Permission, Principal
from tests.support.workspaces import NOON

HASH = bytes(range(32))
LAYOUT = Layout(
    version="1",
    encoding="utf-8",
    delimiter=",",
    header=("Username", "Total Spent"),
    sample=(("robin", "$1.00"),),
    mapping={Field.USERNAME: "Username", Field.SPENT: "Total Spent"},
)
PLANNED = Counts(
    total=10, created=4, updated=2, skipped=3, rejected=1, reasons={"known": 2, "erased": 1, "bad_amount": 1}
)
REJECTED = PlannedRow(
    number=7, action=Action.REJECT, column="Total Spent", reason="ambiguous_amount", name=None, fan_id=None
)


def an_import(status: Status = Status.PLANNED, **about: Any) -> Import:
    """One that is so far."""
    known = Import(
        id=new_id(),
        requested_by=new_id(),
        file_name="fans.csv",
        file_bytes=1_000,
        object_key=None,
        choices=Choices(),
        layout=LAYOUT,
        status=status,
        plan=1,
        plan_hash=HASH,
        planned=PLANNED,
        done=NOTHING,
        undone=NOTHING,
        last_row=10,
        position=0,
        bytes_read=1_000,
        rejected_key=None,
        error=None,
        error_row=None,
        error_column=None,
        created_at=NOON,
        committed_at=None,
        undone_at=None,
    )
    return replace(known, **about)


@dataclass
class FakeImports:
    """One import that is what a test says, and what was asked about it."""

    known: Import = field(default_factory=an_import)
    found: Sequence[PlannedRow] = (REJECTED,)
    rejections: Any = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def begin(self, who: Principal, file_name: str, file_bytes: int, choices: Choices) -> tuple[Import, Upload]:
        self._remember(who, "begin", file_name, file_bytes, choices)
        return self.known, Upload("https://bucket.example", {"key": "imports/a/b/file.csv"})

    def at_once(
        self, who: Principal, file_name: str, content: bytes, choices: Choices
    ) -> tuple[Import, tuple[PlannedRow, ...]]:
        self._remember(who, "at_once", file_name, content, choices)
        return self.known, tuple(self.found)

    def of(self, who: Principal, import_id: UUID) -> Import:
        return self._known(who, import_id, "of")

    def recent(self, who: Principal) -> tuple[Import, ...]:
        self._remember(who, "recent")
        return (self.known,)

    def plan(self, who: Principal, import_id: UUID, choices: Choices) -> Import:
        return self._known(who, import_id, "plan", choices)

    def commit(self, who: Principal, import_id: UUID, plan_hash: bytes) -> Import:
        return self._known(who, import_id, "commit", plan_hash)

    def undo(self, who: Principal, import_id: UUID) -> Import:
        return self._known(who, import_id, "undo")

    def rows(
        self,
        who: Principal,
        import_id: UUID,
        action: Action | None,
        after: int,
        limit: int,
        *,
        outcome: str | None = None,
    ) -> tuple[PlannedRow, ...]:
        self._known(who, import_id, "rows", action, after, limit, outcome)
        return tuple(row for row in self.found if row.number > after)[:limit]

    def rejected(self, who: Principal, import_id: UUID) -> Any:
        self._known(who, import_id, "rejected")
        return self.rejections

    def _known(self, who: Principal, import_id: UUID, *asked: Any) -> Import:
        self._remember(who, *asked)
        if import_id != self.known.id:
            raise NotFound
        return self.known

    def _remember(self, who: Principal, *asked: Any) -> None:
        who.must(Permission.IMPORT)
        self.asked.append(asked)
