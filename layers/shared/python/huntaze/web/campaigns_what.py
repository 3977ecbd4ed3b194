"""The second step: what it says, in one wording or up to four, with a look at what a fan would get."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from huntaze.campaigns.model import MOST_VARIANTS, Campaign, Changes
from huntaze.errors import NotFound
from huntaze.fans.model import Filters, Listing, Sort
from huntaze.money import Money
from huntaze.templates import model as templates
from huntaze.versions import etag
from huntaze.web import format as formats
from huntaze.web import typed
from huntaze.web.answer import Answer
from huntaze.web.campaigns_draft import draft, keep, launched, onward
from huntaze.web.campaigns_draft_views import VariantFields, WhatPage
from huntaze.web.campaigns_views import PATH
from huntaze.web.campaigns_words import PRICED_IN
from huntaze.web.campaigns_written import ALL, NAMES, variant_fields, variant_of, variant_problems, variant_typed
from huntaze.web.desk_views import FanChoice, Preview
from huntaze.web.inbox_typed import id_in
from huntaze.web.site import Route
from huntaze.web.texts import wrongly_worded
from huntaze.web.visit import Visit
from huntaze.wording.model import IllWorded, Variable, Wording
from huntaze.wording.service import values_of

_FANS_TO_TRY = 20
_TEMPLATES = 50
_LONGEST_SEARCH = 200

All = tuple[VariantFields, ...]
Values = dict[Variable, str]


def show(visit: Visit) -> Answer:
    """The words as they were kept."""
    campaign = draft(visit)
    if campaign is None:
        return launched(visit)
    variants = tuple(variant_typed(one, place, visit.locale) for place, one in enumerate(campaign.variants))
    return _page(visit, _view(campaign, variants, etag(campaign)))


def save(visit: Visit) -> Answer:
    """Keep them, and go on, back, or stay."""
    campaign = draft(visit)
    if campaign is None:
        return launched(visit)
    do = visit.form["do"]
    variants = _done(visit, variant_fields(visit.form), do)
    problems = variant_problems(variants, visit.locale)
    meant = () if problems else tuple(variant_of(fields, visit.locale) for fields in variants)
    kept = keep(visit, campaign, Changes(variants=meant), problems)
    if kept.done and not visit.request.part and do in {"", "next", "back"}:
        return onward(visit, "what", back=do == "back")
    return _page(visit, kept.on(_view(campaign, variants, kept.version)), kept.status)


def _done(visit: Visit, variants: All, do: str) -> All:
    """The wordings with one more, without one, or with the words of a template in one."""
    act, _, place = do.partition("-")
    if act == "add" and len(variants) < MOST_VARIANTS:
        return _shared((*variants, VariantFields(place=0, name="", share="")))
    if act == "remove" and len(variants) > 1:
        return _shared(tuple(one for one in variants if str(one.place) != place))
    if act == "template":
        return tuple(_taken_over(visit, one) if str(one.place) == place else one for one in variants)
    return variants


def _shared(variants: All) -> All:
    """Each with a name and an equal part of everybody."""
    part, rest = divmod(ALL, len(variants))
    return tuple(
        replace(one, place=place, name=NAMES[place], share=str(part + (place < rest)))
        for place, one in enumerate(variants)
    )


def _taken_over(visit: Visit, fields: VariantFields) -> VariantFields:
    template_id = id_in(visit.form[f"v{fields.place}-template"])
    if template_id is None:
        return fields
    try:
        template = visit.parts.templates.get(visit.who, template_id)
    except NotFound:  # deleted meanwhile
        return fields
    cents = template.price.cents if template.price.currency == PRICED_IN else 0
    return replace(
        fields,
        content=template.text,
        price=formats.typed_money(cents, visit.locale) if cents else "",
        media="\n".join(media.url for media in template.attachments),
    )


def _view(campaign: Campaign, variants: All, version: str) -> WhatPage:
    return WhatPage(
        step="what",
        id=campaign.id,
        name=campaign.name,
        version=version,
        variants=variants,
        may_add=len(variants) < MOST_VARIANTS,
    )


def _page(visit: Visit, view: WhatPage, status: int = HTTPStatus.OK) -> Answer:
    words = {} if visit.request.safe else visit.form.words("fan", "fan_q")
    fan_q = words.get("fan_q", "").replace("\x00", "").strip()[:_LONGEST_SEARCH]
    fans = _fans(visit, fan_q)
    chosen = next((one.id for one in fans if str(one.id) == words.get("fan")), fans[0].id if fans else None)
    values = _values(visit, chosen)
    variants = tuple(_looked_at(fields, values, visit.locale) for fields in view.variants)
    view = replace(view, variants=variants, fans=fans, fan=chosen, fan_q=fan_q)
    if visit.request.part:
        return visit.part(view)
    kept = visit.parts.templates.page(visit.who, templates.Filters(), _TEMPLATES).items
    view = replace(view, templates=tuple(FanChoice(id=one.id, name=one.name) for one in kept))
    return visit.page("campaign_what.html", view, status, active="campaigns")


def _fans(visit: Visit, q: str) -> tuple[FanChoice, ...]:
    """Some fans to try it on: the last seen, or those whose name was typed."""
    listing = Listing(_FANS_TO_TRY, Filters(q=q or None), Sort.LAST_SEEN)
    return tuple(FanChoice(id=fan.id, name=fan.name) for fan in visit.parts.fans.page(visit.who, listing).fans)


def _values(visit: Visit, fan_id: UUID | None) -> Values | None:
    if fan_id is None:
        return None
    try:
        return values_of(visit.parts.fans.get(visit.who, fan_id), visit.parts.profiles.creator(visit.who))
    except NotFound:  # deleted meanwhile
        return None


def _looked_at(fields: VariantFields, values: Values | None, locale: str) -> VariantFields:
    cents = typed.cents(fields.price, locale)
    locked = Money(cents, PRICED_IN) if cents else None
    try:
        filled = Wording(fields.content).filled(values or {})
    except IllWorded as error:
        return replace(fields, preview=Preview(problem=wrongly_worded(error)), locked=locked)
    missing = filled.missing if values is not None else ()
    return replace(fields, preview=Preview(text=filled.text, missing=missing), locked=locked)


ROUTES = (
    Route("GET", f"{PATH}/{{campaign_id}}/what", show),
    Route("POST", f"{PATH}/{{campaign_id}}/what", save),
)
