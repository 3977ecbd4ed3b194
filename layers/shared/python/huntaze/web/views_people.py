"""What the pages about people receive: the team, invitations, and one's own sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.members.model import Role
from huntaze.team.model import Invitation, Member, MemberStatus
from huntaze.web.views import Says

if TYPE_CHECKING:
    from huntaze.web.settings import Around


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """The code of the second factor, after a right password."""

    email: str
    problems: Mapping[str, Says] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsPage:
    """The invitations that wait for the reader."""

    invitations: tuple[Invitation, ...]
    problem: Says | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A member in the list, and what the reader may do about them."""

    member: Member
    is_you: bool
    ended: bool
    only_owner: bool
    may_change: bool

    @property
    def id(self) -> UUID:
        """Which member."""
        return self.member.id

    @property
    def is_invited(self) -> bool:
        """Whether they have yet to accept."""
        return self.member.status is MemberStatus.INVITED

    @property
    def until(self) -> datetime | None:
        """Until when their invitation can be accepted."""
        return self.member.invited_until


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """The team; `typed` is the form of an invitation that was not taken."""

    around: "Around"
    rows: tuple[MemberRow, ...]
    more: str | None = None
    may_manage: bool = False
    roles: tuple[Role, ...] = tuple(Role)
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPage:
    """One's own sign-in. `failed` is the form that something is wrong with."""

    around: "Around"
    second_factor: bool
    shortest: int
    only_owner: bool
    failed: str = ""
    problem: Says | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPage:
    """A secret on its way into an authenticator app."""

    around: "Around"
    secret: str = field(repr=False)
    link: str = field(repr=False)
    picture: str = field(repr=False)
    problems: Mapping[str, Says] = field(default_factory=dict)
