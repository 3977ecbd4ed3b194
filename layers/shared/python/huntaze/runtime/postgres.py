"""One connection per process, opened when first needed, and transactions that belong to one workspace."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar
from uuid import UUID

from huntaze.errors import Unavailable
from huntaze.runtime.conninfo import conninfo
from huntaze.runtime.secrets import Secrets

if TYPE_CHECKING:
    from types import ModuleType

    from psycopg import Connection

# `true`: both end with the transaction, so that nothing is left on the connection for the next one.
SET_CONTEXT = (
    "SELECT set_config('huntaze.workspace_id', %(workspace_id)s, true), set_config('huntaze.actor_id', %(actor)s, true)"
)
SET_PERSON = "SELECT set_config('huntaze.subject', %(subject)s, true)"  # for what belongs to no workspace
_RETRY_AFTER = 5
_LIMITS = {
    "connect_timeout": "5",  # seconds; a request has time for one more attempt
    "tcp_user_timeout": "10000",  # milliseconds until a server that went silent counts as gone
    "options": "-c statement_timeout=10000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
    "application_name": "huntaze",
}
# For who only looks whether it is there. Two seconds to connect are the least that libpq knows.
OF_A_GLANCE = {
    "connect_timeout": "2",
    "tcp_user_timeout": "2000",
    "options": "-c statement_timeout=1500 -c idle_in_transaction_session_timeout=5000 -c timezone=UTC",
    "application_name": "huntaze monitoring",
}

Row = dict[str, Any]
Result = TypeVar("Result")


class Postgres:
    """The database as the application role sees it."""

    def __init__(
        self, setting: Callable[[], str], secrets: Secrets, limits: Mapping[str, str] = MappingProxyType(_LIMITS)
    ) -> None:
        self._setting = setting
        self._secrets = secrets
        self._limits = limits
        self._connection: Connection[Row] | None = None

    @contextmanager
    def transaction(self, workspace_id: UUID, actor: UUID | None = None) -> "Iterator[Connection[Row]]":
        """All or nothing, with the rows of this workspace and no others in sight; `actor` is the member who acts."""
        with self._transaction(SET_CONTEXT, {"workspace_id": str(workspace_id), "actor": str(actor or "")}) as begun:
            yield begun

    @contextmanager
    def as_person(self, subject: str) -> "Iterator[Connection[Row]]":
        """All or nothing, in no workspace: what belongs to this person is in sight."""
        with self._transaction(SET_PERSON, {"subject": subject}) as begun:
            yield begun

    @contextmanager
    def _transaction(self, context: LiteralString, values: Mapping[str, str]) -> "Iterator[Connection[Row]]":
        with _unavailable_when_away():
            connection = self._on_a_live_connection(lambda alive: _begin(alive, context, values))
            try:
                yield connection
                connection.commit()
            except BaseException:
                self._roll_back(connection)
                raise

    def look_up(self, query: LiteralString, parameters: Mapping[str, object]) -> list[Row]:
        """Read outside any workspace: row-level security hides every row, only narrow functions answer."""

        def read(connection: "Connection[Row]") -> list[Row]:
            return connection.execute(query, parameters).fetchall()

        with _unavailable_when_away():
            return self._on_a_live_connection(read)

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def abandon(self) -> None:
        """End what another thread waits for here: a server that hangs would keep it for ever."""
        import os  # noqa: PLC0415  (few processes ever abandon anything)
        import socket  # noqa: PLC0415  (the same)

        if self._connection is not None and not self._connection.closed:
            with suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)

    def _on_a_live_connection(self, first_step: "Callable[[Connection[Row]], Result]") -> Result:
        """Do the first step of something; once more on a new connection when the kept one turns out to be dead.

        Nothing has happened before a first step, so repeating it is safe.
        """
        kept = self._connection
        if kept is None or kept.closed:
            return first_step(self._connected())
        if kept.info.transaction_status:
            raise RuntimeError("A transaction is open already: hand its stores on instead of opening another.")
        try:
            return first_step(kept)
        except _driver().OperationalError:
            if not kept.closed:
                raise
            return first_step(self._connected())

    def _connected(self) -> "Connection[Row]":
        self._connection = _signed_in(self._logins(), self._limits)
        return self._connection

    def _logins(self) -> Iterator[str]:
        """What may open the database: what we know, what is in force by now, and what is about to be.

        A password changes in the database a moment before it is in force (`./dev rotate`): whoever connects in between,
        or after a change that was broken off there, gets in with the third.
        """
        setting = self._setting()
        yield self._secrets.value(setting)
        self._secrets.forget(setting)
        yield self._secrets.value(setting)
        if (login := self._secrets.next_value(setting)) is not None:
            yield login

    def _roll_back(self, connection: "Connection[Row]") -> None:
        with suppress(_driver().Error):
            connection.rollback()
            return
        self.close()


def prepare() -> None:
    """Load what asking needs, so that the time for an answer is spent on the answer."""
    from huntaze.runtime import results  # noqa: F401, PLC0415  (see _driver)

    _driver()


def _driver() -> "ModuleType":
    import psycopg  # noqa: PLC0415  (a cold start that needs no database must not pay for the driver)

    return psycopg


def _signed_in(logins: Iterator[str], limits: Mapping[str, str]) -> "Connection[Row]":
    """With the first of these that is not refused."""
    refused: BaseException | None = None
    for login in logins:
        try:
            return _connect(login, limits)
        except _driver().OperationalError as error:
            # libpq gives no SQLSTATE for a refused sign-in.
            if "authentication failed" not in str(error):
                raise
            refused = error
    raise refused or RuntimeError("There is no login.")


def _connect(setting: str, limits: Mapping[str, str]) -> "Connection[Row]":
    from huntaze.runtime import results  # noqa: PLC0415  (see _driver)

    connection: Connection[Row] = _driver().connect(
        conninfo(setting), autocommit=True, row_factory=results.named, cursor_factory=results.Whole, **limits
    )
    results.read_jsonb_as_written(connection)
    return connection


def _begin(connection: "Connection[Row]", context: LiteralString, values: Mapping[str, str]) -> "Connection[Row]":
    try:
        _tell(connection, "BEGIN; " + _driver().ClientCursor(connection).mogrify(context, values))  # one round trip
    except BaseException:
        connection.close()  # what cannot even begin is not worth keeping
        raise
    return connection


def _tell(connection: "Connection[Row]", statements: str) -> None:
    """Have something done by libpq's own call: every request waits for this, and a cursor would take twice as long."""
    driver = _driver()
    if connection.pgconn.exec_(statements.encode()).status != driver.pq.ExecStatus.TUPLES_OK:
        raise driver.OperationalError("A transaction could not begin.")


@contextmanager
def _unavailable_when_away() -> Iterator[None]:
    driver = _driver()
    try:
        yield
    except (driver.OperationalError, driver.InterfaceError) as error:
        raise Unavailable("The database cannot answer right now.", retry_after=_RETRY_AFTER) from error
