"""An import without servers for files and queues: the bytes are kept here, and tickets lie in a list."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from huntaze import wiring
from huntaze.imports.model import Choices, Import, Policy, Status, Ticket, Upload
from huntaze.imports.reading.sources import Held, Source
from huntaze.members.model import Principal
from huntaze.tombstones.model import Identity
from tests.support.workspaces import Workspace

Connection = psycopg.Connection[Any]

PLENTY = 10_000.0
FANS = """
SELECT id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency, subscription_status,
    last_seen_at, last_message_at, do_not_contact, notes, metadata, deleted_at, created_at, updated_at, name_key,
    handle_key, seen_key::text, search_text, merged_into, erased_at, subscription_at, valued_at
FROM fans WHERE workspace_id = %s ORDER BY id
"""
THEIR_OWN = frozenset({"id", "created_at", "updated_at", "valued_at", "merged_into"})  # nobody else's are the same
ROWS = """
SELECT number, action, about, reason, fan_id IS NOT NULL, version IS NOT NULL, changes, before, platform, platform_id,
    handle, name, email, spent_cents, currency, cells, outcome, version_left IS NOT NULL
FROM import_rows WHERE workspace_id = %s AND import_id = %s ORDER BY number
"""


@dataclass
class KeptFiles:
    """A bucket in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    origin = "https://files.example"

    def put(self, key: str, content: bytes) -> None:
        self.kept[key] = content

    def upload(self, key: str, largest: int, seconds: int) -> Upload:
        return Upload("https://files.example", {"key": key, "largest": str(largest), "seconds": str(seconds)})

    def size(self, key: str) -> int | None:
        return len(self.kept[key]) if key in self.kept else None

    def reading(self, key: str) -> Source:
        return Held(self.kept[key])

    @contextmanager
    def writing(self, key: str) -> Iterator[StringIO]:
        file = StringIO()
        yield file
        self.kept[key] = file.getvalue().encode()

    def link(self, key: str, file_name: str, seconds: int) -> str:
        return f"https://files.example/{key}?as={file_name}&for={seconds}"

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.kept.pop(key, None)


@dataclass
class KeptTickets:
    """A queue in memory."""

    waiting: list[Ticket] = field(default_factory=list)

    def put(self, ticket: Ticket) -> None:
        self.waiting.append(ticket)


class Importing:
    """One person who imports, and the worker."""

    def __init__(self, parts: wiring.Wiring, who: Principal) -> None:
        made = vars(parts)  # somebody else's of the same process, if there is one
        self.files: KeptFiles = made.setdefault("import_files", KeptFiles())
        self.tickets: KeptTickets = made.setdefault("import_queue", KeptTickets())
        self.parts = parts
        self.who = who

    def uploaded(self, text: str | bytes, choices: Choices | None = None, **chosen: object) -> Import:
        """A file that has been uploaded, of which nobody has heard yet."""
        content = text.encode() if isinstance(text, str) else text
        asked = choices or replace(Choices(), **chosen)  # type: ignore[arg-type]
        begun, upload = self.parts.imports.begin(self.who, "fans.csv", len(content), asked)
        self.files.kept[upload.fields["key"]] = content
        self.tickets.put(Ticket(self.who.workspace_id, begun.id))
        return begun

    def work(self, seconds_left: float = PLENTY) -> None:
        """Do all that waits in the queue, and what that brings."""
        while self.tickets.waiting:
            self.parts.import_worker.receive(self.tickets.waiting.pop(0).body(), lambda: seconds_left)

    def planned(self, text: str | bytes, **chosen: object) -> Import:
        """A file that has been uploaded and planned."""
        begun = self.uploaded(text, **chosen)
        self.work()
        return self.now(begun)

    def committed(self, text: str | bytes, **chosen: object) -> Import:
        """A file that has been uploaded, planned and committed."""
        return self.commit(self.planned(text, **chosen))

    def commit(self, planned: Import) -> Import:
        """Let it be done."""
        assert planned.plan_hash is not None, planned
        self.parts.imports.commit(self.who, planned.id, planned.plan_hash)
        self.work()
        done = self.now(planned)
        assert done.status is Status.COMMITTED
        return done

    def undo(self, committed: Import) -> Import:
        """Take it back."""
        self.parts.imports.undo(self.who, committed.id)
        self.work()
        return self.now(committed)

    def now(self, of: Import | UUID) -> Import:
        """How it stands."""
        return self.parts.imports.of(self.who, of if isinstance(of, UUID) else of.id)

    @staticmethod
    def choices() -> Choices:
        """As somebody who chooses nothing."""
        return Choices()

    @staticmethod
    def identity(**names: str | None) -> Identity:
        """What names a person."""
        return Identity(**names)  # type: ignore[arg-type]  # the platform is always there


def fans_of(superuser: Connection, workspace: Workspace, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """All fans of a workspace as they are, whole."""
    return _fans_in(superuser, workspace.id, without)


def everybody(superuser: Connection, workspace_id: UUID) -> list[str]:
    """All fans, but for what is each workspace's own: two that are alike have the same."""
    return sorted(str(sorted(fan.items(), key=str)) for fan in _fans_in(superuser, workspace_id, THEIR_OWN))


def rows_of(superuser: Connection, workspace_id: UUID, of: Import) -> list[tuple[Any, ...]]:
    """The rows of an import: what was planned for each, and what came of it."""
    return superuser.execute(ROWS, [workspace_id, of.id]).fetchall()


def _fans_in(superuser: Connection, workspace_id: UUID, without: Collection[str]) -> list[dict[str, Any]]:
    with superuser.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(FANS, [workspace_id]).fetchall()
    return [{name: value for name, value in fan.items() if name not in without} for fan in found]


def csv(header: str, *rows: str) -> str:
    """A file."""
    return "\n".join((header, *rows, ""))


OVERWRITE = {"policy": Policy.OVERWRITE}
FILL = {"policy": Policy.FILL}
