"""The API in this process on real PostgreSQL: who calls it, and what the whole database holds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from huntaze import wiring
from huntaze.connections.vault import Vault
from huntaze.cursors import Bookmarks, Cursors, Position
from huntaze.members.model import Role
from huntaze.platforms.model import Credentials
from huntaze.runtime.postgres import Postgres
from tests.access.inputs import Input
from tests.access.operations import Operation
from tests.access.seeds import HASH_OF_THE_PLAN
from tests.support.fake_connections import FakeKeys
from tests.support.functions import CLAIMS, Answer, call
from tests.support.outgoing import campaign_under_way, message_in
from tests.support.workspaces import MAX, NOON, ZOE, Workspace, inside

Claims = Mapping[str, object] | None

NEVER_WAS = UUID("01900000-0000-7000-8000-00000000dead")
REMOVED = "a removed member"
REMOVED_HERE = "a removed member who works elsewhere"
OWNER_OF_BOTH = "an owner of both"
STRANGER = "a stranger"


@dataclass(frozen=True)
class Person:
    """Somebody in a workspace."""

    workspace: Workspace
    subject: str
    role: Role
    status: str = "active"


def people() -> Iterator[Person]:
    """Who is there beside the seeded members."""
    yield Person(ZOE, "machine", Role.MACHINE)
    yield Person(ZOE, REMOVED, Role.OWNER, "removed")
    yield Person(ZOE, REMOVED_HERE, Role.OWNER, "removed")
    yield Person(MAX, REMOVED_HERE, Role.OWNER)
    for workspace in (ZOE, MAX):
        yield Person(workspace, OWNER_OF_BOTH, Role.OWNER)
        yield Person(workspace, "colleague", Role.CHATTER)  # to whom things are done


def subject_of(name: str) -> str:
    """A subject as the user pool would give one: no blanks."""
    return name.replace(" ", "-")


def add_people(superuser: str) -> None:
    """Let them in, give every seeded member a subject of the user pool, and each workspace more to act on."""
    with psycopg.connect(superuser) as connection:
        connection.execute("UPDATE members SET subject = replace(subject, ' ', '-')")
        for person in people():
            connection.execute(
                "INSERT INTO members (workspace_id, id, subject, email, role, status, joined_at, removed_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    *(person.workspace.id, person.workspace.of(person.subject), subject_of(person.subject)),
                    *(f"{subject_of(person.subject)}@example.com", person.role, person.status, NOON),
                    NOON if person.status == "removed" else None,
                ],
            )
        for workspace in (ZOE, MAX):
            connection.execute(
                "INSERT INTO fans (workspace_id, id, name, platform) VALUES (%s, %s, 'Sam', 'onlyfans')",
                [workspace.id, workspace.of("second fan")],
            )
            connection.execute(
                "INSERT INTO drafts (workspace_id, id, conversation_id, fan_id, account_id, author, text, dismissed_at)"
                " VALUES (%s, %s, %s, %s, %s, 'machine', 'Never mind', now())",
                [workspace.id, *map(workspace.of, ("a dismissed draft", "conversation", "fan", "account"))],
            )
            with inside(connection, workspace):
                for status in ("queued", "failed", "unknown"):
                    message_in(connection, workspace, status)
                for status in ("launched", "paused"):
                    campaign_under_way(connection, workspace, f"a {status} campaign", paused=status == "paused")


def add_imports(superuser: str) -> None:
    """Give each workspace an import that waits to be committed, and one that can be undone."""
    with psycopg.connect(superuser) as connection:
        for workspace in (ZOE, MAX):
            for status in ("planned", "committed"):
                import_id = workspace.of(f"a {status} import")
                key = f"imports/{workspace.id}/{import_id}/file.csv"
                connection.execute(
                    "INSERT INTO imports (workspace_id, id, requested_by, file_name, file_bytes, object_key, plan,"
                    " plan_hash, status, committed_at) VALUES (%s, %s, %s, 'fans.csv', 100, %s, 1, %s, %s, %s)",
                    [
                        *(workspace.id, import_id, workspace.of("owner"), key),
                        *(HASH_OF_THE_PLAN, status, datetime.now(UTC) if status == "committed" else None),
                    ],
                )


def add_accounts(superuser: str) -> None:
    """Give each workspace what opens its account, and another one whose login has ended while it was paused."""
    vault = Vault(FakeKeys())
    with psycopg.connect(superuser) as connection:
        for workspace in (ZOE, MAX):
            account = workspace.of("account")
            sealed = vault.seal(workspace.id, account, Credentials(f"creator {workspace.id}", "whsec_c2VjcmV0"))
            connection.execute(
                "UPDATE platform_connections SET bridge_url = 'https://bridge.example.com', credentials = %s,"
                " capabilities = '{send,find}'"
                " WHERE id = %s",
                [sealed, account],
            )
            had_it_all_along = "UPDATE platform_connections SET bridge_since = '-infinity' WHERE id = %s"
            connection.execute(had_it_all_along, [account])
            connection.execute(
                "INSERT INTO platform_connections (workspace_id, id, platform, platform_user_id, status, paused_at,"
                " pause_reason, consent_by, consent_at, consent_notice)"
                " VALUES (%s, %s, 'fansly', %s, 'expired', %s, 'On holiday', %s, %s, '2026-01')",
                [
                    *(workspace.id, workspace.of("expired account"), f"expired-{workspace.id}", NOON),
                    *(workspace.of("owner"), NOON),
                ],
            )


class WatchedCursors(Cursors):
    """Remembers which list a handler asked for, so that another workspace's cursor of the same list can be made."""

    asked: tuple[object, ...] = ()

    def of(self, workspace_id: UUID, *question: object) -> Bookmarks:
        self.asked = question
        return super().of(workspace_id, *question)

    def of_another(self, workspace: Workspace) -> str:
        cursor = super().of(workspace.id, *self.asked).cursor(Position("0", workspace.of("fan")))
        assert cursor is not None
        return cursor


