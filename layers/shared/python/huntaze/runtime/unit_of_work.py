"""Transactions of one process: each its own, or parts of a whole that is open around them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.runtime.postgres import Postgres

if TYPE_CHECKING:
    from psycopg import Connection

    from huntaze.runtime.postgres import Row


class UnitOfWork:
    """Opens transactions; while a whole is open, a part that fails takes back itself and leaves the rest."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._open: tuple[Connection[Row], UUID, UUID | None] | None = None
        self._afterwards: list[Callable[[], None]] = []

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once all that is open has been committed, and not at all if it is not; at once if nothing is."""
        if self._open is None:
            act()
        else:
            self._afterwards.append(act)

    @contextmanager
    def whole(self, workspace_id: UUID, actor: UUID | None = None) -> "Iterator[Connection[Row]]":
        """A transaction that others, opened meanwhile, become parts of; only its own end commits them."""
        with self._postgres.transaction(workspace_id, actor) as connection:
            self._open = connection, workspace_id, actor
            self._afterwards = []
            try:
                yield connection
            finally:
                self._open = None
        for act in self._afterwards:
            act()

    @contextmanager
    def transaction(self, workspace_id: UUID, actor: UUID | None = None) -> "Iterator[Connection[Row]]":
        """All or nothing, by itself or as a part of the whole."""
        if self._open is None:
            with self._postgres.transaction(workspace_id, actor) as connection:
                yield connection
            return
        connection, whose, by = self._open
        if (whose, by) != (workspace_id, actor):
            raise RuntimeError("A part of a transaction belongs to the workspace and the member of the whole.")
        with connection.transaction():  # inside another one, this is a savepoint
            yield connection
