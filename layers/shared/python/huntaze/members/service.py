"""From a proven person to a principal: a person in one of their workspaces."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from huntaze.errors import Forbidden, NotFound
from huntaze.members.model import Membership, Principal


class Memberships(Protocol):
    """Where active memberships are known, across workspaces."""

    def of(self, subject: str) -> Sequence[Membership]:
        """All of one person's, the oldest first."""
        ...


class Members:
    """The use cases around who works where."""

    def __init__(self, memberships: Memberships) -> None:
        self._memberships = memberships

    def principal_for(self, subject: str, wanted_workspace: UUID | None) -> Principal:
        """The person in the workspace they want, or in their oldest when they do not say."""
        memberships = self._memberships.of(subject)
        if not memberships:
            raise Forbidden("You are signed in, but not a member of any workspace. Ask an owner to invite you.")
        membership = _chosen(memberships, wanted_workspace)
        return Principal(subject, membership.workspace_id, membership.member_id, membership.role)


def _chosen(memberships: Sequence[Membership], wanted: UUID | None) -> Membership:
    if wanted is None:
        return memberships[0]
    for membership in memberships:
        if membership.workspace_id == wanted:
            return membership
    raise NotFound
