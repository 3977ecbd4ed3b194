"""A campaign that was launched: its progress, its results, everybody who was to get it, and what can be done."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from huntaze.campaigns.model import Campaign, Outcome, PauseReason, Status
from huntaze.errors import Conflict, Invalid, Unavailable
from huntaze.members.model import Permission
from huntaze.money import Money
from huntaze.spreadsheets import CONTENT_TYPE
from huntaze.web.answer import Answer
from huntaze.web.campaigns_views import PATH, CampaignPage, RecipientRow, Result
from huntaze.web.campaigns_words import facts, left, rests, still, why
from huntaze.web.site import Handler, Route
from huntaze.web.views import Says, Toast, address_of
from huntaze.web.visit import Visit

if TYPE_CHECKING:
    from huntaze.campaigns.figures import Progress, Recipient, Standing

ROWS = 40
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_ACTS = ("pause", "resume", "cancel", "retry")


def show_campaign(visit: Visit) -> Answer:
    """The whole page, or what is new in it; a draft goes on where it was left."""
    campaign_id = visit.id("campaign_id")
    standing = visit.parts.campaigns.get(visit.who, campaign_id)
    may_run = visit.who.may(Permission.RUN_CAMPAIGNS)
    if standing.campaign.status is Status.DRAFT and may_run:
        written = any(variant.content or variant.media for variant in standing.campaign.variants)
        return visit.go(f"{PATH}/{campaign_id}/{'when' if written else 'what'}")
    state, cursor = visit.request.query.get("state", ""), visit.request.query.get("cursor", "")
    outcome, places = _OUTCOMES.get(state), visit.bookmarks("recipients", campaign_id, state)
    try:
        page = visit.parts.campaigns.recipients(visit.who, campaign_id, ROWS, places.position(cursor or None), outcome)
    except Invalid:  # the cursor belongs to another state
        return visit.go(f"{PATH}/{campaign_id}")
    view = replace(
        _view(visit, standing),
        rows=tuple(map(_row, page.items)),
        outcome=outcome or "",
        cursor=cursor,
        next_cursor=places.cursor(page.next),
    )
    return visit.page_or_news("campaign.html", replace(view, word=visit.word_of(view)), active="campaigns")


def export(visit: Visit) -> Answer:
    """Its recipients as a file, or as much of it as one answer carries: the rest is where the answer says."""
    campaign_id = visit.id("campaign_id")
    places = visit.bookmarks("sheet", campaign_id)
    cursor = visit.request.query.get("cursor")
    part = visit.parts.campaign_sheets.part(visit.who, campaign_id, places.position(cursor))
    headers = {"Content-Disposition": f'attachment; filename="campaign-{campaign_id}.csv"'}
    if (following := places.cursor(part.next)) is not None:
        headers["Link"] = f'<{address_of(f"{PATH}/{campaign_id}/recipients.csv", {"cursor": following})}>; rel="next"'
    return Answer(part.text, HTTPStatus.OK, CONTENT_TYPE, headers)


def _view(visit: Visit, standing: "Standing") -> CampaignPage:
    campaign, progress = standing.campaign, standing.progress
    return CampaignPage(
        id=campaign.id,
        name=campaign.name,
        status=campaign.status,
        why=rests(campaign.status, campaign.pause_reason),
        what_to_do=_what_to_do(campaign, progress),
        still=still(standing),
        facts=facts(visit, campaign),
        approver=campaign.approver,
        launched_at=campaign.launched_at,
        starts_at=campaign.schedule.starts_at,
        finishes_at=standing.finishes_at and standing.finishes_at.replace(second=0, microsecond=0),
        completed_at=campaign.completed_at,
        is_filled=campaign.is_filled or campaign.status is Status.DRAFT,
        ended=progress.ended,
        recipients=progress.recipients,
        waiting=progress.waiting,
        total=_result(progress, "", None),
        results=_results(campaign, progress),
        left_out=left(progress.excluded),
        rows=(),
        counts={outcome.value: progress.of(outcome) for outcome in Outcome},
        may_run=visit.who.may(Permission.RUN_CAMPAIGNS),
        may_see_fans=visit.who.may(Permission.READ_FANS),
    )


def _what_to_do(campaign: Campaign, progress: "Progress") -> Says | None:
    """What somebody can do about it, where a campaign rests."""
    if campaign.status is not Status.PAUSED or campaign.pause_reason is None:
        return None
    gaps = {"failed": progress.of(Outcome.FAILED), "ended": progress.ended}
    return Says(f"campaigns.rests.{campaign.pause_reason}.do", gaps if _is_about_errors(campaign) else {})


def _is_about_errors(campaign: Campaign) -> bool:
    return campaign.pause_reason is PauseReason.ERRORS


def _results(campaign: Campaign, progress: "Progress") -> tuple[Result, ...]:
    """One by one, where there are several wordings."""
    if len(campaign.variants) == 1:
        return ()
    return tuple(
        _result(progress.of_variant(variant.name), variant.name, variant.share) for variant in campaign.variants
    )


def _result(progress: "Progress", name: str, share: int | None) -> Result:
    return Result(
        name=name,
        share=share,
        sent=progress.of(Outcome.SENT),
        failed=progress.of(Outcome.FAILED),
        unknown=progress.of(Outcome.UNKNOWN),
        skipped=sum(progress.excluded.values()),
        waiting=progress.waiting,
        replies=progress.replies,
        buyers=progress.buyers,
        revenue=progress.revenue,
    )


def _row(one: "Recipient") -> RecipientRow:
    return RecipientRow(
        fan_id=one.fan_id,
        name=one.name,
        outcome=one.outcome,
        why=why(one.outcome, one.reason),
        variant=one.variant,
        sent_at=one.sent_at,
        replied_at=one.replied_at,
        revenue=Money(one.revenue_cents, one.currency) if one.revenue_cents else None,
    )


def _act(act: str) -> Handler:
    """A handler that does this with a campaign, and says what is so now."""

    def handler(visit: Visit) -> Answer:
        steering = visit.parts.steering
        acts: dict[str, Callable[..., Standing]] = {
            "pause": steering.pause,
            "resume": steering.resume,
            "cancel": steering.cancel,
            "retry": steering.retry_failed,
        }
        campaign_id = visit.id("campaign_id")
        try:
            acts[act](visit.who, campaign_id)
            toast = Toast(says=Says(f"campaigns.did.{act}"))
        except Conflict:  # somebody else was quicker, or it came to its end
            toast = Toast(says=Says("campaigns.not_now"), tone="warning")
        except Unavailable:
            toast = Toast(says=Says("campaigns.held"), tone="warning")
        return visit.go(f"{PATH}/{campaign_id}", toast)

    return handler


ROUTES = (
    Route("GET", f"{PATH}/{{campaign_id}}", show_campaign),
    Route("GET", f"{PATH}/{{campaign_id}}/recipients.csv", export),
    *(Route("POST", f"{PATH}/{{campaign_id}}/{act}", _act(act)) for act in _ACTS),
)
