"""Writing an answer: what is typed is kept, what is sent is sent once, and of two people one answers."""

import hashlib
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from huntaze.composer.model import Content
from huntaze.errors import Conflict, HuntazeError, Invalid, KeyReused, NotQueued, Stale, Unavailable
from huntaze.idempotency.model import Answer as Kept
from huntaze.idempotency.model import Keyed
from huntaze.messages.model import InConversation, Written
from huntaze.outgoing.model import LeftAlready
from huntaze.web import inbox_field, tokens, typed
from huntaze.web.answer import Answer
from huntaze.web.inbox_acts import why_not
from huntaze.web.inbox_field import CHOICES, version_now, with_composer
from huntaze.web.inbox_list import query_of
from huntaze.web.inbox_page import page_of, read_by, status_of
from huntaze.web.inbox_replies import count_use
from huntaze.web.inbox_thread import as_told
from huntaze.web.inbox_typed import LONGEST, Typed, id_in, media_of, problems_of, sight_of, typed_by, words_of
from huntaze.web.inbox_views import PATH, InboxPage, KeptPart
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

_LONGEST_KEY = 100
_BROKEN = {
    "text": "text",
    "priceCents": "price",
    "attachments": "media",
    "content": "text",
    "mediaUrls": "media",  # as those who change a message call them
}


def show_thread(visit: Visit) -> Answer:
    """The list with a thread beside it, which is read by being opened; or the part that htmx asks for."""
    conversation_id = visit.id("conversation_id")
    if visit.request.part not in {"", "composer", "thread"}:
        view = page_of(visit, conversation_id)
        return visit.part(view, status=status_of(view))
    with visit.parts.as_one(visit.who):
        read_by(visit, conversation_id)
        view = with_composer(visit, page_of(visit, conversation_id))
    return visit.part(view) if visit.request.part else _whole(visit, view, status_of(view))


def keep(visit: Visit) -> Answer:
    """Keep what is being typed. The others are told by the next news who answers; who typed, at once.

    They are told too what the fan will see of it.
    """
    conversation_id, words = visit.id("conversation_id"), typed_by(visit)
    take_over = visit.form["take_over"] == "1"
    answering = take_over or any(words.values())
    company = visit.parts.presence.be_there(visit.who, conversation_id, answering=answering, take_over=take_over)
    keep_typed(visit, conversation_id, words)
    if not visit.request.part:
        return Answer(status=HTTPStatus.NO_CONTENT)
    platform = visit.parts.conversations.get(visit.who, conversation_id).platform
    told = as_told(visit, conversation_id, company)
    return visit.part(KeptPart(company=told, sight=sight_of(words, platform, visit.locale)))


def leave(visit: Visit) -> Answer:
    """The window shows this conversation no more, or is not in sight for now; what was typed last comes along."""
    conversation_id, words = visit.id("conversation_id"), typed_by(visit)
    if visit.form.has("text"):
        keep_typed(visit, conversation_id, words)
    visit.parts.presence.leave(visit.who, conversation_id, for_now=visit.form["for_now"] == "1")
    return Answer(status=HTTPStatus.NO_CONTENT)


def keep_typed(visit: Visit, conversation_id: UUID, words: Typed) -> None:
    """Keep it as far as it can be kept; nothing is what was emptied.

    Other words for a message are not kept: they would come back as a new text, to be sent beside the old one.
    """
    if id_in(visit.form["message"]):
        return
    if any(words.values()):
        visit.parts.composer.keep(visit.who, conversation_id, _content(words, visit.locale))
    else:
        visit.parts.composer.drop(visit.who, conversation_id)


def send(visit: Visit) -> Answer:
    """Send what was typed, or give a message these words; or say in its place why not."""
    conversation_id, words = visit.id("conversation_id"), typed_by(visit)
    if problems := problems_of(words, visit.locale):
        return _again(visit, words, HTTPStatus.BAD_REQUEST, problems=problems)
    try:
        _send_once(visit, conversation_id, words)
    except LeftAlready:
        return _left(visit, words)
    except Stale:
        told_now = {"version": version_now(visit), "key": tokens.fresh()}
        return _again(visit, words, HTTPStatus.CONFLICT, problem=Says("write.changed_meanwhile"), **told_now)
    except HuntazeError as error:
        return _not_sent(visit, words, error)
    return sent(visit, Toast(says=Says("write.changed")) if _is_waiting(visit) else None)


def _is_waiting(visit: Visit) -> bool:
    """Whether this was about a message that waits: it is still where it was, so what happened must be said."""
    return bool(visit.form["message"]) and visit.form["unsent"] != "1"


