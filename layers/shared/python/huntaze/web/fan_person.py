"""What a person may ask for: everything that is held about them, and to be forgotten."""

from dataclasses import replace
from http import HTTPStatus

from huntaze.errors import Conflict
from huntaze.fans.model import Fan
from huntaze.members.model import Permission
from huntaze.web.answer import Answer
from huntaze.web.fans_list import row
from huntaze.web.person_views import ErasePage
from huntaze.web.site import Route
from huntaze.web.views import MergedFan, Says, Toast
from huntaze.web.visit import Visit

JSON = "application/json"


def everything(visit: Visit) -> Answer:
    """All that is held about a person, as a file to hand to them."""
    from huntaze.dossiers.schema import DossierBody  # noqa: PLC0415  (pydantic, which no other page needs)

    fan_id = visit.id("fan_id")
    body = DossierBody.of(visit.parts.dossiers.of(visit.who, fan_id))
    name = f"everything-{fan_id}.json"
    return Answer(
        body.model_dump_json(by_alias=True, indent=2),
        content_type=JSON,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def show_erase(visit: Visit) -> Answer:
    """What will be gone, and the name to type."""
    visit.who.must(Permission.ERASE_PEOPLE)
    return _page(visit, _view(visit, visit.parts.fans.get(visit.who, visit.id("fan_id"))))


def erase(visit: Visit) -> Answer:
    """Erase them, if the name was typed."""
    visit.who.must(Permission.ERASE_PEOPLE)
    fan = visit.parts.fans.get(visit.who, visit.id("fan_id"))
    typed = visit.form["name"]
    view = replace(_view(visit, fan), typed=typed)
    if " ".join(typed.split()).casefold() != " ".join(fan.name.split()).casefold():
        wrong = replace(view, problems={"name": Says("erase.not_the_name")})
        return _page(visit, wrong, HTTPStatus.BAD_REQUEST)
    try:
        visit.parts.erasures.erase(visit.who, fan.id)
    except Conflict:
        return _page(visit, replace(view, problem=Says("erase.being_sent")), HTTPStatus.CONFLICT)
    return visit.go("/settings/privacy", Toast(says=Says("toast.erased")))


def merged_fans(visit: Visit, fan: Fan) -> tuple[MergedFan, ...]:
    """Who is shown as this fan and could be shown alone again."""
    found = visit.parts.merges.into(visit.who, fan.id)
    return tuple(
        MergedFan(merge_id=one.merge.id, name=one.merged_name, until=one.merge.reversible_until) for one in found
    )


def _view(visit: Visit, fan: Fan) -> ErasePage:
    return ErasePage(fan=row(fan), merged=merged_fans(visit, fan))


def _page(visit: Visit, view: ErasePage, status: int = HTTPStatus.OK) -> Answer:
    return visit.page("fan_erase.html", view, status, active="fans")


ROUTES = (
    Route("GET", "/fans/{fan_id}/everything.json", everything),
    Route("GET", "/fans/{fan_id}/erase", show_erase),
    Route("POST", "/fans/{fan_id}/erase", erase),
)
