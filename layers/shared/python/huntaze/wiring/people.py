"""The parts around the people who work here."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.audit.service import AuditLog
    from huntaze.members.service import Seats
    from huntaze.profiles.service import Profiles
    from huntaze.runtime.user_accounts import CognitoAccounts
    from huntaze.runtime.user_pool import CognitoPool
    from huntaze.security.service import Security
    from huntaze.sessions.service import Sessions
    from huntaze.sessions.store import PostgresSessions
    from huntaze.team.joining import Invitations
    from huntaze.team.service import Team
    from huntaze.workspaces.founding import Founding
    from huntaze.workspaces.service import Workspaces


class PeopleParts(Machinery):
    """The use cases around members and their sign-in."""

    @cached_property
    def seats(self) -> "Seats":
        """Where members sit."""
        from huntaze.members.service import Seats

        return Seats(self.in_workspace)

    @cached_property
    def team(self) -> "Team":
        """The use cases around the team."""
        from huntaze.ids import new_id
        from huntaze.team.service import Team

        return Team(self.in_workspace, self.accounts, self.attempts, clock=self.clock, new_id=new_id)

    @cached_property
    def invitations(self) -> "Invitations":
        """The use cases of who was invited."""
        from huntaze.members.store import MembershipStore
        from huntaze.team.joining import Invitations
        from huntaze.team.store import InvitationStore

        look_up = self.postgres.look_up
        return Invitations(InvitationStore(look_up), MembershipStore(look_up), self.in_workspace, self.clock)

    @cached_property
    def profiles(self) -> "Profiles":
        """The use cases around profiles."""
        from huntaze.profiles.service import Profiles

        return Profiles(self.in_workspace)

    @cached_property
    def workspaces(self) -> "Workspaces":
        """The use cases around the workspace itself."""
        from huntaze.workspaces.service import Workspaces

        return Workspaces(self.in_workspace)

    @cached_property
    def founding(self) -> "Founding":
        """The use case of an operator who founds a workspace."""
        from huntaze.workspaces.founding import Founding

        return Founding(self.in_workspace_as_machine, self.accounts, self.clock)

    @cached_property
    def audit_log(self) -> "AuditLog":
        """The use cases around what people did."""
        from huntaze.audit.service import AuditLog

        return AuditLog(self.in_workspace, self.clock)

    @cached_property
    def user_pool(self) -> "CognitoPool":
        """Where people prove who they are."""
        from huntaze.runtime.user_pool import CognitoPool

        return CognitoPool(self.settings.user_pool_id, self.settings.sign_in.client_id)

    @cached_property
    def accounts(self) -> "CognitoAccounts":
        """The accounts of those people."""
        from huntaze.runtime.user_accounts import CognitoAccounts

        return CognitoAccounts(self.settings.user_pool_id)

    @cached_property
    def security(self) -> "Security":
        """The use cases around one's own sign-in."""
        from huntaze.runtime.user_keys import CognitoKeys
        from huntaze.security.service import Security

        keys = CognitoKeys(self.settings.user_pool_id, self.settings.sign_in.client_id)
        return Security(keys, self.session_store, self.attempts)

    @cached_property
    def session_store(self) -> "PostgresSessions":
        """Where sessions are kept."""
        from huntaze.sessions.store import PostgresSessions

        return PostgresSessions(self.postgres.look_up, self.postgres.as_person)

    @cached_property
    def sessions(self) -> "Sessions":
        """The use cases around being signed in to the pages."""
        from secrets import token_urlsafe

        from huntaze.sessions.service import Sessions

        return Sessions(self.user_pool, self.session_store, self.attempts, self.clock, lambda: token_urlsafe(32))
