"""The third step: when it leaves, everything once more, and the approval that lets it go."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from huntaze.campaigns.model import Campaign, Changes
from huntaze.errors import Conflict, HuntazeError, Invalid, NotFound, Stale, Unavailable
from huntaze.money import Money
from huntaze.versions import etag
from huntaze.web.answer import Answer
from huntaze.web.campaigns_draft import draft, keep, launched, onward, reach_now
from huntaze.web.campaigns_draft_views import Changed, Sample, WhenPage
from huntaze.web.campaigns_views import PATH
from huntaze.web.campaigns_words import PRICED_IN, facts
from huntaze.web.campaigns_written import schedule_fields, schedule_of, schedule_typed
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

if TYPE_CHECKING:
    from huntaze.campaigns.figures import Preview

_LONGEST_HASH = 64
_LONGEST_SEEN = 100_000


def show(visit: Visit) -> Answer:
    """The times as they were kept, and what would happen."""
    campaign = draft(visit)
    return launched(visit) if campaign is None else _page(visit, _of(visit, campaign))


def save(visit: Visit) -> Answer:
    """Keep them, and go back or stay."""
    campaign = draft(visit)
    if campaign is None:
        return launched(visit)
    words = schedule_fields(visit.form)
    schedule, problems = schedule_of(words, campaign.schedule, visit.timezone, visit.parts.clock.now())
    kept = keep(visit, campaign, Changes(schedule=schedule), problems)
    if kept.done and visit.form["do"] == "back":
        return onward(visit, "when", back=True)
    return _page(visit, kept.on(replace(_of(visit, kept.campaign), fields=words)), kept.status)


def launch(visit: Visit) -> Answer:
    """Let it go as it was seen, or show what is different now."""
    campaign_id, form = visit.id("campaign_id"), visit.form
    try:
        seen = bytes.fromhex(form["seen"][:_LONGEST_HASH])
    except ValueError:
        seen = b""
    try:
        standing = visit.parts.launching.launch(visit.who, campaign_id, seen, form["version"] or None)
    except HuntazeError as error:
        return _not_launched(visit, error)
    count = standing.progress.recipients if standing.campaign.is_filled else 0
    says = Says("campaigns.launched", {"count": count}) if count else Says("campaigns.launched_many")
    return visit.go(f"{PATH}/{campaign_id}", Toast(says=says))


def _not_launched(visit: Visit, error: HuntazeError) -> Answer:
    campaign = draft(visit)
    if campaign is None:
        return launched(visit)
    view = _of(visit, campaign)
    match error:
        case Stale():
            changed = _changed(visit, view)
            problem = Says("campaigns.changed_meanwhile")
            return _page(visit, replace(view, problem=problem, changed=changed), HTTPStatus.PRECONDITION_FAILED)
        case Invalid() | Conflict():
            problem = view.missing or Says("campaigns.refused")
            return _page(visit, replace(view, problem=problem), HTTPStatus.CONFLICT)
        case Unavailable():
            return _page(visit, replace(view, problem=Says("campaigns.held")), HTTPStatus.CONFLICT)
    raise error


def _changed(visit: Visit, view: WhenPage) -> tuple[Changed, ...]:
    """What the person saw beside what there is now, where the two differ."""
    try:
        told = json.loads(visit.form["saw"][:_LONGEST_SEEN])
        before = {str(label): str(text) for label, text in told}
    except (ValueError, TypeError):
        return ()
    now = dict(view.facts)
    return tuple(
        Changed(label=label, before=before.get(label, ""), now=now.get(label, ""))
        for label in dict.fromkeys([*before, *now])
        if before.get(label) != now.get(label)
    )


def _of(visit: Visit, campaign: Campaign) -> WhenPage:
    preview = visit.parts.previewing.preview(visit.who, campaign.id)
    campaign = preview.campaign
    told = facts(visit, campaign)
    return WhenPage(
        step="when",
        id=campaign.id,
        name=campaign.name,
        version=etag(campaign),
        fields=schedule_typed(campaign.schedule, visit.timezone),
        zone=visit.timezone,
        reach=reach_now(preview.reach),
        finishes_at=preview.finishes_at,
        overlaps=preview.overlaps,
        samples=tuple(_samples(visit, preview)),
        facts=told,
        missing=_missing(visit, preview),
        seen=campaign.content_hash.hex(),
        saw=json.dumps(told, ensure_ascii=False),
    )


def _missing(visit: Visit, preview: "Preview") -> Says | None:
    """Why it cannot be let go yet."""
    campaign = preview.campaign
    if any(not variant.content.strip() and not variant.media for variant in campaign.variants):
        return Says("campaigns.missing.words")
    if campaign.schedule.ends_at and campaign.schedule.ends_at <= visit.parts.clock.now():
        return Says("campaigns.missing.time")
    if preview.reach.recipients:
        return None
    return Says("campaigns.missing.account" if "no_account" in preview.reach.excluded else "campaigns.missing.fans")


def _samples(visit: Visit, preview: "Preview") -> Iterator[Sample]:
    """Each wording as the first fan reads it who gets it; one that none of these few gets stands as it is written."""
    campaign = preview.campaign
    read: dict[str, tuple[str, str]] = {}
    for fan_id in preview.reach.sample:
        with suppress(NotFound):  # deleted meanwhile
            rendering = visit.parts.previewing.text_for(visit.who, campaign.id, fan_id)
            read.setdefault(rendering.variant.name, (rendering.text, visit.parts.fans.get(visit.who, fan_id).name))
    for variant in campaign.variants:
        text, fan = read.get(variant.name, (variant.content, ""))
        price = Money(variant.price_cents, PRICED_IN) if variant.price_cents else None
        about = {"name": variant.name, "share": variant.share, "media": len(variant.media)}
        yield Sample(text=text, fan=fan, price=price, **about)  # type: ignore[arg-type]  # they are its fields


def _page(visit: Visit, view: WhenPage, status: int = HTTPStatus.OK) -> Answer:
    if visit.request.part:
        return visit.part(view)
    return visit.page("campaign_when.html", view, status, active="campaigns")


ROUTES = (
    Route("GET", f"{PATH}/{{campaign_id}}/when", show),
    Route("POST", f"{PATH}/{{campaign_id}}/when", save),
    Route("POST", f"{PATH}/{{campaign_id}}/launch", launch),
)
