"""Writing an answer: what is typed is kept, what is sent is sent once, and of two people one answers."""

import hashlib
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from huntaze.composer.model import Content
from huntaze.connections.model import CONNECTABLE
from huntaze.drafts.model import Draft
from huntaze.errors import Conflict, HuntazeError, Invalid, KeyReused, NotFound, NotQueued, Unavailable
from huntaze.idempotency.model import Answer as Kept
from huntaze.idempotency.model import Keyed
from huntaze.messages.model import InConversation, Words, Written
from huntaze.web import tokens, typed
from huntaze.web.answer import Answer
from huntaze.web.inbox_acts import why_not
from huntaze.web.inbox_page import page_of, read_by
from huntaze.web.inbox_replies import replies
from huntaze.web.inbox_thread import as_told
from huntaze.web.inbox_typed import LONGEST, Typed, as_typed, id_in, media_of, problems_of, typed_by
from huntaze.web.inbox_views import PATH, CompanyPart, Composer, InboxPage
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

_LONGEST_KEY = 100
_BROKEN = {"text": "text", "priceCents": "price", "attachments": "media"}


def with_composer(visit: Visit, view: InboxPage) -> InboxPage:
    """The page with the field to answer in: with what was typed before, or with a draft that is to be changed."""
    talk = view.talk
    if talk is None or not talk.may_answer or not talk.is_end:
        return view
    composer = Composer(key=tokens.fresh(), replies=replies(visit, talk.fan_id), can_send=talk.platform in CONNECTABLE)
    draft = _draft_to_change(visit, talk.id)
    if draft is not None:
        content = draft.content
        values = as_typed(content.text, content.price.cents, content.media, visit.locale)
        return replace(view, composer=replace(composer, values=values, draft_id=draft.id))
    kept = visit.parts.composer.of(visit.who, talk.id).content
    values = as_typed(kept.text, kept.price_cents, kept.attachments, visit.locale)
    chosen = next((one for one in composer.replies if str(one.id) == visit.request.query.get("reply")), None)
    if chosen is not None:
        values["text"] = "\n".join(filter(None, (values["text"], chosen.text)))
        composer = replace(composer, reply_id=chosen.id)
    return replace(view, composer=replace(composer, values=values))


def show_thread(visit: Visit) -> Answer:
    """The list with a thread beside it, which is read by being opened; or the part that htmx asks for."""
    conversation_id = visit.id("conversation_id")
    read_by(visit, conversation_id)
    view = page_of(visit, conversation_id)
    if visit.request.part not in {"", "thread"}:
        return visit.part(view)
    view = with_composer(visit, view)
    return visit.part(view) if visit.request.part else _whole(visit, view, HTTPStatus.OK)


def keep(visit: Visit) -> Answer:
    """Keep what is being typed. The others are told by the next news who answers; who typed, at once."""
    conversation_id, words = visit.id("conversation_id"), typed_by(visit)
    take_over = visit.form["take_over"] == "1"
    answering = take_over or any(words.values())
    company = visit.parts.presence.be_there(visit.who, conversation_id, answering=answering, take_over=take_over)
    keep_typed(visit, conversation_id, words)
    if not visit.request.part:
        return Answer(status=HTTPStatus.NO_CONTENT)
    return visit.part(CompanyPart(company=as_told(visit, conversation_id, company)))


def leave(visit: Visit) -> Answer:
    """The window shows this conversation no more, or is not in sight for now; what was typed last comes along."""
    conversation_id, words = visit.id("conversation_id"), typed_by(visit)
    if visit.form.has("text"):
        keep_typed(visit, conversation_id, words)
    visit.parts.presence.leave(visit.who, conversation_id, for_now=visit.form["for_now"] == "1")
    return Answer(status=HTTPStatus.NO_CONTENT)


def keep_typed(visit: Visit, conversation_id: UUID, words: Typed) -> None:
    """Keep it as far as it can be kept; nothing is what was emptied."""
    if not any(words.values()):
        visit.parts.composer.drop(visit.who, conversation_id)
        return
    problems = problems_of(words, visit.locale)
    content = Content(
        text=words["text"][:LONGEST],
        price_cents=0 if "price" in problems else typed.cents(words["price"], visit.locale) or 0,
        attachments=() if "media" in problems else media_of(words),
    )
    visit.parts.composer.keep(visit.who, conversation_id, content)


def send(visit: Visit) -> Answer:
    """Send what was typed, or say in its place why not."""
    conversation_id, words = visit.id("conversation_id"), typed_by(visit)
    if problems := problems_of(words, visit.locale):
        return _again(visit, words, HTTPStatus.BAD_REQUEST, problems=problems)
    try:
        _send_once(visit, conversation_id, words)
    except HuntazeError as error:
        return _not_sent(visit, words, error)
    return sent(visit, None)


