from uuid import UUID

import pytest

from huntaze.errors import Forbidden, NotFound
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.members.service import Members
from tests.support.fakes import FakeMemberships
from tests.support.people import membership

OLDEST, NEWEST = membership(Role.CHATTER), membership(Role.OWNER)
MEMBERS = Members(FakeMemberships({"zoe": [OLDEST, NEWEST], "max": [membership()]}))


def _principal(wanted: UUID | None) -> Principal:
    return MEMBERS.principal_for("zoe", wanted)


def test_without_a_wish_the_oldest_membership_counts() -> None:
    assert _principal(None) == Principal("zoe", OLDEST.workspace_id, OLDEST.member_id, Role.CHATTER)


@pytest.mark.parametrize("chosen", [OLDEST, NEWEST])
def test_the_wanted_workspace_brings_the_role_held_there(chosen: object) -> None:
    assert isinstance(chosen, type(OLDEST))
    assert _principal(chosen.workspace_id).role == chosen.role
    assert _principal(chosen.workspace_id).member_id == chosen.member_id


def test_a_workspace_of_others_is_as_absent_as_one_that_never_was() -> None:
    theirs = MEMBERS.principal_for("max", None).workspace_id
    with pytest.raises(NotFound) as others:
        _principal(theirs)
    with pytest.raises(NotFound) as never:
        _principal(new_id())
    assert others.value.detail == never.value.detail


@pytest.mark.parametrize("wanted", [None, OLDEST.workspace_id])
def test_who_is_a_member_nowhere_is_told_so(wanted: UUID | None) -> None:
    with pytest.raises(Forbidden, match="not a member of any workspace"):
        MEMBERS.principal_for("nobody", wanted)
