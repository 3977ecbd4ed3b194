"""What the pages of connections receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huntaze.connections.model import CONNECTABLE, Connection, ConnectionState, Health
from huntaze.fans.model import Platform
from huntaze.web.settings import Around
from huntaze.web.views import Says

if TYPE_CHECKING:
    from huntaze.web.imports_views import ImportRow

PATH = "/platforms/connect"
# What a machine writes down when it lets an account wait, and what that means to a creator.
_HELD = {"too_fast": "connections.held.too_fast"}
_PAUSED = {"forbidden": "connections.paused.forbidden"}


def why_paused(reason: str) -> Says:
    """What a person, or a machine, said when it was paused."""
    return Says(_PAUSED.get(reason, "connections.paused.why"), {"reason": reason})


def why_held(reason: str | None) -> Says:
    """Why a machine lets it wait."""
    return Says(_HELD.get(reason or "", "connections.held.no_answer"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A platform, and how its account is, if one is connected."""

    platform: Platform
    state: ConnectionState | None = None

    @property
    def href(self) -> str:
        """Where it is."""
        return f"{PATH}/{self.platform}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionsPage:
    """One platform: its account, or how to connect one. `failed` is the form that something is wrong with."""

    around: Around
    platform: Platform
    tabs: tuple[Tab, ...]
    health: Health | None = None
    last: Health | None = None  # what was connected here before
    may_manage: bool = False
    consent_by: str = ""
    notice: tuple[str, ...] = ()
    notice_version: str = ""
    email: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    failed: str = ""
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None
    imports: "tuple[ImportRow, ...] | None" = None  # the latest; nothing for who may not import

    @property
    def path(self) -> str:
        """Where this page is."""
        return f"{PATH}/{self.platform}"

    @property
    def can_connect(self) -> bool:
        """Whether this platform can be connected at all."""
        return self.platform in CONNECTABLE

    @property
    def connection(self) -> Connection | None:
        """The account, if one is connected."""
        return self.health.connection if self.health else None

    @property
    def banner(self) -> Says | None:
        """What keeps the account from sending, in a creator's words."""
        if self.health is None:
            return None
        connection = self.health.connection
        match self.health.state:
            case ConnectionState.PAUSED if connection.pause:
                return why_paused(connection.pause.reason)
            case ConnectionState.HELD if connection.hold:
                return why_held(connection.hold.reason)
            case ConnectionState.EXPIRED:
                return Says("connections.expired.text")
        return None
