"""The first step: whom it is for. With every change it says how many that are, and who is left out and why."""

import hashlib
from dataclasses import replace
from http import HTTPStatus

from huntaze.campaigns.model import MOST_NAMED_RECIPIENTS, Audience, Campaign, Changes, Filter, Plan, Variant
from huntaze.errors import Invalid, KeyReused
from huntaze.idempotency.model import Answer as Remembered
from huntaze.idempotency.model import Keyed
from huntaze.members.model import Permission
from huntaze.messages.prices import SENDING
from huntaze.versions import etag
from huntaze.web import asked, tokens
from huntaze.web import format as formats
from huntaze.web.answer import Answer
from huntaze.web.campaigns_draft import draft, keep, launched, name_problem, onward, reach_now
from huntaze.web.campaigns_draft_views import FilterFields, WhomPage
from huntaze.web.campaigns_typed import (
    MOST_EXCLUSIONS,
    audience_of,
    excluded_fields,
    fields_of,
    filter_fields,
    rules_typed,
)
from huntaze.web.campaigns_views import PATH
from huntaze.web.fans_list import known_tags
from huntaze.web.inbox_typed import id_in
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit
from huntaze.web.words import words

_LONGEST_KEY = 100


def show_new(visit: Visit) -> Answer:
    """An empty form, or one with the filters of the list of fans that somebody comes from."""
    visit.who.must(Permission.RUN_CAMPAIGNS)
    wanted = asked.asked(visit, visit.request.query).filters
    if wanted.q or (wanted.platform and wanted.platform not in SENDING):
        toast = Toast(says=Says("campaigns.not_by_this"), tone="bad")
        return visit.go(asked.asked(visit, visit.request.query).shown.address(), toast)
    include = Filter(
        tags=(wanted.tag,) if wanted.tag else (),
        min_value_cents=wanted.min_value_cents,
        seen_after=wanted.seen_after,
        platforms=(wanted.platform,) if wanted.platform else (),
    )
    today = formats.day(visit.parts.clock.now(), visit.parts.clock.now(), visit.timezone, words(visit.locale))
    name = words(visit.locale).say("campaigns.unnamed", day=today)
    return _page(visit, _view(visit, Audience(include=include), name=name, key=tokens.fresh()))


def create(visit: Visit) -> Answer:
    """Keep a draft of it and go on, or say what is wrong; sent twice it is one draft."""
    visit.who.must(Permission.RUN_CAMPAIGNS)
    audience, problems = audience_of(visit.form, Audience(), visit.locale, visit.timezone)
    name, key = _name(visit), visit.form["key"][:_LONGEST_KEY] or tokens.fresh()
    if _only_looking(visit):
        return _page(visit, _typed(visit, audience, name=name, key=key, problems=problems))
    if problems := problems | name_problem(name):
        return _page(visit, _typed(visit, audience, name=name, key=key, problems=problems), HTTPStatus.BAD_REQUEST)
    keyed = Keyed(f"page {key}", hashlib.sha256(repr((name, audience)).encode()).digest())
    try:
        answer = visit.parts.idempotency.once(visit.who, keyed, lambda: _created(visit, name, audience))
    except KeyReused:
        told = {"name": name, "key": tokens.fresh(), "problem": Says("campaigns.sent_before")}
        return _page(visit, _typed(visit, audience, **told), HTTPStatus.CONFLICT)
    except Invalid:
        told = {"name": name, "key": key, "problem": Says("campaigns.not_kept")}
        return _page(visit, _typed(visit, audience, **told), HTTPStatus.BAD_REQUEST)
    return visit.go(answer.headers["Location"])


def from_fans(visit: Visit) -> Answer:
    """A draft to the fans ticked in their list, or the form with the filters of all of them."""
    visit.who.must(Permission.RUN_CAMPAIGNS)
    shown = asked.asked(visit, visit.form.words(*asked.NAMES)).shown
    if visit.form["all"] == "1":
        return visit.go(shown.address(f"{PATH}/new"))
    ids = dict.fromkeys(str(fan_id) for word in visit.form.all("fan") if (fan_id := id_in(word)))
    if not ids or len(ids) > MOST_NAMED_RECIPIENTS:
        return visit.go(visit.way_back("/fans"), Toast(says=Says("toast.nobody_selected"), tone="bad"))
    name = words(visit.locale).say("campaigns.unnamed_few", count=len(ids))
    try:
        created = _created(visit, name, Audience(recipient_ids=tuple(ids)))
    except Invalid:
        return visit.go(visit.way_back("/fans"), Toast(says=Says("toast.somebody_gone"), tone="bad"))
    return visit.go(created.headers["Location"].replace("/what", "/whom"))


