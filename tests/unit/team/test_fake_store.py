from uuid import UUID

import pytest

from tests.support.fake_team import FakeTeam, a_member
from tests.support.team_store_contract import TeamStoreContract


class TestFakeTeam(TeamStoreContract):
    @pytest.fixture
    def team(self) -> FakeTeam:
        return FakeTeam()

    @pytest.fixture
    def owner_id(self, team: FakeTeam) -> UUID:
        owner = a_member()
        team.kept[owner.id] = owner
        return owner.id
