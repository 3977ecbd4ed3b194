"""The team and its invitations through the handler."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.limits.service import OwnCounter
from huntaze.members.model import Membership, Role
from huntaze.members.service import Members
from huntaze.sessions.service import CountedAttempts
from huntaze.team.joining import Invitations
from huntaze.team.model import MemberStatus
from tests.functions.conftest import Stage
from tests.support.fake_team import FakeAccounts, FakeInvitations, FakeMembershipsOfTeams, FakeTeam, a_member
from tests.support.functions import CLAIMS, SUBJECT, Answer, call

MEMBERS, INVITATIONS = "/api/crm/members", "/api/crm/invitations"
TOM = {"email": "Tom@example.com", "role": "chatter", "displayName": "Tom"}


class Office:
    """A workspace whose owner is the caller, in a process whose memberships are those of its teams."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.accounts, self.workspace_id = stage, FakeAccounts(), new_id()
        memberships = FakeMembershipsOfTeams(self.teams)
        parts = stage.parts
        parts.members = Members(memberships)
        parts.accounts = self.accounts  # type: ignore[assignment]  # keeps the same Protocol
        parts.attempts = CountedAttempts(None, OwnCounter())
        parts.invitations = Invitations(FakeInvitations(self.teams), memberships, parts.in_workspace, parts.clock)
        self.owner = self.seat(Role.OWNER, SUBJECT)

    def teams(self) -> Iterable[tuple[UUID, FakeTeam]]:
        return [(workspace_id, stores.team) for workspace_id, stores in self.stage.database.workspaces.items()]

    @property
    def team(self) -> FakeTeam:
        return self.stage.stores(Membership(self.workspace_id, "A workspace", new_id(), Role.OWNER)).team

    def seat(self, role: Role, subject: str) -> UUID:
        member = a_member(role, subject=subject)
        self.team.kept[member.id] = member
        return member.id

    def invite(self, **about: str) -> dict[str, Any]:
        answer = call("team", "POST", MEMBERS, body={**TOM, **about})
        assert answer.status == 201, answer.body
        return dict(answer.json())

    def account(self, email: str = "tom@example.com", subject: str = "tom") -> dict[str, str]:
        """Somebody with an account, as the claims of their token."""
        self.accounts.subjects[email] = subject
        return {**CLAIMS, "sub": subject}


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


def test_somebody_invited_is_listed_with_what_became_of_the_mail(office: Office) -> None:
    invited = office.invite()
    assert invited.pop("mail") == "sent"
    assert (invited["email"], invited["status"], invited["isYou"]) == ("tom@example.com", "invited", False)
    assert invited["invitedBy"] == str(office.owner)
    listed = call("team", "GET", MEMBERS).json()
    assert [one["isYou"] for one in listed["members"]] == [True, False]
    assert (listed["members"][1], listed["nextCursor"]) == (invited, None)


def test_pages_and_kinds_are_chosen_in_the_address(office: Office) -> None:
    office.invite()
    first = call("team", "GET", MEMBERS, query="limit=1").json()
    second = call("team", "GET", MEMBERS, query=f"limit=1&cursor={first['nextCursor']}").json()
    assert [page["members"][0]["status"] for page in (first, second)] == ["active", "invited"]
    assert call("team", "GET", MEMBERS, query="status=removed").json()["members"] == []
    assert call("team", "GET", MEMBERS, query="status=gone").failing == {"status"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", f"{'x' * 120}@example.com"),
        ("email", None),
        ("role", "king"),
        ("displayName", ""),
        ("displayName", "\0"),
    ],
)
def test_bad_input_is_named(office: Office, field: str, value: object) -> None:
    answer = call("team", "POST", MEMBERS, body={**TOM, field: value})
    assert (answer.status, answer.failing) == (400, {field})
    assert office.accounts.mails == []


def test_an_address_is_invited_once(office: Office) -> None:
    office.invite()
    again = call("team", "POST", MEMBERS, body={**TOM, "email": "TOM@EXAMPLE.com"})
    assert (again.status, again.json()["code"]) == (409, "conflict")


def test_a_machine_can_be_invited(office: Office) -> None:
    assert office.invite(role="machine")["role"] == "machine"


def test_a_key_invites_once(office: Office) -> None:
    first, again = (call("team", "POST", MEMBERS, body=TOM, headers={"idempotency-key": "tom"}) for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body) == (201, first.body)
    assert office.accounts.mails == ["tom@example.com"]


def test_a_role_is_changed_for_the_version_that_was_read(office: Office) -> None:
    path = f"{MEMBERS}/{office.seat(Role.CHATTER, 'tom')}"
    seen = call("team", "GET", path).headers["ETag"]
    changed = call("team", "PUT", path, body={"role": "manager"}, headers={"if-match": seen})
    assert (changed.status, changed.json()["role"]) == (200, "manager")
    assert changed.headers["ETag"] != seen
    assert call("team", "PUT", path, body={"role": "analyst"}, headers={"if-match": seen}).status == 412


