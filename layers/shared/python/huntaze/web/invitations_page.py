"""The invitations that wait for whoever is signed in, with or without a workspace."""

from http import HTTPStatus

from huntaze.errors import Conflict, NotFound
from huntaze.web.answer import Answer
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.views_people import InvitationsPage
from huntaze.web.visit import Visit


def show_invitations(visit: Visit) -> Answer:
    """All that wait; without any there is nothing to do here."""
    if not visit.invitations:
        return visit.go("/")
    return visit.page("invitations.html", InvitationsPage(invitations=visit.invitations))


def accept(visit: Visit) -> Answer:
    """Become a member, and begin to work there."""
    try:
        place = visit.parts.invitations.accept(visit.proven, visit.id("invitation_id"))
    except (Conflict, NotFound):
        return _no_longer_open(visit)
    visit.parts.sessions.choose_workspace(visit.signed_in, place.workspace_id)
    return visit.go("/", Toast(says=Says("invitations.accepted", {"name": place.workspace_name})))


def decline(visit: Visit) -> Answer:
    """Do not become one; the page has asked before."""
    try:
        visit.parts.invitations.decline(visit.proven, visit.id("invitation_id"))
    except (Conflict, NotFound):
        return _no_longer_open(visit)
    return visit.go("/", Toast(says=Says("invitations.declined")))


def _no_longer_open(visit: Visit) -> Answer:
    """Withdrawn, ended, or taken in another window."""
    view = InvitationsPage(invitations=visit.invitations, problem=Says("invitations.not_open"))
    return visit.page("invitations.html", view, HTTPStatus.CONFLICT)


ROUTES = (
    Route("GET", "/invitations", show_invitations, without_workspace=True),
    Route("POST", "/invitations/{invitation_id}/accept", accept, without_workspace=True),
    Route("POST", "/invitations/{invitation_id}/decline", decline, without_workspace=True),
)
