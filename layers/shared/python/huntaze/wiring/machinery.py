"""What every part is made of: settings, connections, transactions, and who may ask how often."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.clock import Clock, SystemClock
from huntaze.errors import Misconfigured
from huntaze.runtime.settings import Held, Settings
from huntaze.stores import Stores

if TYPE_CHECKING:
    from huntaze.cursors import Cursors
    from huntaze.delivery.gate import Gate
    from huntaze.limits.service import RequestLimit
    from huntaze.measures import Measures
    from huntaze.members.model import Principal
    from huntaze.members.service import Members
    from huntaze.runtime.postgres import Postgres
    from huntaze.runtime.queues import Queues
    from huntaze.runtime.redis import Redis
    from huntaze.runtime.secrets import Secrets
    from huntaze.runtime.unit_of_work import Act, UnitOfWork
    from huntaze.sessions.service import CountedAttempts

_log = logging.getLogger(__name__)


class Machinery:
    """The parts that others are made of; a test puts another part in the place of one by assigning it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.clock: Clock = SystemClock()
        self._environment = environment

    @cached_property
    def settings(self) -> Settings:
        """What the environment says."""
        return Settings.from_environment(self._environment)

    @cached_property
    def secrets(self) -> "Secrets":
        """Secrets Manager."""
        from huntaze.runtime.secrets import Secrets

        return Secrets()

    @cached_property
    def postgres(self) -> "Postgres":
        """The database."""
        from huntaze.runtime.postgres import Postgres

        return Postgres(lambda: self.settings.database_url, self.secrets)

    @cached_property
    def queues(self) -> "Queues":
        """SQS."""
        from huntaze.runtime.queues import Queues

        return Queues()

    @cached_property
    def redis(self) -> "Redis":
        """Redis, for what may be lost."""
        from huntaze.runtime.redis import Redis

        return Redis(lambda: self.settings.cache, self.secrets)

    @cached_property
    def gate(self) -> "Gate":
        """Whether messages may be let out."""
        from huntaze.delivery.gate import Gate

        wanted = self.settings.delivery
        if not isinstance(wanted, Held):
            return Gate()
        for name in wanted.missing:
            _log.warning("The setting %s is missing: nothing is sent.", name)
        return Gate(wanted.reason)

    @cached_property
    def unit_of_work(self) -> "UnitOfWork":
        """The transactions of this process."""
        from huntaze.runtime.unit_of_work import UnitOfWork

        return UnitOfWork(self.postgres)

    @contextmanager
    def in_workspace(self, who: "Principal") -> Iterator[Stores]:
        """One transaction in the caller's workspace, or a part of the whole that is open."""
        with self.unit_of_work.transaction(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)

    def afterwards(self, act: "Act", item: object = None) -> None:
        """Do this once everything that is open has been committed, with all items that it was asked for by then."""
        self.unit_of_work.afterwards(act, item)

    @cached_property
    def measures(self) -> "Measures":
        """Where figures are taken down."""
        from huntaze.runtime.metrics import EmbeddedMetrics

        return EmbeddedMetrics(self.settings.metrics_namespace, self.settings.stage, self.clock)

    @contextmanager
    def as_a_whole(self, who: "Principal") -> Iterator[Stores]:
        """One transaction in the caller's workspace that all others opened meanwhile become parts of."""
        with self.unit_of_work.whole(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)

    @contextmanager
    def as_one(self, who: "Principal") -> Iterator[None]:
        """One transaction for all that a page reads; what fails in it fails the page."""
        with self.unit_of_work.one(who.workspace_id, who.member_id):
            yield

    @contextmanager
    def in_workspace_as_machine(self, workspace_id: UUID) -> Iterator[Stores]:
        """One transaction in a workspace in which no member acts."""
        with self.unit_of_work.transaction(workspace_id) as connection:
            yield Stores(connection, workspace_id)

    @cached_property
    def members(self) -> "Members":
        """Who works where."""
        from huntaze.members.service import Members
        from huntaze.members.store import MembershipStore

        return Members(MembershipStore(self.postgres.look_up))

    @cached_property
    def cursors(self) -> "Cursors":
        """Signs where pages begin."""
        from huntaze.cursors import Cursors

        return Cursors(self._cursor_key)

    @cached_property
    def request_limit(self) -> "RequestLimit":
        """Counts what people ask."""
        from huntaze.limits.counter import RedisCounter
        from huntaze.limits.service import OwnCounter, RequestLimit

        shared = RedisCounter(self.redis) if self.settings.cache else None
        return RequestLimit(self.settings.requests_per_minute, shared, OwnCounter(), spare_the_first=True)

    @cached_property
    def attempts(self) -> "CountedAttempts":
        """Counts what may not be tried for ever."""
        from huntaze.limits.counter import RedisCounter
        from huntaze.limits.service import OwnCounter
        from huntaze.sessions.service import CountedAttempts

        return CountedAttempts(RedisCounter(self.redis) if self.settings.cache else None, OwnCounter())

    def _cursor_key(self) -> bytes:
        """A key of its own, made from the one secret that every function with a list has: its database password."""
        import hmac

        from huntaze.runtime.conninfo import password

        login = password(self.secrets.value(self.settings.database_url))
        if not login:
            raise Misconfigured("DATABASE_URL has no password, and cursors are signed with a key made from it.")
        return hmac.digest(login.encode(), b"huntaze cursors 1", "sha256")
