"""The team in the settings: who is in it, who is invited, and what owners do about both."""

from dataclasses import replace
from http import HTTPStatus

from huntaze.errors import Conflict, TooMany
from huntaze.members.model import Permission, Role
from huntaze.team.model import Invited, Mail, Member, MemberStatus, NewMember
from huntaze.web import settings
from huntaze.web.answer import Answer
from huntaze.web.entrance import email_problems
from huntaze.web.site import Route
from huntaze.web.typed import without_nul
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.views_people import MemberRow, TeamPage
from huntaze.web.visit import Visit

TEAM = "/settings/team"
PAGE = 100
_PRESENT = (MemberStatus.INVITED, MemberStatus.ACTIVE)
_ROLES = {role.value: role for role in Role}
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 128  # of what the user pool takes
_MAILED = {
    Mail.SENT: ("team.mail.sent", "good"),
    Mail.HAS_ACCOUNT: ("team.mail.has_account", "good"),
    Mail.NOT_SENT: ("team.mail.not_sent", "warning"),
}


def show_team(visit: Visit) -> Answer:
    """The list, or another stretch of it."""
    return visit.page("team.html", _view(visit), active="settings")


def invite(visit: Visit) -> Answer:
    """Invite somebody by email."""
    typed = without_nul(visit.form.words("email", "role", "name"))
    problems = email_problems(typed["email"])
    if not problems and len(typed["email"]) > _LONGEST_ADDRESS:
        problems = {"email": Says("problem.email")}
    if len(typed["name"]) > _LONGEST_NAME:
        problems |= {"name": Says("problem.too_long", {"count": _LONGEST_NAME})}
    if not problems:
        try:
            role = _ROLES.get(typed["role"], Role.CHATTER)
            new = NewMember(email=typed["email"], role=role, display_name=typed["name"] or None)
            return _mailed(visit, visit.parts.team.invite(visit.who, new))
        except Conflict:
            problems = {"email": Says("team.taken")}
        except TooMany:
            problems = {"email": Says("team.too_many_mails")}
    return _answer(visit, replace(_view(visit), typed=typed, problems=problems), status=HTTPStatus.BAD_REQUEST)


def send_again(visit: Visit) -> Answer:
    """Send an invitation again."""
    try:
        return _mailed(visit, visit.parts.team.send_again(visit.who, visit.id("member_id")))
    except TooMany:
        return _again(visit, Says("team.too_many_mails"))
    except Conflict:
        return _again(visit, Says("team.not_open"))


def change_role(visit: Visit) -> Answer:
    """Give a member another role, and offer to undo it."""
    member_id, role = visit.id("member_id"), _ROLES.get(visit.form["role"])
    if role is None:
        return visit.go(TEAM)
    try:
        before = visit.parts.team.get(visit.who, member_id)
        member = visit.parts.team.change_role(visit.who, member_id, role)
    except Conflict:
        return _again(visit, Says("team.last_owner"))
    undo = Undo(action=f"{TEAM}/{member_id}/role", fields={"role": before.role})
    says = Says(f"team.role_is.{role}", {"name": member.name})
    if member_id == visit.who.member_id:
        return visit.go(TEAM if role in {Role.OWNER, Role.MANAGER} else "/", Toast(says=says))
    return _done(visit, Toast(says=says, undo=undo))


def remove(visit: Visit) -> Answer:
    """Remove a member or withdraw an invitation; the page has asked before."""
    member_id = visit.id("member_id")
    try:
        member = visit.parts.team.get(visit.who, member_id)
        visit.parts.team.remove(visit.who, member_id)
    except Conflict:
        return _again(visit, Says("team.last_owner"))
    key = "team.withdrawn" if member.status is MemberStatus.INVITED else "team.removed"
    return _done(visit, Toast(says=Says(key, {"name": member.name})))


def _mailed(visit: Visit, invited: Invited) -> Answer:
    key, tone = _MAILED[invited.mail]
    return _done(visit, Toast(says=Says(key, {"email": invited.member.email}), tone=tone))


def _again(visit: Visit, problem: Says) -> Answer:
    return _answer(visit, replace(_view(visit), problem=problem), status=HTTPStatus.CONFLICT)


def _done(visit: Visit, toast: Toast) -> Answer:
    return visit.part(_view(visit), toast) if visit.request.part else visit.go(TEAM, toast)


def _answer(visit: Visit, view: TeamPage, *, status: HTTPStatus) -> Answer:
    if visit.request.part:
        return visit.part(view, status=status)
    return visit.page("team.html", view, status, active="settings")


def _view(visit: Visit) -> TeamPage:
    bookmarks = visit.bookmarks("team")
    after = bookmarks.position(visit.request.query.get("cursor") or None)
    page = visit.parts.team.page(visit.who, _PRESENT, PAGE, after)
    may_manage = visit.who.may(Permission.MANAGE_TEAM)
    needed = visit.parts.team.is_needed(visit.who) if may_manage else False
    return TeamPage(
        around=settings.around(visit, "team"),
        rows=tuple(_row(visit, member, needed=needed, may_manage=may_manage) for member in page.items),
        more=bookmarks.cursor(page.next),
        may_manage=may_manage,
    )


def _row(visit: Visit, member: Member, *, needed: bool, may_manage: bool) -> MemberRow:
    is_you = member.id == visit.who.member_id
    return MemberRow(
        member=member,
        is_you=is_you,
        ended=member.status is MemberStatus.INVITED and not member.can_be_accepted(visit.parts.clock.now()),
        only_owner=is_you and needed,
        may_change=may_manage and not (is_you and needed),
    )


ROUTES = (
    Route("GET", TEAM, show_team),
    Route("POST", TEAM, invite),
    Route("POST", f"{TEAM}/{{member_id}}/role", change_role),
    Route("POST", f"{TEAM}/{{member_id}}/invitation", send_again),
    Route("POST", f"{TEAM}/{{member_id}}/remove", remove),
)
