"""The audit log as the page shows it: sentences, what they are about, and whether the log is whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from huntaze.audit.model import Action, Actor, Entry, Link, Named, Search, Verification
from huntaze.web import typed
from huntaze.web.settings import Around
from huntaze.web.views import Says, address_of
from huntaze.web.visit import Visit

PAGE = "/settings/audit"
KINDS = tuple(dict.fromkeys(action.object_kind for action in Action))
_NAMES = ("person", "kind", "since", "until")
_KNOWN = {action.value for action in Action}
_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilters:
    """What the log is narrowed to, as it stands in the address."""

    person: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    problems: Mapping[str, Says] = field(default_factory=dict)

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows it."""
        return {name: value for name in _NAMES if (value := getattr(self, name))}

    def address(self, path: str = PAGE, **more: str) -> str:
        """The address of this log, or of another page with the same filters."""
        return address_of(path, self.narrowing | more)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """Who did what, when; `about` is what it was done to, as it is called today, if it is still there."""

    number: int
    at: datetime
    who: str | None
    says: Says
    kind: str
    action: str
    hash: str
    about: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found; `state` is holds, broken, or checking while there is more to look at."""

    state: str
    entries: int
    checked_to: int
    at: datetime
    head: Link | None
    broken_at: int = 0
    reason: str = ""
    noted: int = 0
    same: bool = True
    next_cursor: str | None = None

    @property
    def hash(self) -> str:
        """The hash to note down, in groups that an eye can follow."""
        digest = self.head.hash.hex() if self.head and self.head.hash else ""
        return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A stretch of the log and, if it was asked for, what a check of it found."""

    around: Around
    filters: AuditFilters = AuditFilters()
    kinds: tuple[str, ...] = KINDS
    actors: tuple[Actor, ...] = ()
    rows: tuple[AuditRow, ...] = ()
    next_cursor: str | None = None
    newest: bool = True
    checked: Checked | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: Says | None = None


def asked(visit: Visit) -> tuple[AuditFilters, Search]:
    """What the address asks for, as it was typed and as the use case takes it; what is unclear narrows nothing."""
    said = typed.without_nul({name: visit.request.query.get(name, "")[:_LONGEST] for name in _NAMES})
    since, until = typed.day(said["since"], visit.timezone), _end_of(said["until"], visit.timezone)
    unclear = {"since": since is None, "until": until is None}
    problems = {name: Says("problem.date") for name, wrong in unclear.items() if wrong and said[name]}
    kind = said["kind"] if said["kind"] in KINDS else ""
    person = _id(said["person"])
    shown = AuditFilters(**said | {"kind": kind, "person": str(person or "")}, problems=problems)
    return shown, Search(kind=kind or None, actor_id=person, since=since, until=until)


def row(entry: Entry, names: Mapping[UUID, Named]) -> AuditRow:
    """An entry in people's words."""
    about = next((names[one] for one in things_of(entry) if one in names), None)
    return AuditRow(
        number=entry.number,
        at=entry.at,
        who=entry.actor_name,
        says=_sentence(entry),
        kind=entry.object_kind or "",
        action=entry.action,
        hash=entry.hash.hex(),
        about=about.name if about else "",
        href=f"/fans/{about.fan_id}" if about and about.fan_id else "",
    )


def things_of(entry: Entry) -> tuple[UUID, ...]:
    """What an entry speaks of: the thing itself, or else the fan or the conversation that it belongs to."""
    told = (entry.object_id, *(_id(str(entry.details.get(name, ""))) for name in ("fan", "conversation", "member")))
    return tuple(one for one in told if one is not None)


def checked(found: Verification, next_cursor: str | None) -> Checked:
    """What a check found, for the page."""
    fault, noted = found.fault, found.noted
    return Checked(
        state="broken" if fault else "holds" if found.complete else "checking",
        entries=found.entries,
        checked_to=found.checked_to.number,
        at=found.checked_at,
        head=found.head,
        broken_at=fault.number if fault else 0,
        reason=fault.reason.value if fault else "",
        noted=noted.number if noted else 0,
        same=noted.same if noted else True,
        next_cursor=next_cursor,
    )


def _sentence(entry: Entry) -> Says:
    if entry.action not in _KNOWN:
        return Says("audit.did_something", {"action": entry.action})
    count = entry.details.get("fans", 0)
    return Says(f"audit.did.{entry.action}", {"count": count if isinstance(count, int) else 0})


def _end_of(day: str, zone: str) -> datetime | None:
    """The moment a day ends where the workspace is."""
    try:
        return typed.day((date.fromisoformat(day) + timedelta(days=1)).isoformat(), zone)
    except (ValueError, OverflowError):
        return None


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
