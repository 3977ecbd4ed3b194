"""Taking along what the table of fans shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.errors import Conflict, NotFound, TooLarge, Unavailable
from huntaze.exports.model import KEPT_FOR, Export, NewExport, Status, Ticket
from huntaze.exports.sheet import sheet
from huntaze.fans.model import Fan, Filters, Platform, Sort
from huntaze.members.model import Permission, Principal

MOST_ROWS_AT_ONCE = 5_000
# A function's answer has 6 MB, and escaping makes three bytes of one at worst.
MOST_BYTES_AT_ONCE = 2_000_000
MOST_UNDER_WAY = 5
MOST_RECENT = 20
LINK_SECONDS = 300

NOT_BEGUN = "The export could not be started. Try again."
GIVEN_UP = "The export was not finished, and another one was started instead."


class FanPages(Protocol):
    """Who reads fans for an export: everybody who matches, once, in constant memory."""

    def each_matching(self, who: Principal, filters: Filters, sort: Sort) -> Iterator[tuple[Fan, ...]]:
        """Pages in order, each read in a short transaction of its own; whoever may export may call it."""
        ...


class ExportStore(Protocol):
    """The exports of one workspace, inside one transaction."""

    def add(self, new: NewExport, export_id: UUID, requested_by: UUID, at: datetime, expires_at: datetime) -> Export:
        """Keep what was asked for."""
        ...

    def find(self, export_id: UUID) -> Export | None:
        """One export, if there is one."""
        ...

    def newest_of(self, requested_by: UUID, limit: int, now: datetime) -> Sequence[Export]:
        """What one person asked for and is still kept, the newest first."""
        ...

    def wait_for_erasures(self) -> None:
        """Begin when nobody is being erased, and keep that so until this transaction ends."""
        ...

    def forget_expired(self, now: datetime) -> None:
        """Delete what is kept no longer."""
        ...

    def claim(self, export_id: UUID, claim_id: UUID, now: datetime, lease_until: datetime) -> Export | None:
        """Take over one that nobody alive is writing; None when there is none to take."""
        ...

    def renew(self, export_id: UUID, claim_id: UUID, rows: int, lease_until: datetime) -> bool:
        """Say that its writer is alive and how far it is; False when somebody else holds it or it has ended."""
        ...

    def finish(self, export_id: UUID, claim_id: UUID, object_key: str, rows: int, size: int) -> bool:
        """Make it ready; False when somebody else holds it or it has ended."""
        ...

    def fail(self, export_id: UUID, claim_id: UUID | None, reason: str) -> bool:
        """End it without a file, as its holder or for whoever holds it; False when it has ended."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def exports(self) -> ExportStore:
        """The exports of the workspace."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


class ExportQueue(Protocol):
    """Where workers hear of exports."""

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        ...


class Links(Protocol):
    """Where files can be fetched."""

    def link(self, key: str, file_name: str, seconds: int) -> str:
        """An address that downloads the file under this name, for so long."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Exports:
    """The use cases around exports; who asked for one is the only one to see it."""

    def __init__(
        self,
        transactions: Transactions,
        fans: FanPages,
        queue: ExportQueue,
        links: Links,
        *,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._transactions = transactions
        self._fans = fans
        self._queue = queue
        self._links = links
        self._clock = clock
        self._new_id = new_id

    def csv(self, who: Principal, filters: Filters, sort: Sort) -> Iterator[str]:
        """The text of a small export, to be sent at once; TooLarge on the way when it is a large one."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            stores.audit.record(Action.EXPORT_REQUESTED)
        pages = self._fans.each_matching(who, filters, sort)
        return _up_to(MOST_BYTES_AT_ONCE, sheet(_few(MOST_ROWS_AT_ONCE, pages)))

    def request(self, who: Principal, filters: Filters, sort: Sort, expected_rows: int | None = None) -> Export:
        """Ask for a large export; `expected_rows` is what the page counted, for the sake of progress."""
        who.must(Permission.READ_ANALYTICS)
        return self._begin(who, NewExport(filters=words(filters), sort=sort.value, expected_rows=expected_rows))

    def again(self, who: Principal, export_id: UUID) -> Export:
        """Ask the same again, in place of one that failed or is stuck."""
        stale = self.of(who, export_id)
        if stale.status is Status.READY or stale.under_way(self._clock.now()):
            raise Conflict("This export has not failed.")
        if not stale.status.final:
            self._fail(who, export_id, GIVEN_UP)
        return self._begin(who, NewExport(filters=stale.filters, sort=stale.sort, expected_rows=stale.expected_rows))

    def of(self, who: Principal, export_id: UUID) -> Export:
        """One of the caller's own exports."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            found = stores.exports.find(export_id)
        if found is None or found.requested_by != who.member_id or found.expires_at <= self._clock.now():
            raise NotFound
        return found

    def link(self, who: Principal, export_id: UUID) -> str:
        """An address that downloads the file, for a few minutes; Conflict while there is no file."""
        export = self.of(who, export_id)
        if export.object_key is None:
            raise Conflict("This export is not ready.")
        return self._links.link(export.object_key, export.file_name, LINK_SECONDS)

    def recent(self, who: Principal) -> tuple[Export, ...]:
        """The caller's latest exports, the newest first."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            return tuple(stores.exports.newest_of(who.member_id, MOST_RECENT, self._clock.now()))

    def _begin(self, who: Principal, new: NewExport) -> Export:
        now = self._clock.now()
        with self._transactions(who) as stores:
            stores.exports.wait_for_erasures()
            stores.exports.forget_expired(now)
            latest = stores.exports.newest_of(who.member_id, MOST_RECENT, now)
            if sum(export.under_way(now) for export in latest) >= MOST_UNDER_WAY:
                raise Conflict(f"You have {MOST_UNDER_WAY} exports under way. Wait for one of them.")
            export = stores.exports.add(new, self._new_id(), who.member_id, now, now + KEPT_FOR)
            stores.audit.record(Action.EXPORT_REQUESTED, export.id)
        # The row first: a worker that hears of it must find it.
        try:
            self._queue.put(Ticket(who.workspace_id, export.id))
        except Unavailable:
            self._fail(who, export.id, NOT_BEGUN)
            raise
        return export

    def _fail(self, who: Principal, export_id: UUID, reason: str) -> None:
        with self._transactions(who) as stores:
            stores.exports.fail(export_id, None, reason)


def words(filters: Filters) -> dict[str, str]:
    """Filters as they stand in the address of the table; `question` reads them again."""
    typed = {
        "q": filters.q,
        "platform": filters.platform,
        "tag": filters.tag,
        "minValueCents": filters.min_value_cents,
        "seenAfter": filters.seen_after and filters.seen_after.isoformat(),
    }
    return {name: str(value) for name, value in typed.items() if value is not None}


def question(filters: Mapping[str, str]) -> Filters:
    """What `words` wrote down."""
    platform, cents, seen = (filters.get(name) for name in ("platform", "minValueCents", "seenAfter"))
    return Filters(
        q=filters.get("q"),
        platform=Platform(platform) if platform else None,
        tag=filters.get("tag"),
        min_value_cents=int(cents) if cents else None,
        seen_after=datetime.fromisoformat(seen) if seen else None,
    )


def _few(most: int, pages: Iterable[tuple[Fan, ...]]) -> Iterator[tuple[Fan, ...]]:
    rows = 0
    for fans in pages:
        rows += len(fans)
        if rows > most:
            raise TooLarge(f"More than {most} fans are exported as a file.")
        yield fans


def _up_to(most: int, texts: Iterable[str]) -> Iterator[str]:
    size = 0
    for text in texts:
        size += len(text.encode())
        if size > most:
            raise TooLarge("This much text is exported as a file.")
        yield text