def _not_sent(visit: Visit, words: Typed, error: HuntazeError) -> Answer:
    """Why not, beside what was typed; what belongs to no field and to no state of the thread is an error page."""
    match error:
        case Invalid():
            names = {_BROKEN.get(one.field, "text") for one in error.fields}
            told = {name: Says(f"write.problem.{name}") for name in names}
            return _again(visit, words, HTTPStatus.BAD_REQUEST, problems=told)
        case KeyReused():
            return _again(visit, words, HTTPStatus.CONFLICT, problem=Says("write.sent_before"), key=tokens.fresh())
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
    message_id = id_in(form["message"])
    named = repr((words, form["message"])) if message_id else repr(words)
    keyed = Keyed(f"page {form['key'][:_LONGEST_KEY]}", hashlib.sha256(named.encode()).digest())

    def act() -> Kept:
        if message_id is None:
            said = words_of(words, visit.locale)
            written = Written(said, draft_id=id_in(form["draft"]))
            visit.parts.messages.send(visit.who, InConversation(conversation_id), written)
            visit.parts.composer.drop(visit.who, conversation_id)
        else:
            known = inbox_field.message_of(visit, message_id).content.media
            said = words_of(words, visit.locale, known)
            visit.parts.rewording.reword(visit.who, message_id, said, form["version"] or None)
        visit.parts.presence.let_go(visit.who, conversation_id)
        return Kept(HTTPStatus.SEE_OTHER, {"Location": f"{PATH}/{conversation_id}"}, "")

    visit.parts.idempotency.once(visit.who, keyed, act)
    used = {"reply_id": id_in(form["reply"]), "template_id": id_in(form["template"])}
    if any(used.values()):
        count_use(visit, visit.parts.conversations.get(visit.who, conversation_id).fan_id, **used)


def _left(visit: Visit, words: Typed) -> Answer:
    """The message was quicker and stays as it was; what was typed is a new text now, behind what was there before."""
    conversation_id = visit.id("conversation_id")
    before = visit.parts.composer.of(visit.who, conversation_id).content
    text = words["text"] if before.text == words["text"] else "\n\n".join(filter(None, (before.text, words["text"])))
    media = dict.fromkeys([*(each.url for each in before.attachments), *words["media"].split()])
    both = {"text": text, "price": words["price"], "media": "\n".join(media)}
    if not problems_of(both, visit.locale):
        visit.parts.composer.keep(visit.who, conversation_id, _content(both, visit.locale))
    else:  # too much together: what was there before comes back with the next visit
        both = words
    as_new = {"changes": None, "version": "", "key": tokens.fresh()}
    return _again(visit, both, HTTPStatus.CONFLICT, problem=Says("write.left"), **as_new)


def _content(words: Typed, locale: str) -> Content:
    """What can be kept of it."""
    problems = problems_of(words, locale)
    return Content(
        text=words["text"][:LONGEST],
        price_cents=0 if "price" in problems else typed.cents(words["price"], locale) or 0,
        attachments=() if "media" in problems else media_of(words),
    )


def _refusal(visit: Visit) -> Says:
    """Somebody else answers, or nothing can be sent to this fan now."""
    why = why_not(visit, visit.id("conversation_id"))
    if why.key == "talk.answering":
        return replace(why, key="write.answering")
    return Says("write.refused") if why.key == "talk.changed" else why


def _again(visit: Visit, words: Typed, status: int, **changes: Any) -> Answer:
    """The page once more, with what was typed and what speaks against it."""
    view = inbox_field.typed_again(visit, page_of(visit, visit.id("conversation_id")), words, changes)
    return visit.part(view, status=status) if visit.request.part else _whole(visit, view, status)


def _whole(visit: Visit, view: InboxPage, status: int) -> Answer:
    return visit.page("inbox.html", view, status, active="inbox")


def sent(visit: Visit, toast: Toast | None) -> Answer:
    """The thread with what was said, and an empty field."""
    conversation_id = visit.id("conversation_id")
    if not visit.request.part:
        return visit.go(f"{PATH}/{conversation_id}", toast)
    answer = visit.part(with_composer(visit, page_of(visit, conversation_id)), toast)
    return answer.with_headers(_plain_address(visit, conversation_id))


def _plain_address(visit: Visit, conversation_id: UUID) -> dict[str, str]:
    """The address without what was chosen to be written or changed: that is done, and a reload would offer it again."""
    asked_for = query_of(visit)
    others = {name: word for name, word in asked_for.items() if name not in CHOICES}
    if len(others) == len(asked_for):
        return {}
    here = f"{PATH}/{conversation_id}"
    return {"HX-Replace-Url": f"{here}?{urlencode(others)}" if others else here}


ROUTES = (
    Route("GET", f"{PATH}/{{conversation_id}}", show_thread),
    Route("POST", f"{PATH}/{{conversation_id}}/composer", keep),
    Route("POST", f"{PATH}/{{conversation_id}}/leaving", leave),
    Route("POST", f"{PATH}/{{conversation_id}}/messages", send),
)
