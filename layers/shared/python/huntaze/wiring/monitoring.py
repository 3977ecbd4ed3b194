"""The parts that look whether everything is well, each with less patience than who works with it."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.stores import Stores
from huntaze.wiring.connections import ConnectionParts
from huntaze.wiring.outgoing import OutgoingParts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntaze.delivery.dead_letters import SqsPermitQueue
    from huntaze.members.model import Claimant, Principal
    from huntaze.monitoring.bridges import LiveLook
    from huntaze.monitoring.looking import Looking, Seen
    from huntaze.monitoring.probe import RedisProbe
    from huntaze.monitoring.service import Monitoring
    from huntaze.platforms.service import Platform
    from huntaze.runtime.postgres import Postgres

BRIDGE_SECONDS = 1.5


class OwnWay:
    """A way to the database for one look: nobody else waits on its connection, and none is kept."""

    def __init__(self, postgres: "Postgres") -> None:
        self._postgres = postgres

    def look(self, whose: "Claimant | Principal") -> "Seen":
        """What the database says to this person."""
        try:
            return self._looking().look(whose)
        finally:
            self._postgres.close()

    def abandon(self) -> None:
        """Cut off a look that nobody waits for any more."""
        self._postgres.abandon()

    def _looking(self) -> "Looking":
        from huntaze.members.service import Members
        from huntaze.members.store import MembershipStore
        from huntaze.monitoring.looking import Looking
        from huntaze.outgoing.store import EveryOutgoing

        look_up = self._postgres.look_up
        return Looking(Members(MembershipStore(look_up)), EveryOutgoing(look_up), self._in_workspace)

    @contextmanager
    def _in_workspace(self, who: "Principal") -> "Iterator[Stores]":
        with self._postgres.transaction(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)


class MonitoringParts(OutgoingParts, ConnectionParts):
    """How everything is."""

    @cached_property
    def monitoring(self) -> "Monitoring":
        """Who asks. What that needs is loaded here, so that each part's time is its own and not the interpreter's."""
        from huntaze.monitoring.service import Monitoring
        from huntaze.runtime.postgres import prepare

        prepare()
        return Monitoring(
            self._own_way,
            self.redis_at_a_glance,
            self.queue_at_a_glance,
            self.live_look,
            held=self.gate.held,
            clock=self.clock,
        )

    @cached_property
    def redis_at_a_glance(self) -> "RedisProbe":
        """Redis, on a connection that nobody else waits for."""
        from huntaze.monitoring.probe import RedisProbe
        from huntaze.runtime.redis import Redis

        redis = Redis(lambda: self.settings.cache, self.secrets)
        redis.prepare()
        return RedisProbe(redis)

    @cached_property
    def queue_at_a_glance(self) -> "SqsPermitQueue":
        """The queue of permits and its dead letters, by a client that waits for a second."""
        from huntaze.delivery.dead_letters import SqsPermitQueue
        from huntaze.runtime.queue_care import QueueCare

        care, settings = QueueCare(seconds=1), self.settings
        care.prepare()
        return SqsPermitQueue(care, settings.permits_queue_url, settings.dead_letters_url)

    @cached_property
    def live_look(self) -> "LiveLook":
        """Who looks at bridges."""
        from huntaze.monitoring.bridges import LiveLook
        from huntaze.platforms.bridge import Bridge
        from huntaze.platforms.silent import must_send

        bridge = Bridge(self.guarded_http, patience=BRIDGE_SECONDS)

        def platform(name: str) -> "Platform":
            must_send(name)
            return bridge

        return LiveLook(self.doors, platform)

    def _own_way(self) -> OwnWay:
        from huntaze.runtime.postgres import OF_A_GLANCE, Postgres

        return OwnWay(Postgres(lambda: self.settings.database_url, self.secrets, OF_A_GLANCE))
