"""Memberships in PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import Any, LiteralString

from huntaze.members.model import Membership, Role

# The one question asked outside any workspace; the function behind it shows active memberships of this person only.
MEMBERSHIPS_OF = "SELECT workspace_id, workspace_name, member_id, role FROM memberships_of(%(subject)s)"

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class MembershipStore:
    """Reads who is a member of what."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def of(self, subject: str) -> list[Membership]:
        """All of one person's active memberships, the oldest first."""
        return [
            Membership(row["workspace_id"], row["workspace_name"], row["member_id"], Role(row["role"]))
            for row in self._look_up(MEMBERSHIPS_OF, {"subject": subject})
        ]
