"""The field to answer in: empty, with what was typed before, with a draft, or with a message that is to be changed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from huntaze.connections.model import CONNECTABLE
from huntaze.drafts.model import Draft
from huntaze.errors import NotFound
from huntaze.messages.model import Message, Status
from huntaze.messages.prices import SENDING
from huntaze.versions import etag
from huntaze.web import tokens
from huntaze.web.inbox_replies import at_hand
from huntaze.web.inbox_typed import Typed, as_typed, id_in, sight_of
from huntaze.web.inbox_views import Composer, InboxPage, Reply, Talk
from huntaze.web.views import Says
from huntaze.web.visit import Visit

CHOICES = frozenset({"edit", "draft", "reply", "template"})  # what an address can put into the field


def with_composer(visit: Visit, view: InboxPage) -> InboxPage:
    """The page with the field: with what was typed before, or with a draft or a message that is to be changed."""
    talk = view.talk
    if talk is None or not talk.may_answer or not talk.is_end:
        return view
    composer = _changing_message(visit, talk) or _changing_draft(visit, talk) or _writing(visit, talk)
    sight = sight_of(composer.values, talk.platform, visit.locale)
    return replace(view, composer=replace(composer, sight=sight))


def typed_again(visit: Visit, view: InboxPage, words: Typed, changes: dict[str, Any]) -> InboxPage:
    """The page with the field as it was sent, but for these changes."""
    talk, form = view.talk, visit.form
    if talk is None or not talk.may_answer:
        raise NotFound
    composer = replace(
        _empty(visit, talk),
        key=form["key"] or tokens.fresh(),
        values=words,
        draft_id=id_in(form["draft"]),
        reply_id=id_in(form["reply"]),
        template_id=id_in(form["template"]),
        changes=id_in(form["message"]),
        changes_unsent=form["unsent"] == "1",
        version=form["version"],
    )
    sight = sight_of(words, talk.platform, visit.locale)
    return replace(view, composer=replace(composer, sight=sight, **changes))


def message_of(visit: Visit, message_id: UUID) -> Message:
    """A message of the open thread; NotFound when it belongs to another."""
    message = visit.parts.messages.get(visit.who, message_id)
    if message.conversation_id != visit.id("conversation_id"):
        raise NotFound
    return message


def version_now(visit: Visit) -> str:
    """What names the message that is being changed as it is shown from now on."""
    message_id = id_in(visit.form["message"])
    return etag(message_of(visit, message_id)) if message_id else ""


def _empty(visit: Visit, talk: Talk) -> Composer:
    replies, templates = at_hand(visit, talk.fan_id)
    bounds = SENDING.get(talk.platform)
    return Composer(
        key=tokens.fresh(),
        replies=replies,
        templates=templates,
        can_send=talk.platform in CONNECTABLE,
        currency=bounds.currency if bounds else "USD",
    )


def _writing(visit: Visit, talk: Talk) -> Composer:
    """What was typed before, and behind it what was chosen without a script."""
    composer, asked = _empty(visit, talk), visit.request.query
    kept = visit.parts.composer.of(visit.who, talk.id).content
    values = as_typed(kept.text, kept.price_cents, kept.attachments, visit.locale)
    if (reply := _chosen(composer.replies, asked.get("reply", ""))) is not None:
        return replace(composer, values=_with(values, reply), reply_id=reply.id)
    if (template := _chosen(composer.templates, asked.get("template", ""))) is not None:
        return replace(composer, values=_with(values, template), template_id=template.id)
    return replace(composer, values=values)


def _chosen(texts: tuple[Reply, ...], word: str) -> Reply | None:
    return next((one for one in texts if str(one.id) == word), None)


def _with(values: Typed, chosen: Reply) -> Typed:
    return {
        "text": "\n".join(filter(None, (values["text"], chosen.text))),
        "price": chosen.typed_price or values["price"],
        "media": "\n".join(dict.fromkeys([*values["media"].split(), *chosen.media])),
    }


def _changing_draft(visit: Visit, talk: Talk) -> Composer | None:
    draft = _draft_to_change(visit, talk.id)
    if draft is None:
        return None
    content = draft.content
    values = as_typed(content.text, content.price.cents, content.media, visit.locale)
    return replace(_empty(visit, talk), values=values, draft_id=draft.id)


def _draft_to_change(visit: Visit, conversation_id: UUID) -> Draft | None:
    draft_id = id_in(visit.request.query.get("draft", "")) if visit.request.safe else None
    if draft_id is None:
        return None
    try:
        draft = visit.parts.drafts.get(visit.who, draft_id)
    except NotFound:  # sent or dismissed by somebody else: the page is there all the same
        return None
    return draft if draft.conversation_id == conversation_id else None


def _changing_message(visit: Visit, talk: Talk) -> Composer | None:
    """The words of a message that waits or was not sent; once it has left, that is said and one goes on writing."""
    message_id = id_in(visit.request.query.get("edit", "")) if visit.request.safe else None
    if message_id is None:
        return None
    try:
        message = message_of(visit, message_id)
    except NotFound:
        return None
    if message.campaign_id is not None or message.status not in {Status.QUEUED, Status.FAILED}:
        return replace(_writing(visit, talk), problem=Says("write.left_before"))
    content = message.content
    return replace(
        _empty(visit, talk),
        values=as_typed(content.text, content.price.cents, content.media, visit.locale),
        changes=message_id,
        changes_unsent=message.status is Status.FAILED,
        version=etag(message),
    )