@dataclass
class Stage:
    """The process, and the database seen past every rule."""

    parts: wiring.Wiring
    superuser: psycopg.Connection[Any]
    cursors: WatchedCursors

    def ask(self, operation: Operation, said: Input, claims: Claims, workspace: str | None = str(ZOE.id)) -> Answer:
        """Send one request through the handler."""
        headers = {"content-type": said.content_type} | ({} if workspace is None else {"x-workspace": workspace})
        return call(
            operation.function,
            operation.method,
            said.path,
            query=said.query,
            body=said.body,
            headers=headers,
            claims=claims,
        )

    def content(self) -> dict[str, str]:
        """A checksum of every table."""
        statement = sql.SQL(" UNION ALL ").join(
            sql.SQL(
                "SELECT {name}, md5(coalesce(string_agg(row::text, ' ' ORDER BY row::text), '')) FROM {table} row"
            ).format(name=sql.Literal(name), table=sql.Identifier(name))
            for name in self._tables()
        )
        return dict(self.superuser.execute(statement).fetchall())

    def _tables(self) -> list[str]:
        found = self.superuser.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        return sorted(name for (name,) in found)

    @contextmanager
    def taking_everything_back(self) -> Iterator[None]:
        """Requests inside are parts of one transaction that never commits."""
        real = self.parts.postgres
        held = _Held(real)
        # The unit of work keeps the database it was made with.
        self.parts.postgres, self.parts.unit_of_work._postgres = held, held  # noqa: SLF001
        try:
            with held.whole():
                yield
        finally:
            self.parts.postgres, self.parts.unit_of_work._postgres = real, real  # noqa: SLF001


class _Held(Postgres):
    """The same connection, in one transaction of which each other one becomes a part."""

    def __init__(self, real: Postgres) -> None:
        self._real = real

    @contextmanager
    def whole(self) -> Iterator[None]:
        self._held = self._real._on_a_live_connection(lambda connection: connection)  # noqa: SLF001
        self._held.execute("BEGIN")
        try:
            yield
        finally:
            self._held.execute("ROLLBACK")

    @contextmanager
    def _transaction(self, context: Any, values: Any) -> Iterator[Any]:
        with self._held.transaction():
            self._held.execute(context, values)
            yield self._held
            self._held.execute("SELECT set_config('huntaze.workspace_id', '', true)")

    def look_up(self, query: Any, parameters: Any) -> Any:
        return self._held.execute(query, parameters).fetchall()


def token(subject: str, **changed: object) -> Claims:
    """What the gateway found in somebody's token."""
    return {**CLAIMS, "sub": subject_of(subject), **changed}


def member(role: Role) -> Claims:
    """The token of the seeded member with this role."""
    return token("machine" if role is Role.MACHINE else f"{role} of {ZOE.id}")
