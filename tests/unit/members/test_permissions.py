import pytest

from huntaze.errors import Forbidden
from huntaze.members.model import ALLOWED, Permission, Role
from tests.support.people import principal

EVERYTHING = set(Permission)

# The table of the contract, once more and by hand: what is not in a row is forbidden to it.
EXPECTED = {
    Role.OWNER: EVERYTHING,
    Role.MANAGER: {
        Permission.READ_TEAM,
        Permission.READ_AUDIT,
        Permission.READ_FANS,
        Permission.WRITE_FANS,
        Permission.WRITE_NOTES,
        Permission.RUN_CAMPAIGNS,
        Permission.IMPORT,
        Permission.MANAGE_CONNECTIONS,
        Permission.CONFIGURE_WORKSPACE,
        Permission.READ_INBOX,
        Permission.WRITE_DRAFTS,
        Permission.APPROVE_REPLIES,
        Permission.APPROVE_ANYTHING,
        Permission.USE_QUICK_REPLIES,
        Permission.WRITE_QUICK_REPLIES,
        Permission.READ_ANALYTICS,
        Permission.OPERATE,
    },
    Role.CHATTER: {
        Permission.READ_INBOX,
        Permission.READ_FANS,
        Permission.WRITE_NOTES,
        Permission.WRITE_DRAFTS,
        Permission.APPROVE_REPLIES,
        Permission.USE_QUICK_REPLIES,
        Permission.WRITE_QUICK_REPLIES,
    },
    Role.ANALYST: {Permission.READ_ANALYTICS},
    Role.MACHINE: {Permission.READ_INBOX, Permission.WRITE_DRAFTS, Permission.USE_QUICK_REPLIES},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_each_role_may_exactly_what_the_contract_says(role: Role, permission: Permission) -> None:
    who = principal(role)
    if permission in EXPECTED[role]:
        who.must(permission)
    else:
        with pytest.raises(Forbidden, match=permission.value):
            who.must(permission)


def test_no_role_is_without_a_row() -> None:
    assert set(ALLOWED) == set(Role)


def test_team_and_erasure_are_the_owners_alone() -> None:
    for permission in (Permission.MANAGE_TEAM, Permission.ERASE_PEOPLE):
        assert [role for role in Role if permission in ALLOWED[role]] == [Role.OWNER]
