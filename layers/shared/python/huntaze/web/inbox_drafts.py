"""Drafts in their thread: what a person approves is exactly what they saw."""

from huntaze.drafts.model import Draft
from huntaze.errors import Conflict, Invalid, NotFound, Stale
from huntaze.web.answer import Answer
from huntaze.web.inbox_acts import why_not
from huntaze.web.inbox_composer import sent
from huntaze.web.inbox_views import PATH
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.visit import Visit


def approve(visit: Visit) -> Answer:
    """Send a draft exactly as it was seen; while another answers only by who takes over from them."""
    conversation_id, draft = visit.id("conversation_id"), _draft(visit)
    try:
        seen = bytes.fromhex(visit.form["seen"])
        if visit.form["take_over"] == "1":
            visit.parts.presence.be_there(visit.who, conversation_id, answering=True, take_over=True)
        visit.parts.drafts.approve(visit.who, draft.id, content_hash=seen)
    except (Stale, ValueError):
        return sent(visit, Toast(says=Says("draft.stale"), tone="warning"))
    except Invalid:
        return sent(visit, Toast(says=Says("draft.invalid"), tone="warning"))
    except Conflict:
        return sent(visit, Toast(says=why_not(visit, conversation_id), tone="warning"))
    visit.parts.presence.let_go(visit.who, conversation_id)
    return sent(visit, Toast(says=Says("draft.approved")))


def dismiss(visit: Visit) -> Answer:
    """Dismiss a draft, and offer to undo it."""
    draft = _draft(visit)
    visit.parts.drafts.delete(visit.who, draft.id)
    undo = Undo(action=f"{PATH}/{draft.conversation_id}/drafts/{draft.id}/restoration")
    return sent(visit, Toast(says=Says("draft.dismissed"), undo=undo))


def restore(visit: Visit) -> Answer:
    """Bring it back; it has still to be approved."""
    conversation_id = visit.id("conversation_id")
    draft = visit.parts.drafts.restore(visit.who, visit.id("draft_id"), conversation_id)
    return visit.go(f"{PATH}/{draft.conversation_id}", Toast(says=Says("draft.restored")))


def _draft(visit: Visit) -> Draft:
    draft = visit.parts.drafts.get(visit.who, visit.id("draft_id"))
    if draft.conversation_id != visit.id("conversation_id"):
        raise NotFound
    return draft


ROUTES = (
    Route("POST", f"{PATH}/{{conversation_id}}/drafts/{{draft_id}}/approval", approve),
    Route("POST", f"{PATH}/{{conversation_id}}/drafts/{{draft_id}}/dismissal", dismiss),
    Route("POST", f"{PATH}/{{conversation_id}}/drafts/{{draft_id}}/restoration", restore),
)
