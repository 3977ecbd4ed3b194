"""What is done in a thread without writing: archiving, and deciding about messages on their way."""

from collections.abc import Callable
from uuid import UUID

from huntaze.errors import Conflict, NotFound, NotQueued, Unavailable
from huntaze.outgoing.model import Decision
from huntaze.web.answer import Answer
from huntaze.web.inbox_page import page_of
from huntaze.web.inbox_views import PATH
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.visit import Visit


def archive(visit: Visit) -> Answer:
    """Take a conversation out of the inbox, and offer to undo it."""
    conversation_id = visit.id("conversation_id")
    conversation = visit.parts.conversations.change(visit.who, conversation_id, {"archived": True})
    undo = Undo(action=f"{PATH}/{conversation_id}/reopen")
    said = Says("inbox.archived", {"name": conversation.fan_name})
    return visit.go(visit.way_back(PATH), Toast(says=said, undo=undo))


def reopen(visit: Visit) -> Answer:
    """Put it back."""
    conversation_id = visit.id("conversation_id")
    conversation = visit.parts.conversations.change(visit.who, conversation_id, {"archived": False})
    said = Says("inbox.reopened", {"name": conversation.fan_name})
    return visit.go(f"{PATH}/{conversation_id}", Toast(says=said))


def cancel(visit: Visit) -> Answer:
    """Withdraw what waits."""
    return _decided(visit, visit.parts.outgoing.cancel, Says("talk.cancelled"))


def retry(visit: Visit) -> Answer:
    """Send again what failed."""
    return _decided(visit, visit.parts.outgoing.retry, Says("talk.sent_again"))


def check(visit: Visit) -> Answer:
    """Have the platform asked what became of it."""
    return _decided(visit, visit.parts.outgoing.check, Says("talk.checking"))


def resolve(visit: Visit) -> Answer:
    """Say what became of what nobody knows of."""
    _message(visit)
    decision = Decision.ARRIVED if visit.form["decision"] == Decision.ARRIVED else Decision.SEND_AGAIN
    if decision is Decision.SEND_AGAIN and visit.form["sure"] != "1":
        return _answered(visit, Toast(says=Says("talk.unsure"), tone="warning"))
    said = Says("talk.arrived" if decision is Decision.ARRIVED else "talk.sent_again")
    return _decided(visit, lambda who, message_id: visit.parts.outgoing.resolve(who, message_id, decision), said)


def _message(visit: Visit) -> UUID:
    """The message that it is about; not found anywhere but in its own conversation."""
    message_id = visit.id("message_id")
    if visit.parts.messages.get(visit.who, message_id).conversation_id != visit.id("conversation_id"):
        raise NotFound
    return message_id


def _decided(visit: Visit, act: Callable[..., object], said: Says) -> Answer:
    message_id = _message(visit)
    try:
        act(visit.who, message_id)
    except NotQueued:
        return _answered(visit, Toast(says=Says("write.not_queued"), tone="warning"))
    except Unavailable:
        return _answered(visit, Toast(says=Says("talk.held"), tone="warning"))
    except Conflict:
        return _answered(visit, Toast(says=why_not(visit, visit.id("conversation_id")), tone="warning"))
    return _answered(visit, Toast(says=said))


def why_not(visit: Visit, conversation_id: UUID) -> Says:
    """What speaks against it, in the reader's words."""
    holder = visit.parts.presence.holder(visit.who, conversation_id)
    if holder is not None and holder.member_id != visit.who.member_id:
        return Says("talk.answering", {"name": holder.name})
    conversation = visit.parts.conversations.get(visit.who, conversation_id)
    if conversation.do_not_contact:
        return Says("person.do_not_contact")
    accounts = (health.connection for health in visit.parts.connections.all(visit.who))
    is_connected = any(one.platform is conversation.platform and one.status == "active" for one in accounts)
    return Says("talk.changed" if is_connected else "talk.no_account")


def _answered(visit: Visit, toast: Toast) -> Answer:
    conversation_id = visit.id("conversation_id")
    if not visit.request.part:
        return visit.go(visit.way_back(f"{PATH}/{conversation_id}"), toast)
    return visit.part(page_of(visit, conversation_id), toast)


ROUTES = (
    Route("POST", f"{PATH}/{{conversation_id}}/archive", archive),
    Route("POST", f"{PATH}/{{conversation_id}}/reopen", reopen),
    Route("POST", f"{PATH}/{{conversation_id}}/messages/{{message_id}}/cancel", cancel),
    Route("POST", f"{PATH}/{{conversation_id}}/messages/{{message_id}}/retry", retry),
    Route("POST", f"{PATH}/{{conversation_id}}/messages/{{message_id}}/resolution", resolve),
    Route("POST", f"{PATH}/{{conversation_id}}/messages/{{message_id}}/check", check),
)
