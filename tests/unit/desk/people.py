"""Whose desks they are: one workspace, and somebody in each role."""

from datetime import UTC, datetime

from huntaze.ids import new_id
from huntaze.members.model import Role
from tests.support.people import principal

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WORKSPACE = new_id()
OWNER, MANAGER, CHATTER, OTHER, ANALYST, MACHINE = (
    principal(role, WORKSPACE)
    for role in (Role.OWNER, Role.MANAGER, Role.CHATTER, Role.CHATTER, Role.ANALYST, Role.MACHINE)
)
