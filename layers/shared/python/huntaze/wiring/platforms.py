"""The parts that speak with platforms."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.platforms.service import Platform
    from huntaze.runtime.guarded_http import GuardedHttp


class PlatformParts(Machinery):
    """How platforms are reached."""

    def platform(self, name: str) -> "Platform":
        """The platform of this name; a Conflict in a creator's words when nothing can be sent there."""
        from huntaze.platforms.silent import must_send

        must_send(name)
        return self._bridge

    @cached_property
    def guarded_http(self) -> "GuardedHttp":
        """How a place is asked that somebody else chose."""
        from huntaze.runtime.guarded_http import GuardedHttp
        from huntaze.runtime.guarded_network import GuardedNetwork

        # Said, not assumed: a function whose stage nobody has set keeps out of private networks.
        return GuardedHttp(GuardedNetwork(private=self._environment.get("STAGE") == "local"))

    @cached_property
    def _bridge(self) -> "Platform":
        from huntaze.platforms.bridge import Bridge

        return Bridge(self.guarded_http)
