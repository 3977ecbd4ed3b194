"""Transactions of one process: each its own, or parts of a whole that is open around them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from huntaze.runtime.postgres import Postgres

if TYPE_CHECKING:
    from psycopg import Connection

    from huntaze.runtime.postgres import Row

Act = Callable[[list[Any]], None]


class UnitOfWork:
    """Opens transactions; while a whole is open, a part that fails takes back itself and leaves the rest."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._open: tuple[Connection[Row], UUID, UUID | None] | None = None
        self._all_fail = False  # whether a part that fails takes everything with it
        self._afterwards: dict[Act, list[Any]] | None = None

    def afterwards(self, act: Act, item: object) -> None:
        """Do this once what is open is committed, with all that was handed in by then; not at all if it is not.

        Where nothing is open everything has been committed, and it is done at once.
        """
        if self._afterwards is None:
            act([item])
        else:
            self._afterwards.setdefault(act, []).append(item)

    @contextmanager
    def whole(self, workspace_id: UUID, actor: UUID | None = None) -> "Iterator[Connection[Row]]":
        """A transaction that others, opened meanwhile, become parts of; only its own end commits them."""
        with self._followed(workspace_id, actor) as connection:
            self._open = connection, workspace_id, actor
            try:
                yield connection
            finally:
                self._open = None

    @contextmanager
    def one(self, workspace_id: UUID, actor: UUID | None = None) -> Iterator[None]:
        """A transaction that others become parts of and fail with: what reads much saves beginning and ending each."""
        if self._open is not None:
            yield
            return
        with self.whole(workspace_id, actor):
            self._all_fail = True
            try:
                yield
            finally:
                self._all_fail = False

    @contextmanager
    def transaction(self, workspace_id: UUID, actor: UUID | None = None) -> "Iterator[Connection[Row]]":
        """All or nothing, by itself or as a part of the whole."""
        if self._open is None:
            with self._followed(workspace_id, actor) as connection:
                yield connection
            return
        connection, whose, by = self._open
        if (whose, by) != (workspace_id, actor):
            raise RuntimeError("A part of a transaction belongs to the workspace and the member of the whole.")
        if self._all_fail:
            yield connection
            return
        with self._as_it_was(), connection.transaction():  # inside another one, this is a savepoint
            yield connection

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """What is to follow a part that fails is taken back with it."""
        before = {act: list(items) for act, items in (self._afterwards or {}).items()}
        try:
            yield
        except BaseException:
            if self._afterwards is not None:
                self._afterwards.clear()
                self._afterwards.update(before)
            raise

    @contextmanager
    def _followed(self, workspace_id: UUID, actor: UUID | None) -> "Iterator[Connection[Row]]":
        with self._postgres.transaction(workspace_id, actor) as connection:
            following: dict[Act, list[Any]] = {}
            self._afterwards = following
            try:
                yield connection
            finally:
                self._afterwards = None
        for act, items in following.items():
            act(items)
