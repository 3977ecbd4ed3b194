"""The workspace's tags: how many fans have each; renamed, merged into another, or taken off everybody."""

from dataclasses import dataclass
from http import HTTPStatus

from huntaze.errors import Invalid
from huntaze.fans.model import Filters
from huntaze.members.model import Permission
from huntaze.tags.model import TagCount
from huntaze.web.answer import Answer
from huntaze.web.asked import LONGEST
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.visit import Visit

_TOO_MANY = Toast(says=Says("toast.too_many_fans"), tone="bad")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsPage:
    """Every tag. `renaming` is the one whose new name, as it was typed, has a problem."""

    tags: tuple[TagCount, ...]
    may_write: bool
    renaming: str = ""
    typed: str = ""
    problem: Says | None = None


def show_tags(visit: Visit) -> Answer:
    """The whole list, the most used first."""
    return visit.page("fan_tags.html", _view(visit), active="fans")


def rename_tag(visit: Visit) -> Answer:
    """Call a tag otherwise. What has a name of its own again can be undone; two that became one cannot."""
    old, typed = visit.form["tag"], visit.form["name"]
    new = " ".join(typed.replace("\x00", "").split())
    if not new or len(new) > LONGEST:
        problem = Says("problem.too_long", {"count": LONGEST}) if new else Says("problem.required")
        view = _view(visit, renaming=old, typed=typed, problem=problem)
        return visit.page("fan_tags.html", view, HTTPStatus.BAD_REQUEST, active="fans")
    merges = visit.parts.fans.totals(visit.who, Filters(tag=new)).count > 0
    try:
        changed = visit.parts.tags.rename(visit.who, old, new)
    except Invalid:
        return visit.go("/fans/tags", _TOO_MANY)
    gaps = {"old": old, "tag": new, "count": changed}
    if merges:
        return visit.go("/fans/tags", Toast(says=Says("toast.tags_merged", gaps)))
    undo = Undo(action="/fans/tags/rename", fields={"tag": new, "name": old})
    return visit.go("/fans/tags", Toast(says=Says("toast.tag_renamed", gaps), undo=undo if changed else None))


def delete_tag(visit: Visit) -> Answer:
    """Take a tag off everybody; the page has asked before."""
    tag = visit.form["tag"]
    try:
        changed = visit.parts.tags.delete(visit.who, tag)
    except Invalid:
        return visit.go("/fans/tags", _TOO_MANY)
    return visit.go("/fans/tags", Toast(says=Says("toast.untagged", {"tag": tag, "count": changed})))


def _view(visit: Visit, *, renaming: str = "", typed: str = "", problem: Says | None = None) -> TagsPage:
    return TagsPage(
        tags=visit.parts.tags.all(visit.who),
        may_write=visit.who.may(Permission.WRITE_FANS),
        renaming=renaming,
        typed=typed,
        problem=problem,
    )


ROUTES = (
    Route("GET", "/fans/tags", show_tags),
    Route("POST", "/fans/tags/rename", rename_tag),
    Route("POST", "/fans/tags/delete", delete_tag),
)
