"""The composition root: what this process is made of, each part made when it is first asked for."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.clock import Clock, SystemClock
from huntaze.runtime.settings import Held, Settings

if TYPE_CHECKING:
    from psycopg import Connection

    from huntaze.delivery.hold import HeldDelivery
    from huntaze.fans.service import Fans, FanStore
    from huntaze.members.model import Principal
    from huntaze.members.service import Members
    from huntaze.runtime.postgres import Postgres, Row
    from huntaze.runtime.queues import Queues
    from huntaze.runtime.secrets import Secrets

_log = logging.getLogger(__name__)


class Stores:
    """The stores of one workspace inside one transaction."""

    def __init__(self, connection: "Connection[Row]", workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    @cached_property
    def fans(self) -> "FanStore":
        """The fans of the workspace."""
        from huntaze.fans.store import PostgresFans

        return PostgresFans(self._connection, self._workspace_id)


class Wiring:
    """The parts of one process; a test puts another part in the place of one by assigning it."""

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

    @contextmanager
    def in_workspace(self, who: "Principal") -> Iterator[Stores]:
        """One transaction in the caller's workspace."""
        with self.postgres.transaction(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)

    @cached_property
    def members(self) -> "Members":
        """Who works where."""
        from huntaze.members.service import Members
        from huntaze.members.store import MembershipStore

        return Members(MembershipStore(self.postgres.look_up))

    @cached_property
    def fans(self) -> "Fans":
        """The use cases around fans."""
        from huntaze.fans.service import Fans
        from huntaze.ids import new_id

        return Fans(self.in_workspace, self.clock, new_id)

    @cached_property
    def delivery(self) -> "HeldDelivery":
        """What becomes of permits. Nothing sends yet, so they wait also when nothing else holds them."""
        from huntaze.delivery.hold import HeldDelivery
        from huntaze.delivery.queue import SqsPermits

        wanted = self.settings.delivery
        reason = wanted.reason if isinstance(wanted, Held) else "This version does not send."
        for name in wanted.missing if isinstance(wanted, Held) else ():
            _log.warning("The setting %s is missing: nothing is sent.", name)
        return HeldDelivery(SqsPermits(self.queues), reason)

    def migrate(self) -> list[str]:
        """Bring the database up to date; the names of the migrations that were applied."""
        from huntaze.migrations.runner import migrate
        from huntaze.runtime.conninfo import conninfo, password

        admin = conninfo(self.secrets.value(self.settings.migrator_database_url))
        applied = migrate(admin, password(self.secrets.value(self.settings.database_url)))
        _log.info("migrated", extra={"migrations": applied})
        return applied


@cache
def current() -> Wiring:
    """The wiring of this process."""
    return Wiring(os.environ)
