"""What APIs need of the process that they run in."""

from typing import Protocol

from huntaze.clock import Clock
from huntaze.idempotency.service import Idempotency
from huntaze.limits.service import RequestLimit
from huntaze.members.service import Members
from huntaze.runtime.settings import Settings


class Parts(Protocol):
    """What every API needs of the process it runs in."""

    @property
    def settings(self) -> Settings:
        """What the environment says."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def members(self) -> Members:
        """Who works where."""
        ...

    @property
    def request_limit(self) -> RequestLimit:
        """Counts what people ask."""
        ...

    @property
    def idempotency(self) -> Idempotency:
        """Does keyed requests once."""
        ...