def test_the_last_owner_is_told_why_they_stay(office: Office) -> None:
    path = f"{MEMBERS}/{office.owner}"
    for answer in (call("team", "DELETE", path), call("team", "PUT", path, body={"role": "chatter"})):
        assert answer.status == 409
        assert "at least one owner" in answer.json()["detail"]


def test_a_removed_members_token_stops_at_once(office: Office) -> None:
    tom = office.account()
    member_id = office.seat(Role.MANAGER, "tom")
    assert call("team", "GET", MEMBERS, claims=tom).status == 200
    assert call("team", "DELETE", f"{MEMBERS}/{member_id}").status == 204
    refused = call("team", "GET", MEMBERS, claims=tom)
    assert (refused.status, refused.json()["code"]) == (403, "forbidden")
    chosen = call("team", "GET", MEMBERS, claims=tom, headers={"x-workspace": str(office.workspace_id)})
    assert chosen.status == 403


def test_a_member_leaves_by_themselves(office: Office) -> None:
    tom, member_id = office.account(), office.seat(Role.ANALYST, "tom")
    other = office.seat(Role.CHATTER, "eve")
    assert call("team", "DELETE", f"{MEMBERS}/{other}", claims=tom).status == 403
    assert call("team", "DELETE", f"{MEMBERS}/{member_id}", claims=tom).status == 204
    assert office.team.get(member_id).status is MemberStatus.REMOVED


def test_an_invitation_is_sent_again(office: Office) -> None:
    invited = office.invite()
    again = call("team", "POST", f"{MEMBERS}/{invited['id']}/invitation")
    assert (again.status, again.json()["mail"]) == (200, "sent")
    assert office.accounts.mails == ["tom@example.com"] * 2
    office.accounts.away = True
    assert call("team", "POST", f"{MEMBERS}/{invited['id']}/invitation").json()["mail"] == "not_sent"
    assert call("team", "POST", f"{MEMBERS}/{office.owner}/invitation").status == 409


def test_who_belongs_nowhere_sees_and_accepts(office: Office) -> None:
    invited, tom = office.invite(), office.account()
    assert call("team", "GET", MEMBERS, claims=tom).status == 403
    [seen] = call("team", "GET", INVITATIONS, claims=tom).json()["invitations"]
    assert (seen["id"], seen["workspaceName"], seen["role"]) == (invited["id"], "A workspace", "chatter")
    accepted = [_accept(invited, tom) for _ in range(2)]
    assert [answer.status for answer in accepted] == [200, 200]
    assert (
        accepted[0].json()
        == accepted[1].json()
        == {
            "workspaceId": str(office.workspace_id),
            "workspaceName": "A workspace",
            "memberId": invited["id"],
            "role": "chatter",
        }
    )
    assert call("team", "GET", INVITATIONS, claims=tom).json() == {"invitations": []}


def _accept(invited: dict[str, Any], claims: object, **headers: str) -> Answer:
    return call("team", "POST", f"{INVITATIONS}/{invited['id']}/acceptance", claims=claims, headers=headers)


def test_a_key_is_taken_also_from_who_has_no_workspace(office: Office) -> None:
    invited, tom = office.invite(), office.account()
    assert (
        _accept(invited, tom, **{"idempotency-key": "x"}).body == _accept(invited, tom, **{"idempotency-key": "x"}).body
    )


def test_an_invitation_is_declined(office: Office) -> None:
    invited, tom = office.invite(), office.account()
    assert call("team", "DELETE", f"{INVITATIONS}/{invited['id']}", claims=tom).status == 204
    assert _accept(invited, tom).status == 404


def test_the_invitation_of_another_answers_like_one_that_never_was(office: Office) -> None:
    invited, eve = office.invite(), office.account("eve@example.com", "eve")
    never = {"id": str(new_id())}
    assert _accept(invited, eve).body == _accept(never, eve).body
    assert _accept(invited, eve).status == 404
    for method, path in (("DELETE", f"{INVITATIONS}/{invited['id']}"), ("DELETE", f"{INVITATIONS}/{new_id()}")):
        assert call("team", method, path, claims=eve).status == 404


def test_a_token_of_nobody_is_refused(office: Office) -> None:
    office.invite()
    assert call("team", "GET", INVITATIONS, claims={**CLAIMS, "sub": "unknown"}).status == 401
    assert call("team", "GET", INVITATIONS, claims=None).status == 401


def test_a_demotion_counts_at_once(office: Office) -> None:
    tom, member_id = office.account(), office.seat(Role.OWNER, "tom")
    office.team.kept[member_id] = replace(office.team.get(member_id), role=Role.MANAGER)
    assert call("team", "POST", MEMBERS, body=TOM, claims=tom).status == 403
