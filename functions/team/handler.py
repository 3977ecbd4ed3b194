"""The people of a workspace, and the invitations of people who belong to none yet."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from huntaze import wiring
from huntaze.edge.api import Caller, HttpApi, Person
from huntaze.edge.problem import also_told
from huntaze.schema import Id
from huntaze.team.schema import (
    InvitationsBody,
    InvitedBody,
    MemberBody,
    MembersBody,
    MembershipBody,
    MembersQuery,
    NewMemberBody,
    RoleBody,
)

app = HttpApi(wiring.current, group="team")

MemberId = Annotated[Id, Path(alias="id")]
InvitationId = Annotated[Id, Path(alias="id")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]

TAKEN = also_told({409: "The address belongs to a member already, or is invited; or a request with the key runs."})
NOT_OPEN = also_told({409: "There is no open invitation here; or a request with the same key still runs."})
LAST_OWNER = also_told({409: "Nobody else is an owner; or a request with the same key still runs."})
CHANGED = also_told(
    {
        409: "Nobody else is an owner, or the member was removed; or a request with the same key still runs.",
        412: "The member is no longer the version that If-Match names.",
    }
)
ENDED = also_told({409: "The invitation is no longer open, or the caller is a member under another address."})


@app.get("/api/crm/members", summary="The team: members, and who is invited", tags=["Team"])
def list_members(who: Caller, query: Annotated[MembersQuery, Query()]) -> MembersBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "members", query.status)
    page = wiring.current().team.page(who, query.statuses, query.limit, bookmarks.position(query.cursor))
    return MembersBody.of(page, who, bookmarks)


@app.post(
    "/api/crm/members",
    summary="Invite somebody by email",
    tags=["Team"],
    status_code=HTTPStatus.CREATED,
    openapi_extensions=TAKEN,
)
def invite_member(who: Caller, new: NewMemberBody) -> InvitedBody:
    return InvitedBody.told(wiring.current().team.invite(who, new.member()), who)


@app.get("/api/crm/members/<id>", summary="One member", tags=["Team"])
def read_member(who: Caller, member_id: MemberId) -> MemberBody:
    return MemberBody.of(wiring.current().team.get(who, member_id), who)


@app.put("/api/crm/members/<id>", summary="Give a member another role", tags=["Team"], openapi_extensions=CHANGED)
def change_role(who: Caller, member_id: MemberId, body: RoleBody, if_match: IfMatch = None) -> MemberBody:
    return MemberBody.of(wiring.current().team.change_role(who, member_id, body.role, if_match), who)


@app.delete(
    "/api/crm/members/<id>",
    summary="Remove a member, withdraw an invitation, or leave",
    tags=["Team"],
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extensions=LAST_OWNER,
)
def remove_member(who: Caller, member_id: MemberId) -> None:
    wiring.current().team.remove(who, member_id)


@app.post(
    "/api/crm/members/<id>/invitation",
    summary="Send an invitation again",
    tags=["Team"],
    openapi_extensions=NOT_OPEN,
)
def send_invitation_again(who: Caller, member_id: MemberId) -> InvitedBody:
    return InvitedBody.told(wiring.current().team.send_again(who, member_id), who)


@app.get("/api/crm/invitations", summary="The invitations that wait for you, to any workspace", tags=["Invitations"])
def list_invitations(subject: Person) -> InvitationsBody:
    person = wiring.current().accounts.proven(subject)
    return InvitationsBody.of(wiring.current().invitations.of(person))


@app.post(
    "/api/crm/invitations/<id>/acceptance",
    summary="Accept an invitation",
    tags=["Invitations"],
    openapi_extensions=ENDED,
)
def accept_invitation(subject: Person, invitation_id: InvitationId) -> MembershipBody:
    person = wiring.current().accounts.proven(subject)
    return MembershipBody.of(wiring.current().invitations.accept(person, invitation_id))


@app.delete(
    "/api/crm/invitations/<id>",
    summary="Decline an invitation",
    tags=["Invitations"],
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extensions=ENDED,
)
def decline_invitation(subject: Person, invitation_id: InvitationId) -> None:
    person = wiring.current().accounts.proven(subject)
    wiring.current().invitations.decline(person, invitation_id)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
