"""A campaign that is being written: kept at every step, and never over what somebody else put there meanwhile."""

import re
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from huntaze.campaigns.model import Campaign, Changes, Status
from huntaze.errors import Conflict, FieldError, Invalid, Stale
from huntaze.members.model import Permission
from huntaze.versions import etag
from huntaze.web.answer import Answer
from huntaze.web.campaigns_draft_views import STEPS, DraftPage, ReachNow
from huntaze.web.campaigns_views import PATH
from huntaze.web.campaigns_words import left
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

if TYPE_CHECKING:
    from huntaze.campaigns.figures import Reach

LONGEST_NAME = 200
Page = TypeVar("Page", bound=DraftPage)
_OF_A_VARIANT = re.compile(r"variants\.(\d)\.(\w+)")
_FIELDS = {"content": "content", "mediaUrls": "media", "priceCents": "price"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of keeping a draft; `version` is what the next change is made to."""

    campaign: Campaign
    version: str
    problem: Says | None = None
    problems: dict[str, Says] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether it is kept as it was typed."""
        return self.problem is None and not self.problems

    @property
    def status(self) -> HTTPStatus:
        """What a form is answered with."""
        if self.done:
            return HTTPStatus.OK
        return HTTPStatus.PRECONDITION_FAILED if self.problem else HTTPStatus.BAD_REQUEST

    def on(self, page: Page) -> Page:
        """The page that says so."""
        told = {"problem": self.problem, "problems": self.problems, "saved": self.done}
        return replace(page, version=self.version, **told)  # type: ignore[arg-type]  # they are fields of every step


def draft(visit: Visit) -> Campaign | None:
    """The draft of the address; nothing when it was launched and has a page of its own."""
    visit.who.must(Permission.RUN_CAMPAIGNS)
    campaign = visit.parts.campaigns.get(visit.who, visit.id("campaign_id")).campaign
    return campaign if campaign.status is Status.DRAFT else None


def launched(visit: Visit) -> Answer:
    """On to the page of what was launched meanwhile."""
    return visit.go(f"{PATH}/{visit.id('campaign_id')}")


def keep(visit: Visit, campaign: Campaign, changes: Changes, problems: dict[str, Says]) -> Kept:
    """Keep what differs, unless a part of it was not understood or somebody else was quicker."""
    version = visit.form["version"] or etag(campaign)
    if problems:
        return Kept(campaign=campaign, version=version, problems=problems)
    changed: dict[str, Any] = {name: value for name, value in changes.items() if value != getattr(campaign, name)}
    try:
        kept = visit.parts.campaigns.change(visit.who, campaign.id, Changes(**changed), version)  # type: ignore[typeddict-item]  # they are some of these changes
    except Stale:
        return Kept(campaign=campaign, version=etag(campaign), problem=Says("campaigns.stale"))
    except Invalid as refusal:
        return Kept(campaign=campaign, version=version, **_told(refusal.fields))
    return Kept(campaign=kept, version=etag(kept))


def name_problem(name: str) -> dict[str, Says]:
    """What is wrong with a name."""
    if not name:
        return {"name": Says("problem.required")}
    return {"name": Says("problem.too_long", {"count": LONGEST_NAME})} if len(name) > LONGEST_NAME else {}


def onward(visit: Visit, step: str, *, back: bool = False) -> Answer:
    """To the step after this one, or the one before it."""
    place = STEPS.index(step) + (-1 if back else 1)
    return visit.go(f"{PATH}/{visit.id('campaign_id')}/{STEPS[place]}")


def reach_now(reach: "Reach") -> ReachNow:
    """Whom it reaches, as the pages show it."""
    platforms = {platform.value: count for platform, count in reach.platforms.items() if count}
    return ReachNow(recipients=reach.recipients, platforms=platforms, left_out=left(reach.excluded))


def discard(visit: Visit) -> Answer:
    """Throw a draft away."""
    try:
        visit.parts.campaigns.discard(visit.who, visit.id("campaign_id"))
    except Conflict:
        return launched(visit)
    return visit.go(PATH, Toast(says=Says("campaigns.discarded")))


def duplicate(visit: Visit) -> Answer:
    """The same once more, to be changed and approved anew."""
    try:
        copy = visit.parts.campaigns.duplicate(visit.who, visit.id("campaign_id"))
    except Invalid:  # what it was made of is not allowed any more
        return visit.go(f"{PATH}/{visit.id('campaign_id')}", Toast(says=Says("campaigns.not_copied"), tone="bad"))
    return visit.go(f"{PATH}/{copy.id}/whom", Toast(says=Says("campaigns.copied")))


def _told(fields: tuple[FieldError, ...] | list[FieldError]) -> dict[str, Any]:
    """The refusals beside the fields that they are about."""
    problems: dict[str, Says] = {}
    for fault in fields:
        if found := _OF_A_VARIANT.fullmatch(fault.field):
            name = _FIELDS.get(found[2], "content")
            problems.setdefault(f"v{found[1]}-{name}", Says(f"campaigns.problem.{name}"))
        elif fault.field == "audience.include.platforms":
            problems["include-platforms"] = Says("campaigns.problem.platforms")
        elif fault.field == "schedule.endsAt":
            problems["ends_at"] = Says("campaigns.problem.ends_first")
    return {"problems": problems} if problems else {"problem": Says("campaigns.not_kept")}


ROUTES = (
    Route("POST", f"{PATH}/{{campaign_id}}/discard", discard),
    Route("POST", f"{PATH}/{{campaign_id}}/duplicate", duplicate),
)
