"""A fan's page: value, tags, notes and what happened; and what can be done there."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from huntaze.errors import Conflict, Stale
from huntaze.members.model import Permission
from huntaze.web import fan_facts
from huntaze.web.answer import Answer
from huntaze.web.asked import LONGEST
from huntaze.web.fan_form import problems_of
from huntaze.web.fan_view import fan_view
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.visit import Visit

LONGEST_NOTE = 5_000


def show_fan(visit: Visit) -> Answer:
    """The whole page, or the part that htmx asks for."""
    view = fan_view(visit, visit.parts.fans.get(visit.who, visit.id("fan_id")))
    return visit.part(view) if visit.request.part else visit.page("fan.html", view, active="fans")


def change_facts(visit: Visit) -> Answer:
    """Change what is known of this fan, unless others have changed it meanwhile; what was typed is kept beside it."""
    visit.who.must(Permission.WRITE_FANS)
    fan_id, typed = visit.id("fan_id"), fan_facts.typed_by(visit)
    form = {"typed": typed, "version": visit.form["version"]}
    if problems := problems_of(typed, visit.locale):
        return _with(visit, fan_id, HTTPStatus.BAD_REQUEST, problems=problems, **form)
    try:
        fan = fan_facts.save(visit, typed)
    except Stale:
        fan = visit.parts.fans.get(visit.who, fan_id)
        theirs = {name: word for name, word in fan_facts.facts_of(fan).items() if word != typed[name]}
        stale = {"problems": {"facts": Says("form.stale")}, "theirs": theirs, "version": fan_facts.version(fan)}
        return _with(visit, fan_id, HTTPStatus.PRECONDITION_FAILED, **(form | stale))
    return _done(visit, fan_id, Says("toast.fan_saved", {"name": fan.name}))


def change_tags(visit: Visit) -> Answer:
    """Put one tag on this fan, or take one off."""
    fan_id, form = visit.id("fan_id"), visit.form
    if form["remove"]:
        visit.parts.tags.take_from(visit.who, fan_id, form["remove"])
        return _done(visit, fan_id, Says("toast.tag_removed", {"tag": form["remove"]}))
    tag = " ".join(form["add"].replace("\x00", "").split())
    problem = _problem_of(tag, LONGEST)
    if problem is None:
        try:
            visit.parts.tags.put_on(visit.who, fan_id, tag)
            return _done(visit, fan_id, Says("toast.tag_added", {"tag": tag}))
        except Conflict:
            problem = Says("problem.too_many_tags", {"count": 100})
    return _again(visit, fan_id, "tag", form["add"], problem)


def add_note(visit: Visit) -> Answer:
    """Keep what somebody wrote about this fan."""
    fan_id, text = visit.id("fan_id"), visit.form["text"]
    problem = _problem_of(text.strip(), LONGEST_NOTE)
    if problem is not None:
        return _again(visit, fan_id, "text", text, problem)
    visit.parts.notes.add(visit.who, fan_id, text.strip())
    return _done(visit, fan_id, Says("toast.note_saved"))


def change_note(visit: Visit) -> Answer:
    """Give a note other words."""
    fan_id, note_id, text = visit.id("fan_id"), visit.id("note_id"), visit.form["text"]
    problem = _problem_of(text.strip(), LONGEST_NOTE)
    if problem is not None:
        return _again(visit, fan_id, f"note-{note_id}", text, problem)
    visit.parts.notes.change(visit.who, fan_id, note_id, text.strip())
    return _done(visit, fan_id, Says("toast.note_changed"))


def delete_note(visit: Visit) -> Answer:
    """Delete a note for good; the page has asked before."""
    fan_id = visit.id("fan_id")
    visit.parts.notes.delete(visit.who, fan_id, visit.id("note_id"))
    return _done(visit, fan_id, Says("toast.note_deleted"))


def delete_fan(visit: Visit) -> Answer:
    """Delete this fan, and offer to undo it."""
    fan = visit.parts.fans.get(visit.who, visit.id("fan_id"))
    visit.parts.fans.delete(visit.who, fan.id)
    undo = Undo(action=f"/fans/{fan.id}/restore")
    return visit.go(visit.way_back("/fans"), Toast(says=Says("toast.fan_deleted", {"name": fan.name}), undo=undo))


def restore_fan(visit: Visit) -> Answer:
    """Undo that."""
    fan = visit.parts.fans.restore(visit.who, visit.id("fan_id"))
    return visit.go(f"/fans/{fan.id}", Toast(says=Says("toast.fan_restored", {"name": fan.name})))


def _done(visit: Visit, fan_id: UUID, says: Says) -> Answer:
    """The part as it is now, or the whole page by way of a redirect."""
    if not visit.request.part:
        return visit.go(visit.way_back(f"/fans/{fan_id}"), Toast(says=says))
    return visit.part(fan_view(visit, visit.parts.fans.get(visit.who, fan_id)), Toast(says=says))


def _again(visit: Visit, fan_id: UUID, field: str, text: str, problem: Says) -> Answer:
    """The same with what was typed, and what is wrong with it."""
    return _with(visit, fan_id, HTTPStatus.BAD_REQUEST, typed={field: text}, problems={field: problem})


def _with(visit: Visit, fan_id: UUID, status: int, **shown: Any) -> Answer:
    view = replace(fan_view(visit, visit.parts.fans.get(visit.who, fan_id)), **shown)
    if visit.request.part:
        return visit.part(view, status=status)
    return visit.page("fan.html", view, status, active="fans")


def _problem_of(text: str, longest: int) -> Says | None:
    if not text:
        return Says("problem.required")
    if "\x00" in text:
        return Says("problem.text")
    return Says("problem.too_long", {"count": longest}) if len(text) > longest else None


ROUTES = (
    Route("GET", "/fans/{fan_id}", show_fan),
    Route("POST", "/fans/{fan_id}/facts", change_facts),
    Route("POST", "/fans/{fan_id}/tags", change_tags),
    Route("POST", "/fans/{fan_id}/notes", add_note),
    Route("POST", "/fans/{fan_id}/notes/{note_id}", change_note),
    Route("POST", "/fans/{fan_id}/notes/{note_id}/delete", delete_note),
    Route("POST", "/fans/{fan_id}/delete", delete_fan),
    Route("POST", "/fans/{fan_id}/restore", restore_fan),
)
