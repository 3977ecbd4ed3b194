"""Quick replies and templates as they would read to the fan of the open thread."""

from contextlib import suppress
from uuid import UUID

from huntaze.errors import NotFound
from huntaze.quick_replies import model as quick_replies
from huntaze.templates import model as templates
from huntaze.templates.model import Template
from huntaze.web import format as formats
from huntaze.web.inbox_views import Reply
from huntaze.web.visit import Visit
from huntaze.wording.model import Variable, Wording
from huntaze.wording.service import values_of

MOST = 50  # at hand; all of them have pages of their own

Values = dict[Variable, str]


def at_hand(visit: Visit, fan_id: UUID) -> tuple[tuple[Reply, ...], tuple[Reply, ...]]:
    """The quick replies and the templates that are used most, filled in for this fan."""
    replies = visit.parts.quick_replies.page(visit.who, quick_replies.Filters(), MOST).items
    kept = visit.parts.templates.page(visit.who, templates.Filters(), MOST).items
    if not replies and not kept:
        return (), ()
    try:
        values = values_of(visit.parts.fans.get(visit.who, fan_id), visit.parts.profiles.creator(visit.who))
    except NotFound:  # deleted meanwhile
        return (), ()
    return (
        tuple(
            Reply(id=reply.id, text=Wording(reply.template).filled(values).text, category=reply.category or "")
            for reply in replies
        ),
        tuple(_template(template, values, visit.locale) for template in kept),
    )


def count_use(visit: Visit, fan_id: UUID, *, reply_id: UUID | None, template_id: UUID | None) -> None:
    """What was used to write something is counted once that is sent; if it is gone by then, nothing is."""
    with suppress(NotFound):
        if reply_id is not None:
            visit.parts.quick_replies.use(visit.who, reply_id, fan_id)
    with suppress(NotFound):
        if template_id is not None:
            visit.parts.templates.use(visit.who, template_id, fan_id)


def _template(template: Template, values: Values, locale: str) -> Reply:
    cents = template.price.cents
    return Reply(
        id=template.id,
        name=template.name,
        text=Wording(template.text).filled(values).text,
        category=template.category or "",
        price=template.price if cents else None,
        typed_price=formats.typed_money(cents, locale) if cents else "",
        media=tuple(media.url for media in template.attachments),
    )
