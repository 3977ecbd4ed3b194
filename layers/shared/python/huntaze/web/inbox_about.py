"""What stands beside a thread about its fan: fetched after the thread, which never waits for it."""

from dataclasses import replace
from http import HTTPStatus

from huntaze.members.model import Permission
from huntaze.web.answer import Answer
from huntaze.web.fan_view import pane_view
from huntaze.web.inbox_field import with_composer
from huntaze.web.inbox_list import asked
from huntaze.web.inbox_page import page_of, read_by
from huntaze.web.inbox_views import PATH, About, AboutPart
from huntaze.web.site import Route
from huntaze.web.visit import Visit


def show_about(visit: Visit) -> Answer:
    """The pane, or the part of it that htmx asks for; without a script the whole page, with the pane open."""
    visit.who.must(Permission.READ_FANS)
    conversation = visit.parts.conversations.get(visit.who, visit.id("conversation_id"))
    fan = visit.parts.fans.get(visit.who, visit.parts.merges.shown(visit.who, conversation.fan_id))
    about = About.of(conversation.id, conversation.fan_name, asked(visit))
    about = replace(about, fan=pane_view(visit, fan, about.address))
    if visit.request.part:
        return visit.part(AboutPart(about=about))
    read_by(visit, conversation.id)
    view = with_composer(visit, page_of(visit, conversation.id))
    return visit.page("inbox.html", replace(view, about=about), HTTPStatus.OK, active="inbox")


ROUTES = (Route("GET", f"{PATH}/{{conversation_id}}/about", show_about),)
