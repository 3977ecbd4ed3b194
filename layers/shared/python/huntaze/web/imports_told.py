"""Imports as the pages tell of them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.errors import NotFound
from huntaze.imports.model import REVERSIBLE, Action, Counts, Import, Layout, PlannedRow, Status
from huntaze.members.model import Permission
from huntaze.web.imports_views import Chosen, Columns, ImportPage, ImportRow, RowOfFile, Why
from huntaze.web.views import Says

if TYPE_CHECKING:
    from huntaze.web.visit import Visit

AMBIGUOUS = ("ambiguous_amount", "ambiguous_date")
# A file that may be fine: what kept it from being read was ours, or was said by a person.
_SHOWN_BESIDE = 3
WRONGLY_SAID = frozenset({"unknown_column", "no_name_column"})
_MAY_DO_AGAIN = WRONGLY_SAID | {"gone", "replaced", "our_fault"}
# Columns stand between committed rows and what they were planned as.


class Names:
    """Who did something: each is looked up once."""

    def __init__(self, visit: "Visit") -> None:
        self._visit = visit
        self._known: dict[UUID, str] = {}

    def of(self, member_id: UUID) -> str:
        """Their name; nothing for who may not see the team, and of those who are gone."""
        if member_id not in self._known:
            self._known[member_id] = self._look_up(member_id)
        return self._known[member_id]

    def _look_up(self, member_id: UUID) -> str:
        if not self._visit.who.may(Permission.READ_TEAM):
            return ""
        try:
            return self._visit.parts.team.get(self._visit.who, member_id).name
        except NotFound:
            return ""


def latest(visit: "Visit") -> tuple[ImportRow, ...] | None:
    """The last few, for a page beside; nothing for who may not import."""
    if not visit.who.may(Permission.IMPORT):
        return None
    names = Names(visit)
    return tuple(listed(one, names) for one in visit.parts.imports.recent(visit.who)[:_SHOWN_BESIDE])


def listed(known: Import, names: Names) -> ImportRow:
    """An import in a list."""
    return ImportRow(
        id=known.id,
        file_name=known.file_name or "",
        status=known.status,
        percent=int(known.progress * 100),
        says=_in_short(known),
        by=names.of(known.requested_by),
        at=known.created_at,
        until=known.reversible_until,
    )


def told(visit: "Visit", known: Import) -> ImportPage:
    """The page of an import, without its rows."""
    outcome = known.planned if known.status in {Status.PLANNED, Status.PLANNING} else known.done
    counts = known.undone if known.status in {Status.UNDOING, Status.UNDONE} else outcome
    return ImportPage(
        id=known.id,
        file_name=known.file_name or "",
        status=known.status,
        percent=int(known.progress * 100),
        rows_done=known.last_row if known.status is Status.PLANNING else known.position,
        rows_in_all=known.last_row,
        by=Names(visit).of(known.requested_by),
        created_at=known.created_at,
        committed_at=known.committed_at,
        undone_at=known.undone_at,
        until=known.reversible_until,
        chosen=Chosen(platform=known.choices.platform, locale=known.choices.locale or "", policy=known.choices.policy),
        counts=_by_action(known.planned),
        created=counts.created,
        updated=counts.updated,
        skipped=counts.skipped,
        rejected=known.planned.rejected,
        stayed=known.undone.skipped,
        whys=tuple(_whys(known)),
        ambiguous=sum(known.planned.reasons.get(code, 0) for code in AMBIGUOUS),
        plan_hash=known.plan_hash.hex() if known.plan_hash else "",
        failure=known.error or "",
        row=known.error_row,
        column=known.error_column,
        may_plan=known.object_key is not None and (known.error is None or known.error in _MAY_DO_AGAIN),
        columns=_columns(known.layout) if known.layout else None,
        may_see_fans=visit.who.may(Permission.READ_FANS),
        days=REVERSIBLE.days,
    )


def row_of_file(planned: PlannedRow, status: Status) -> RowOfFile:
    """One row; its fan is linked where there is one."""
    is_new = planned.action is Action.CREATE
    there = status in {Status.COMMITTED, Status.UNDOING, Status.UNDONE} if is_new else True
    if is_new and (planned.reason or status is Status.UNDONE):
        there = planned.reason == "since_edited"
    return RowOfFile(
        number=planned.number,
        action=planned.action,
        name=planned.name or "",
        column=planned.column,
        reason=planned.reason,
        edits=planned.edits,
        fan_id=planned.fan_id if there else None,
    )


def _in_short(known: Import) -> tuple[Says, ...]:
    match known.status:
        case Status.PLANNED:
            return _parts(known.planned, create="created", update="updated", skip="skipped", reject="rejected")
        case Status.COMMITTED:
            return _parts(known.done, created="created", updated="updated", skip="skipped", reject="rejected")
        case Status.UNDONE:
            return _parts(known.undone, removed="created", restored="updated", stayed="skipped")
        case Status.FAILED:
            return (Says(f"imports.reason.{known.error}"),)
        case Status.MAPPING:
            return (Says("imports.short.mapping"),)
    return ()


def _parts(counts: Counts, **told: str) -> tuple[Says, ...]:
    """Numbers in words, but for what there is none of."""
    found = {key: getattr(counts, name) for key, name in told.items()}
    parts = tuple(Says(f"imports.part.{key}", {"count": count}) for key, count in found.items() if count)
    return parts or (Says("imports.short.nothing"),)


def _by_action(counts: Counts) -> Mapping[str, int]:
    return {
        Action.CREATE.value: counts.created,
        Action.UPDATE.value: counts.updated,
        Action.SKIP.value: counts.skipped,
        Action.REJECT.value: counts.rejected,
    }


def _whys(known: Import) -> Iterable[Why]:
    """Why rows are left alone or rejected, the most frequent reason first."""
    from huntaze.imports.reasons import ROW  # noqa: PLC0415

    reasons = {**known.planned.reasons, **known.done.reasons, **known.undone.reasons}
    for code, count in sorted(reasons.items(), key=lambda found: (-found[1], found[0])):
        yield Why(code=code, action=Action.REJECT if code in ROW else Action.SKIP, count=count)


def _columns(layout: Layout) -> Columns:
    return Columns(
        header=layout.header,
        sample=layout.sample,
        mapping={field.value: header for field, header in layout.mapping.items()},
    )
