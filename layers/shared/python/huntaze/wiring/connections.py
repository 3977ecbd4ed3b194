"""The parts around connected accounts."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.wiring.platforms import PlatformParts

if TYPE_CHECKING:
    from huntaze.connections.connecting import Connecting, Means
    from huntaze.connections.doors import Doors
    from huntaze.connections.service import Connections, Pacing, Sender, Surroundings
    from huntaze.connections.vault import Vault
    from huntaze.fans.model import Platform
    from huntaze.runtime.keys import Keys
    from huntaze.waitlist.service import Waitlist

LOCAL = "local"


class ConnectionParts(PlatformParts):
    """The use cases around the accounts that messages leave through."""

    @cached_property
    def keys(self) -> "Keys":
        """KMS."""
        from huntaze.runtime.keys import Keys

        return Keys(lambda: self.settings.connection_key)

    @cached_property
    def vault(self) -> "Vault":
        """Credentials under lock."""
        from huntaze.connections.vault import Vault

        return Vault(self.keys)

    @cached_property
    def doors(self) -> "Doors":
        """What opens accounts at their bridges."""
        from huntaze.connections.doors import Doors

        return Doors(self.in_workspace_as_machine, self.vault)

    @cached_property
    def connections(self) -> "Connections":
        """The use cases around accounts that are connected."""
        from huntaze.connections.service import Connections

        return Connections(self.in_workspace, self._around_connections)

    @cached_property
    def connecting(self) -> "Connecting":
        """The use cases that connect and disconnect them."""
        from huntaze.connections.connecting import Connecting

        return Connecting(self.in_workspace, self._around_connections, self._means_to_connect)

    @cached_property
    def waitlist(self) -> "Waitlist":
        """Who waits for a platform."""
        from huntaze.ids import new_id
        from huntaze.waitlist.service import Waitlist
        from huntaze.waitlist.store import PostgresWaitlist

        return Waitlist(PostgresWaitlist(self.postgres.look_up), self.attempts, self.clock, new_id)

    @cached_property
    def pacing(self) -> "Pacing":
        """Who knows what the pace has left. By themselves these parts keep none."""
        from huntaze.connections.service import NobodyKnows

        return NobodyKnows()

    @cached_property
    def sender(self) -> "Sender":
        """Who is told that an account may send again. By themselves these parts send nothing."""
        from huntaze.connections.service import NobodySends

        return NobodySends()

    @cached_property
    def _around_connections(self) -> "Surroundings":
        from huntaze.connections.service import Surroundings

        return Surroundings(
            bridge=self.platform,
            doors=self.doors,
            pacing=self.pacing,
            sender=self.sender,
            afterwards=self.afterwards,
            clock=self.clock,
            pace_is_free=self.settings.stage == LOCAL,
        )

    @cached_property
    def _means_to_connect(self) -> "Means":
        from huntaze.connections.connecting import Means, new_secret
        from huntaze.ids import new_id

        return Means(
            vault=self.vault,
            checked_address=self._checked_address,
            events_url=self._events_url,
            new_secret=new_secret,
            new_id=new_id,
        )

    def _checked_address(self, typed: str) -> str:
        from huntaze.addresses import checked_bridge_address

        return checked_bridge_address(typed, local=self.settings.stage == LOCAL)

    def _events_url(self, platform: "Platform", connection_id: UUID) -> str:
        return f"{self.settings.public_url}/api/webhooks/{platform}/{connection_id}"
