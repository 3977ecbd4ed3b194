"""The parts around messages on their way."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.wiring.connections import ConnectionParts
from huntaze.wiring.inbox import InboxParts

if TYPE_CHECKING:
    from huntaze.delivery.dead_letters import SqsPermitQueue
    from huntaze.delivery.redriving import Redriving
    from huntaze.idempotency.service import Idempotency
    from huntaze.members.model import Principal
    from huntaze.monitoring.bridges import LiveLook
    from huntaze.monitoring.probe import RedisProbe
    from huntaze.monitoring.service import Monitoring
    from huntaze.outgoing.gauging import Gauging
    from huntaze.outgoing.rewording import Reworder
    from huntaze.outgoing.service import Outgoing
    from huntaze.outgoing.watching import Watching
    from huntaze.platforms.service import Platform
    from huntaze.wiring.monitoring import OwnWay

# Seconds that a bridge has for who only looks; it is waited for somewhat shorter (monitoring/service.py).
_AT_A_GLANCE = 1.5


class OutgoingParts(InboxParts, ConnectionParts):
    """What people do with messages on their way; they are let out by the inbox's own way."""

    @cached_property
    def outgoing(self) -> "Outgoing":
        """What people do with messages on their way."""
        from huntaze.outgoing.service import Outgoing

        return Outgoing(
            self.in_workspace,
            self.as_a_whole,
            self.messages,
            self.waking.wake,
            self.gate.must_be_open,
            clock=self.clock,
        )

    @cached_property
    def rewording(self) -> "Reworder":
        """Saying it otherwise while it waits."""
        from huntaze.outgoing.rewording import Reworder

        return Reworder(self.in_workspace, self.waking.wake, self.gate.must_be_open, clock=self.clock)

    @cached_property
    def idempotency(self) -> "Idempotency":
        """Does keyed requests once."""
        from huntaze.idempotency.service import Idempotency

        return Idempotency(self.as_a_whole, self.clock, self._send_after_all)

    def _send_after_all(self, who: "Principal", message_id: UUID) -> None:
        self.outgoing.revive(who, message_id)  # made only now: few keyed requests need it

    @cached_property
    def watching(self) -> "Watching":
        """How sending goes."""
        from huntaze.outgoing.watching import Watching

        paces = self.pace if self.settings.cache else None
        return Watching(self.in_workspace, self.permit_queue, paces, held=self.gate.held, clock=self.clock)

    @cached_property
    def permit_queue(self) -> "SqsPermitQueue":
        """The queue of permits and its dead letters, for those who look after them."""
        from huntaze.delivery.dead_letters import SqsPermitQueue
        from huntaze.runtime.queue_care import QueueCare

        settings = self.settings
        return SqsPermitQueue(QueueCare(), settings.permits_queue_url, settings.dead_letters_url)

    @cached_property
    def gauging(self) -> "Gauging":
        """Measures what nobody should wait for."""
        from huntaze.outgoing.gauging import Gauging
        from huntaze.outgoing.store import EveryOutgoing

        return Gauging(EveryOutgoing(self.postgres.look_up), self.permit_queue, self.measures)

    @cached_property
    def redriving(self) -> "Redriving":
        """Puts dead letters back."""
        import time

        from huntaze.delivery.redriving import Redriving

        return Redriving(self.in_workspace, self.permit_queue, self.gate.must_be_open, time.monotonic)

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

        bridge = Bridge(self.guarded_http, patience=_AT_A_GLANCE)

        def platform(name: str) -> "Platform":
            must_send(name)
            return bridge

        return LiveLook(self.doors, platform)

    def _own_way(self) -> "OwnWay":
        from huntaze.runtime.postgres import OF_A_GLANCE, Postgres
        from huntaze.wiring.monitoring import OwnWay

        return OwnWay(Postgres(lambda: self.settings.database_url, self.secrets, OF_A_GLANCE))
