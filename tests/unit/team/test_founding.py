"""Founding a workspace: once, whatever happens in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.audit.model import Action
from huntaze.clock import FixedClock
from huntaze.errors import Conflict
from huntaze.members.model import Role
from huntaze.team.model import INVITATION_LASTS, Mail, MemberStatus
from huntaze.workspaces.founding import Founding
from huntaze.workspaces.model import NewWorkspace
from tests.support.fake_team import FakeAccounts
from tests.support.fakes import FakeStores

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LUNA = NewWorkspace(name="Luna Vale", timezone="Europe/Paris", currency="EUR", owner_email="luna@example.com")


class Office:
    """All workspaces of a stage, and the mails that leave."""

    def __init__(self) -> None:
        self.workspaces: dict[UUID, FakeStores] = {}
        self.accounts, self.clock = FakeAccounts(), FixedClock(NOON)
        self.founding = Founding(self._transaction, self.accounts, self.clock)

    @contextmanager
    def _transaction(self, workspace_id: UUID) -> Iterator[FakeStores]:
        yield self.workspaces.setdefault(workspace_id, FakeStores())


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_workspace_begins_with_an_invited_owner(office: Office) -> None:
    founded = office.founding.found(LUNA)

    [(workspace_id, stores)] = office.workspaces.items()
    [owner] = stores.team.kept.values()
    assert (founded.workspace_id, founded.owner, founded.is_new, founded.mail) == (workspace_id, owner, True, Mail.SENT)
    assert (owner.email, owner.role, owner.status) == ("luna@example.com", Role.OWNER, MemberStatus.INVITED)
    assert (owner.invited_by, owner.invited_until) == (None, NOON + INVITATION_LASTS)
    assert (stores.workspace.get().timezone, stores.workspace.get().currency) == ("Europe/Paris", "EUR")
    assert stores.audit.actions == [Action.WORKSPACE_FOUNDED]


def test_asking_again_sends_the_mail_again_and_founds_nothing(office: Office) -> None:
    first = office.founding.found(LUNA)
    office.clock.moment = NOON + timedelta(days=30)  # long after the invitation has ended
    again = office.founding.found(LUNA)

    [stores] = office.workspaces.values()
    assert (again.workspace_id, again.owner.id, again.is_new) == (first.workspace_id, first.owner.id, False)
    assert again.owner.invited_until == office.clock.moment + INVITATION_LASTS
    assert again.mail is Mail.SENT
    assert stores.audit.actions == [Action.WORKSPACE_FOUNDED]


def test_who_has_joined_gets_no_mail(office: Office) -> None:
    founded = office.founding.found(LUNA)
    office.workspaces[founded.workspace_id].team.join(founded.owner.id, "luna", NOON)

    again = office.founding.found(LUNA)

    assert (again.owner.status, again.mail) == (MemberStatus.ACTIVE, None)


def test_a_workspace_that_its_first_owner_left_is_its_other_owners(office: Office) -> None:
    founded = office.founding.found(LUNA)
    office.workspaces[founded.workspace_id].team.remove(founded.owner.id, NOON)

    with pytest.raises(Conflict, match="left"):
        office.founding.found(LUNA)


def test_another_name_or_another_owner_is_another_workspace(office: Office) -> None:
    for name, owner in (("Luna", "a@example.com"), ("Luna", "b@example.com"), ("Sol", "a@example.com")):
        office.founding.found(NewWorkspace(name=name, timezone="UTC", currency="USD", owner_email=owner))

    assert len(office.workspaces) == 3
