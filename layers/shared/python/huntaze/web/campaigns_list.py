"""The campaigns of the workspace: how far each is, when it is through, and what came of it."""

from typing import TYPE_CHECKING

from huntaze.campaigns.model import Outcome, Status
from huntaze.errors import Invalid
from huntaze.members.model import Permission
from huntaze.web.answer import Answer
from huntaze.web.campaigns_views import PATH, CampaignRow, CampaignsPage
from huntaze.web.campaigns_words import rests, still
from huntaze.web.site import Route
from huntaze.web.views import Says
from huntaze.web.visit import Visit

if TYPE_CHECKING:
    from huntaze.campaigns.figures import Standing

ROWS = 40
_STATES = {status.value: status for status in Status}


def show_campaigns(visit: Visit) -> Answer:
    """A page of the list, or what is new in it; nothing when nothing is."""
    state, cursor = visit.request.query.get("state", ""), visit.request.query.get("cursor", "")
    status = _STATES.get(state)
    places = visit.bookmarks("campaigns", status or "")
    try:
        page = visit.parts.campaigns.page(visit.who, ROWS, places.position(cursor or None), status)
    except Invalid:  # the cursor belongs to another state: the list is still there, from its newest
        return visit.go(PATH)
    rows = tuple(map(_row, page.items))
    view = CampaignsPage(
        rows=rows,
        status=status or "",
        any_campaigns=bool(rows) or status is not None or bool(cursor),
        may_run=visit.who.may(Permission.RUN_CAMPAIGNS),
        cursor=cursor,
        next_cursor=places.cursor(page.next),
        word=visit.word_of(rows),
    )
    return visit.page_or_news("campaigns.html", view, active="campaigns")


def _row(standing: "Standing") -> CampaignRow:
    campaign, progress = standing.campaign, standing.progress
    return CampaignRow(
        id=campaign.id,
        name=campaign.name,
        status=campaign.status,
        why=_why(standing),
        sent=progress.of(Outcome.SENT),
        ended=progress.ended,
        recipients=progress.recipients,
        replies=progress.replies,
        revenue=progress.revenue,
        at=campaign.launched_at or campaign.updated_at,
        starts_at=campaign.schedule.starts_at,
        finishes_at=standing.finishes_at and standing.finishes_at.replace(second=0, microsecond=0),
        completed_at=campaign.completed_at,
        is_filled=campaign.is_filled,
    )


def _why(standing: "Standing") -> Says | None:
    """Why it rests, or stands still so that nobody can say when it will be through."""
    campaign = standing.campaign
    if campaign.status is Status.ACTIVE and standing.finishes_at is None:
        return next((one.says for one in still(standing)), None)
    return rests(campaign.status, campaign.pause_reason)


ROUTES = (Route("GET", PATH, show_campaigns),)
