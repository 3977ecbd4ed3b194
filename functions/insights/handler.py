"""Numbers: who pays and why, when, and through whom."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from huntaze import wiring
from huntaze.analytics.answers import BestFansBody, OverviewBody, SeriesBody
from huntaze.analytics.asking import NumbersQuery, SeriesQuery, TableQuery, TopFansQuery
from huntaze.analytics.told import CampaignResultsBody, ChattersBody, CohortsBody, HeatmapBody, PpvBody
from huntaze.edge import sheets
from huntaze.edge.api import Caller, HttpApi

app = HttpApi(wiring.current, group="insights")

ANALYTICS = "/api/crm/analytics"
TAGS = ["Analytics"]

Numbers = Annotated[NumbersQuery, Query()]


@app.get(f"{ANALYTICS}/overview", summary="Key figures, each beside the period before", tags=TAGS)
def read_overview(who: Caller, query: Numbers) -> OverviewBody:
    return OverviewBody.of(wiring.current().analytics.overview(who, query.asked()))


@app.get(f"{ANALYTICS}/revenue", summary="Revenue by day, week or month, and by kind", tags=TAGS)
def read_revenue(who: Caller, query: Annotated[SeriesQuery, Query()]) -> SeriesBody:
    return SeriesBody.of(wiring.current().analytics.revenue(who, query.asked(), query.step))


@app.get(f"{ANALYTICS}/top-fans", summary="Who paid most", tags=TAGS)
def rank_fans(who: Caller, query: Annotated[TopFansQuery, Query()]) -> BestFansBody:
    return BestFansBody.of(wiring.current().analytics.top_fans(who, query.asked(), query.limit))


@app.get(f"{ANALYTICS}/heatmap", summary="In which hours of the week fans write and pay", tags=TAGS)
def read_heatmap(who: Caller, query: Numbers) -> HeatmapBody:
    return HeatmapBody.of(wiring.current().analytics.heatmap(who, query.asked()))


@app.get(f"{ANALYTICS}/ppv", summary="Which prices sell", tags=TAGS)
def read_ppv(who: Caller, query: Numbers) -> PpvBody:
    return PpvBody.of(wiring.current().analytics.ppv(who, query.asked()))


@app.get(f"{ANALYTICS}/chatters", summary="Who answered how fast, and earned what with it", tags=TAGS)
def read_chatters(who: Caller, query: Numbers) -> ChattersBody:
    return ChattersBody.of(wiring.current().analytics.chatters(who, query.asked()))


@app.get(f"{ANALYTICS}/campaigns", summary="What came of the campaigns of a period", tags=TAGS)
def read_campaign_results(who: Caller, query: Numbers) -> CampaignResultsBody:
    return CampaignResultsBody.of(wiring.current().analytics.campaigns(who, query.asked()))


@app.get(f"{ANALYTICS}/cohorts", summary="Who pays again, month after month", tags=TAGS)
def read_cohorts(who: Caller, query: Numbers) -> CohortsBody:
    return CohortsBody.of(wiring.current().analytics.cohorts(who, query.asked()))


@app.get(f"{ANALYTICS}/export.csv", summary="Any of these tables, to take along", tags=TAGS, responses=sheets.ANSWERS)
def export_numbers(who: Caller, query: Annotated[TableQuery, Query()]) -> Response[str]:
    text = "".join(wiring.current().analytics.export(who, query.asked(), query.table, query.step))
    return sheets.sheet(text, query.table, f"{ANALYTICS}/export.csv", None)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
