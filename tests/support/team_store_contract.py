"""What every keeper of a team promises, the real one and the fake alike."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.errors import Conflict, NotFound
from huntaze.ids import new_id
from huntaze.members.model import Role
from huntaze.team.model import Member, MemberStatus, NewMember
from huntaze.team.service import TeamStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
UNTIL = NOON + timedelta(days=7)
PRESENT = (MemberStatus.INVITED, MemberStatus.ACTIVE)


class TeamStoreContract:
    """Subclasses give `team` and `owner_id`, its one active owner, who came before NOON."""

    @pytest.fixture
    def team(self) -> TeamStore:
        raise NotImplementedError

    @pytest.fixture
    def owner_id(self) -> UUID:
        raise NotImplementedError

    @pytest.fixture
    def tom(self, team: TeamStore, owner_id: UUID) -> Member:
        new = NewMember(email="Tom@Example.com", role=Role.CHATTER, display_name="Tom")
        return team.invite(new, new_id(), owner_id, NOON, UNTIL)

    def test_an_invitation_comes_back_as_it_went_in(self, team: TeamStore, owner_id: UUID, tom: Member) -> None:
        assert (tom.email, tom.name, tom.role, tom.status) == (
            "tom@example.com",
            "Tom",
            Role.CHATTER,
            MemberStatus.INVITED,
        )
        assert (tom.subject, tom.joined_at, tom.removed_at) == (None, None, None)
        assert (tom.invited_by, tom.invited_by_name, tom.invited_until) == (owner_id, team.get(owner_id).name, UNTIL)
        assert team.get(tom.id) == tom

    def test_an_address_has_one_place_whatever_its_letters(self, team: TeamStore, owner_id: UUID, tom: Member) -> None:
        assert tom.status is MemberStatus.INVITED
        with pytest.raises(Conflict):
            team.invite(NewMember(email="TOM@example.COM", role=Role.OWNER), new_id(), owner_id, NOON, UNTIL)

    def test_who_was_removed_comes_back_in_a_row_of_their_own(
        self, team: TeamStore, owner_id: UUID, tom: Member
    ) -> None:
        gone = team.remove(tom.id, NOON)
        assert (gone.status, gone.removed_at) == (MemberStatus.REMOVED, NOON)
        again = team.invite(NewMember(email=tom.email, role=Role.ANALYST), new_id(), owner_id, NOON, UNTIL)
        assert team.get(tom.id) == gone
        assert again.id != tom.id

    def test_pages_show_everybody_once_in_the_order_in_which_they_came(self, team: TeamStore, owner_id: UUID) -> None:
        came = [
            team.invite(
                NewMember(email=f"{number}@example.com", role=Role.CHATTER),
                new_id(),
                owner_id,
                NOON + timedelta(seconds=number // 3),
                UNTIL,
            )
            for number in range(7)
        ]
        seen: list[Member] = []
        while page := team.page(PRESENT, seen[-1].position if seen else None, 3):
            seen += page
        assert seen == [team.get(owner_id), *sorted(came, key=lambda one: (one.created_at, one.id))]

    def test_only_the_kinds_asked_for_are_listed(self, team: TeamStore, owner_id: UUID, tom: Member) -> None:
        assert list(team.page((MemberStatus.INVITED,), None, 9)) == [tom]
        gone = team.remove(tom.id, NOON)
        assert list(team.page(PRESENT, None, 9)) == [team.get(owner_id)]
        assert list(team.page((MemberStatus.REMOVED,), None, 9)) == [gone]

    def test_an_owner_who_is_only_invited_is_none_yet(self, team: TeamStore, owner_id: UUID, tom: Member) -> None:
        team.change_role(tom.id, Role.OWNER)
        assert not team.owner_besides(owner_id)
        team.join(tom.id, "tom", NOON)
        assert team.owner_besides(owner_id)

    def test_joining_needs_an_open_invitation_and_no_other_place(
        self, team: TeamStore, owner_id: UUID, tom: Member
    ) -> None:
        joined = team.join(tom.id, "tom", NOON)
        assert (joined.subject, joined.status, joined.joined_at) == ("tom", MemberStatus.ACTIVE, NOON)
        assert joined.updated_at > tom.updated_at
        with pytest.raises(NotFound):
            team.join(tom.id, "tom", NOON)
        other = team.invite(NewMember(email="tom@elsewhere.com", role=Role.CHATTER), new_id(), owner_id, NOON, UNTIL)
        with pytest.raises(Conflict):
            team.join(other.id, "tom", NOON)

    def test_only_an_open_invitation_is_renewed(self, team: TeamStore, tom: Member) -> None:
        later = UNTIL + timedelta(days=1)
        assert team.renew(tom.id, later).invited_until == later
        team.join(tom.id, "tom", NOON)
        with pytest.raises(NotFound):
            team.renew(tom.id, later)

    def test_what_is_removed_changes_no_more(self, team: TeamStore, tom: Member) -> None:
        team.remove(tom.id, NOON)
        with pytest.raises(NotFound):
            team.change_role(tom.id, Role.OWNER)
        with pytest.raises(NotFound):
            team.remove(tom.id, NOON)
        with pytest.raises(NotFound):
            team.join(tom.id, "tom", NOON)

    def test_an_id_that_never_was_is_not_found(self, team: TeamStore) -> None:
        with pytest.raises(NotFound):
            team.get(new_id())
