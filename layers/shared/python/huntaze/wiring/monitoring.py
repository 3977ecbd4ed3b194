"""The way to the database of who only looks. It is loaded when somebody does, which few processes ever see."""

from collections.abc import Iterator
from contextlib import contextmanager

from huntaze.members.model import Claimant, Principal
from huntaze.members.service import Members
from huntaze.members.store import MembershipStore
from huntaze.monitoring.looking import Looking, Seen
from huntaze.outgoing.store import EveryOutgoing
from huntaze.runtime.postgres import Postgres
from huntaze.stores import Stores


class OwnWay:
    """A way to the database for one look: nobody else waits on its connection, and none is kept."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        look_up = postgres.look_up
        self._looking = Looking(Members(MembershipStore(look_up)), EveryOutgoing(look_up), self._in_workspace)

    def look(self, whose: Claimant | Principal) -> Seen:
        """What the database says to this person."""
        try:
            return self._looking.look(whose)
        finally:
            self._postgres.close()

    def abandon(self) -> None:
        """Cut off a look that nobody waits for any more."""
        self._postgres.abandon()

    @contextmanager
    def _in_workspace(self, who: Principal) -> Iterator[Stores]:
        with self._postgres.transaction(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)