def show(visit: Visit) -> Answer:
    """The form as it was kept."""
    campaign = draft(visit)
    return launched(visit) if campaign is None else _page(visit, _of(visit, campaign))


def save(visit: Visit) -> Answer:
    """Keep it, and go on or stay."""
    campaign = draft(visit)
    if campaign is None:
        return launched(visit)
    audience, problems = audience_of(visit.form, campaign.audience, visit.locale, visit.timezone)
    name = _name(visit)
    kept = keep(visit, campaign, Changes(name=name, audience=audience), problems | name_problem(name))
    if kept.done and not _only_looking(visit):
        return onward(visit, "whom")
    view = _typed(visit, audience, id=campaign.id, name=name, problems=kept.problems)
    return _page(visit, kept.on(view), kept.status)


def _only_looking(visit: Visit) -> bool:
    return bool(visit.request.part) or visit.form["do"] == "look" or visit.form["named"] == "0"


def _name(visit: Visit) -> str:
    return " ".join(visit.form["name"].replace("\x00", "").split())


def _created(visit: Visit, name: str, audience: Audience) -> Remembered:
    campaign = visit.parts.campaigns.create(visit.who, Plan(name=name, variants=(Variant(),), audience=audience))
    return Remembered(HTTPStatus.SEE_OTHER, {"Location": f"{PATH}/{campaign.id}/what"}, "")


def _of(visit: Visit, campaign: Campaign) -> WhomPage:
    return _view(visit, campaign.audience, id=campaign.id, name=campaign.name, version=etag(campaign))


def _view(visit: Visit, audience: Audience, **about: object) -> WhomPage:
    """An audience as somebody would have typed it."""
    how = visit.locale, visit.timezone
    found = (fields_of(one, f"exclude_{place}", *how) for place, one in enumerate(audience.exclude))
    return WhomPage(
        step="whom",
        named=None if audience.recipient_ids is None else len(audience.recipient_ids),
        include=fields_of(audience.include, "include", *how),
        excluded=_with_one_more(tuple(found)),
        rules=rules_typed(audience.rules),
        reach=reach_now(visit.parts.previewing.reach(visit.who, audience)),
        **about,  # type: ignore[arg-type]  # the fields of every step
    )


def _typed(visit: Visit, audience: Audience, **about: object) -> WhomPage:
    """The form as it was sent; who is reached is told of what was understood."""
    problems = about.get("problems")
    return WhomPage(
        step="whom",
        named=None if audience.recipient_ids is None else len(audience.recipient_ids),
        include=filter_fields(visit.form, "include"),
        excluded=_with_one_more(excluded_fields(visit.form)),
        rules={name: visit.form[name] for name in rules_typed(audience.rules)},
        reach=None if problems else reach_now(visit.parts.previewing.reach(visit.who, audience)),
        **about,  # type: ignore[arg-type]  # the fields of every step
    )


def _with_one_more(excluded: tuple[FilterFields, ...]) -> tuple[FilterFields, ...]:
    """Each in its place, and an empty one to add."""
    taken = {fields.name for fields in excluded}
    free = next((name for place in range(MOST_EXCLUSIONS) if (name := f"exclude_{place}") not in taken), None)
    return (*excluded, FilterFields(name=free)) if free else excluded


def _page(visit: Visit, view: WhomPage, status: int = HTTPStatus.OK) -> Answer:
    if visit.request.part:
        return visit.part(view)
    view = replace(view, tags=known_tags(visit), currency=visit.seat.currency)
    return visit.page("campaign_whom.html", view, status, active="campaigns")


ROUTES = (
    Route("GET", f"{PATH}/new", show_new),
    Route("POST", f"{PATH}/new", create),
    Route("POST", f"{PATH}/from-fans", from_fans),
    Route("GET", f"{PATH}/{{campaign_id}}/whom", show),
    Route("POST", f"{PATH}/{{campaign_id}}/whom", save),
)