def _not_sent(visit: Visit, words: Typed, error: HuntazeError) -> Answer:
    """Why not, beside what was typed; what belongs to no field and to no state of the thread is an error page."""
    match error:
        case Invalid():
            names = {_BROKEN.get(one.field, "text") for one in error.fields}
            told = {name: Says(f"write.problem.{name}") for name in names}
            return _again(visit, words, HTTPStatus.BAD_REQUEST, problems=told)
        case KeyReused():
            return _again(visit, words, HTTPStatus.CONFLICT, problem=Says("write.sent_before"))
        case Conflict():
            return _again(visit, words, HTTPStatus.CONFLICT, problem=_refusal(visit))
        case NotQueued():  # it was written, and stands in the thread among what was not sent
            return sent(visit, Toast(says=Says("write.not_queued"), tone="warning"))
        case Unavailable():
            return _again(visit, words, HTTPStatus.CONFLICT, problem=Says("write.held"))
    raise error


def _send_once(visit: Visit, conversation_id: UUID, words: Typed) -> None:
    """In one transaction with all that belongs to it; sent twice by a double click or a reload, it is said once."""
    form = visit.form
    if form["take_over"] == "1":
        visit.parts.presence.be_there(visit.who, conversation_id, answering=True, take_over=True)
    said = Words(text=words["text"], price_cents=typed.cents(words["price"], visit.locale) or 0, media=media_of(words))
    written = Written(said, draft_id=id_in(form["draft"]))
    keyed = Keyed(f"page {form['key'][:_LONGEST_KEY]}", hashlib.sha256(repr(words).encode()).digest())

    def act() -> Kept:
        visit.parts.messages.send(visit.who, InConversation(conversation_id), written)
        visit.parts.composer.drop(visit.who, conversation_id)
        visit.parts.presence.let_go(visit.who, conversation_id)
        return Kept(HTTPStatus.SEE_OTHER, {"Location": f"{PATH}/{conversation_id}"}, "")

    visit.parts.idempotency.once(visit.who, keyed, act)
    _count_reply(visit, conversation_id)


def _count_reply(visit: Visit, conversation_id: UUID) -> None:
    reply_id = id_in(visit.form["reply"])
    if reply_id is None:
        return
    try:
        visit.parts.quick_replies.use(
            visit.who, reply_id, visit.parts.conversations.get(visit.who, conversation_id).fan_id
        )
    except NotFound:  # deleted while somebody was writing: what they wrote is sent all the same
        return


def _refusal(visit: Visit) -> Says:
    """Somebody else answers, or nothing can be sent to this fan now."""
    why = why_not(visit, visit.id("conversation_id"))
    if why.key == "talk.answering":
        return replace(why, key="write.answering")
    return Says("write.refused") if why.key == "talk.changed" else why


def _again(
    visit: Visit,
    words: Typed,
    status: int,
    *,
    problem: Says | None = None,
    problems: dict[str, Says] | None = None,
) -> Answer:
    view = with_composer(visit, page_of(visit, visit.id("conversation_id")))
    if view.composer is None:
        raise NotFound
    form = visit.form
    composer = replace(
        view.composer,
        values=words,
        draft_id=id_in(form["draft"]),
        reply_id=id_in(form["reply"]),
        key=form["key"] or view.composer.key,
        problem=problem,
        problems=problems or {},
    )
    if problem is not None and problem.key == "write.sent_before":
        composer = replace(composer, key=tokens.fresh())
    view = replace(view, composer=composer)
    return visit.part(view, status=status) if visit.request.part else _whole(visit, view, status)


def _whole(visit: Visit, view: InboxPage, status: int) -> Answer:
    return visit.page("inbox.html", view, status, active="inbox")


def sent(visit: Visit, toast: Toast | None) -> Answer:
    """The thread with what was said, and an empty field."""
    conversation_id = visit.id("conversation_id")
    if not visit.request.part:
        return visit.go(f"{PATH}/{conversation_id}", toast)
    return visit.part(with_composer(visit, page_of(visit, conversation_id)), toast)


def _draft_to_change(visit: Visit, conversation_id: UUID) -> Draft | None:
    draft_id = id_in(visit.request.query.get("draft", ""))
    if draft_id is None or not visit.request.safe:
        return None
    try:
        draft = visit.parts.drafts.get(visit.who, draft_id)
    except NotFound:  # sent or dismissed by somebody else: the page is there all the same
        return None
    return draft if draft.conversation_id == conversation_id else None


ROUTES = (
    Route("GET", f"{PATH}/{{conversation_id}}", show_thread),
    Route("POST", f"{PATH}/{{conversation_id}}/composer", keep),
    Route("POST", f"{PATH}/{{conversation_id}}/leaving", leave),
    Route("POST", f"{PATH}/{{conversation_id}}/messages", send),
)
