"""Campaigns: one message to a few at once, and many messages to many, from the draft to what came of them."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from huntaze import wiring
from huntaze.campaigns.answers import BulkAnswerBody, CampaignBody, CampaignsBody
from huntaze.campaigns.asking import BulkBody, CampaignsQuery, LaunchBody, PreviewQuery, RecipientsQuery, SheetQuery
from huntaze.campaigns.details import PreviewBody, RecipientsBody, RenderedBody
from huntaze.campaigns.schema import CampaignChangesBody, NewCampaignBody
from huntaze.edge import sheets, switches
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.schema import Id

app = HttpApi(wiring.current, group="campaigns")

CampaignId = Annotated[Id, Path(alias="id")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]

LAUNCHED = "It is no draft any more, or a request with the same key still runs."
CANNOT_LEAVE = (
    "Nobody would get it, its time is over, no account that it could leave through is signed in, it was cancelled, "
    "or a request with the same key still runs."
)
NO_DRAFT = also_told({409: LAUNCHED, 412: "It is no longer the version that If-Match names."})
CANNOT_BE_LAUNCHED = also_told({409: CANNOT_LEAVE, 412: "It is no longer what the caller has seen."})
CANNOT_BE_SENT = also_told({409: CANNOT_LEAVE})
IN_ANOTHER_STATE = also_told(
    {409: "The campaign is in a state in which that cannot be done, or a request with the same key still runs."}
)

CAMPAIGNS, CAMPAIGN = "/api/crm/campaigns", "/api/crm/campaigns/<id>"


@app.post(
    "/api/messages/bulk",
    summary="Approve one message to 1 to 100 fans, and send it",
    tags=["Campaigns"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_BE_SENT,
)
def send_bulk(who: Caller, new: BulkBody) -> BulkAnswerBody:
    switches.onlyfans(wiring.current().settings)
    return BulkAnswerBody.of(wiring.current().launching.bulk(who, new.bulk()))


@app.get(CAMPAIGNS, summary="Campaigns, the newest first", tags=["Campaigns"])
def list_campaigns(who: Caller, query: Annotated[CampaignsQuery, Query()]) -> CampaignsBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id)
    after = bookmarks.position(query.cursor)
    return CampaignsBody.of(wiring.current().campaigns.page(who, query.limit, after, query.status), bookmarks)


@app.post(CAMPAIGNS, summary="Draft a campaign", tags=["Campaigns"], status_code=HTTPStatus.CREATED)
def create_campaign(who: Caller, new: NewCampaignBody) -> CampaignBody:
    return CampaignBody.drafted(wiring.current().campaigns.create(who, new.plan()))


@app.get(CAMPAIGN, summary="One campaign, how far it is and what came of it", tags=["Campaigns"])
def read_campaign(who: Caller, campaign_id: CampaignId) -> CampaignBody:
    return CampaignBody.of(wiring.current().campaigns.get(who, campaign_id))


@app.put(CAMPAIGN, summary="Change a draft", tags=["Campaigns"], openapi_extensions=NO_DRAFT)
def update_campaign(
    who: Caller, campaign_id: CampaignId, body: CampaignChangesBody, if_match: IfMatch = None
) -> CampaignBody:
    return CampaignBody.drafted(wiring.current().campaigns.change(who, campaign_id, body.changes(), if_match))


@app.delete(
    CAMPAIGN,
    summary="Throw a draft away",
    tags=["Campaigns"],
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extensions=NO_DRAFT,
)
def discard_campaign(who: Caller, campaign_id: CampaignId, if_match: IfMatch = None) -> None:
    wiring.current().campaigns.discard(who, campaign_id, if_match)


@app.post(
    f"{CAMPAIGN}/duplicate",
    summary="Draft the same again, without its times",
    tags=["Campaigns"],
    status_code=HTTPStatus.CREATED,
)
def duplicate_campaign(who: Caller, campaign_id: CampaignId) -> CampaignBody:
    return CampaignBody.drafted(wiring.current().campaigns.duplicate(who, campaign_id))


@app.get(f"{CAMPAIGN}/preview", summary="What would happen if it were launched now", tags=["Campaigns"])
def preview_campaign(who: Caller, campaign_id: CampaignId, query: Annotated[PreviewQuery, Query()]) -> PreviewBody:
    previewing, text = wiring.current().previewing, None
    if query.fan_id is not None:
        text = RenderedBody.of(query.fan_id, previewing.text_for(who, campaign_id, query.fan_id))
    return PreviewBody.of(previewing.preview(who, campaign_id), text)


@app.post(
    f"{CAMPAIGN}/launch",
    summary="Approve a campaign, and let it go; asked again, it gives the same answer",
    tags=["Campaigns"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_BE_LAUNCHED,
)
def launch_campaign(who: Caller, campaign_id: CampaignId, body: LaunchBody, if_match: IfMatch = None) -> CampaignBody:
    return CampaignBody.of(wiring.current().launching.launch(who, campaign_id, body.seen, if_match))


@app.post(
    f"{CAMPAIGN}/pause",
    summary="Let it rest; what is on its way at this moment still arrives",
    tags=["Campaigns"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def pause_campaign(who: Caller, campaign_id: CampaignId) -> CampaignBody:
    return CampaignBody.of(wiring.current().steering.pause(who, campaign_id))


@app.post(
    f"{CAMPAIGN}/resume",
    summary="Let it go on",
    tags=["Campaigns"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def resume_campaign(who: Caller, campaign_id: CampaignId) -> CampaignBody:
    return CampaignBody.of(wiring.current().steering.resume(who, campaign_id))


@app.post(
    f"{CAMPAIGN}/cancel",
    summary="Stop it for good",
    tags=["Campaigns"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def cancel_campaign(who: Caller, campaign_id: CampaignId) -> CampaignBody:
    return CampaignBody.of(wiring.current().steering.cancel(who, campaign_id))


@app.post(
    f"{CAMPAIGN}/retry",
    summary="Send again what failed, and nothing else",
    tags=["Campaigns"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=IN_ANOTHER_STATE,
)
def retry_campaign(who: Caller, campaign_id: CampaignId) -> CampaignBody:
    return CampaignBody.of(wiring.current().steering.retry_failed(who, campaign_id))


@app.get(f"{CAMPAIGN}/recipients", summary="What became of each recipient, and why", tags=["Campaigns"])
def list_recipients(who: Caller, campaign_id: CampaignId, query: Annotated[RecipientsQuery, Query()]) -> RecipientsBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id, campaign_id)
    after = bookmarks.position(query.cursor)
    page = wiring.current().campaigns.recipients(who, campaign_id, query.limit, after, query.status)
    return RecipientsBody.of(page, bookmarks)


@app.get(
    f"{CAMPAIGN}/export.csv",
    summary="One row for each recipient, to take along",
    tags=["Campaigns"],
    responses=sheets.ANSWERS,
)
def export_campaign(who: Caller, campaign_id: CampaignId, query: Annotated[SheetQuery, Query()]) -> Response[str]:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id, campaign_id)
    part = wiring.current().campaign_sheets.part(who, campaign_id, bookmarks.position(query.cursor))
    path = f"{CAMPAIGNS}/{campaign_id}/export.csv"
    return sheets.sheet(part.text, f"campaign-{campaign_id}", path, bookmarks.cursor(part.next))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
