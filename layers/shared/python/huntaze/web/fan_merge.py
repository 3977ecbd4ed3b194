"""Merging a fan with another one: search, a look at what will be, and undoing it."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from huntaze.errors import Conflict, Invalid, NotFound
from huntaze.fans.model import Fan, Filters, Listing, Sort
from huntaze.members.model import Permission
from huntaze.merges.model import MOST_TAGS
from huntaze.merges.service import Preview
from huntaze.web.answer import Answer
from huntaze.web.asked import LONGEST
from huntaze.web.fans_list import row
from huntaze.web.person_views import Fact, MergePage
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.visit import Visit

FOUND = 8


def show_merge(visit: Visit) -> Answer:
    """Who it could be; or, once somebody is chosen, what would become of both."""
    visit.who.must(Permission.WRITE_FANS)
    fan = visit.parts.fans.get(visit.who, visit.id("fan_id"))
    chosen = visit.request.query.get("with", "")
    return _look(visit, fan, _id(chosen)) if chosen else _search(visit, fan)


def merge(visit: Visit) -> Answer:
    """Do it, and offer to undo it."""
    fan = visit.parts.fans.get(visit.who, visit.id("fan_id"))
    other_id = _id(visit.form["with"])
    try:
        named = visit.parts.merges.merge(visit.who, fan.id, other_id)
    except Conflict:
        return _look(visit, fan, other_id)
    undo = Undo(action=f"/fans/merges/{named.merge.id}/undo")
    says = Says("toast.merged", {"merged": named.merged_name, "kept": named.kept_name})
    return visit.go(f"/fans/{fan.id}", Toast(says=says, undo=undo))


def undo_merge(visit: Visit) -> Answer:
    """Show both again."""
    try:
        undone = visit.parts.merges.undo(visit.who, visit.id("merge_id"))
    except Conflict:
        return visit.go("/fans", Toast(says=Says("toast.merge_stays"), tone="bad"))
    return visit.go(f"/fans/{undone.kept_id}", Toast(says=Says("toast.unmerged")))


def _search(visit: Visit, fan: Fan) -> Answer:
    q = " ".join(visit.request.query.get("q", "").replace("\x00", "").split())[:LONGEST]
    found: tuple[Fan, ...] = ()
    if q:
        found = visit.parts.fans.page(visit.who, Listing(FOUND + 1, Filters(q=q), Sort.LAST_SEEN)).fans
    others = [row(one) for one in found if one.id != fan.id]
    return _page(visit, MergePage(fan=row(fan), q=q, found=tuple(others[:FOUND])))


def _look(visit: Visit, fan: Fan, other_id: UUID) -> Answer:
    try:
        preview = visit.parts.merges.preview(visit.who, fan.id, other_id)
    except (Conflict, Invalid) as error:
        return _refused(visit, fan, other_id, error)
    other = preview.merged
    return _page(visit, MergePage(fan=row(fan), other=row(other), facts=_facts(preview)))


def _refused(visit: Visit, fan: Fan, other_id: UUID, error: Exception) -> Answer:
    view = MergePage(fan=row(fan), problem=Says("merge.refused.same"))
    if isinstance(error, Conflict):
        try:
            other = visit.parts.fans.get(visit.who, other_id)
        except NotFound:
            view = replace(view, problem=Says("merge.refused.gone"))
        else:
            view = replace(view, problem=Says(_why(fan, other), {"name": other.name, "count": MOST_TAGS}))
    return _page(visit, view, HTTPStatus.CONFLICT)


def _why(fan: Fan, other: Fan) -> str:
    if fan.value.currency != other.value.currency:
        return "merge.refused.currency"
    return "merge.refused.tags" if len({*fan.tags, *other.tags}) > MOST_TAGS else "merge.refused.value"


def _facts(preview: Preview) -> tuple[Fact, ...]:
    """What the merge changes about the kept fan."""
    kept, after = preview.kept, preview.after
    facts = [Fact(name="value", before=kept.value, after=after.value)] if kept.value != after.value else []
    facts += [
        Fact(name=name, before=getattr(kept, name), after=getattr(after, name))
        for name in ("handle", "email", "phone", "notes")
        if getattr(kept, name) != getattr(after, name)
    ]
    if kept.tags != after.tags:
        facts.append(Fact(name="tags", before=", ".join(kept.tags), after=", ".join(after.tags)))
    return tuple(facts)


def _page(visit: Visit, view: MergePage, status: int = HTTPStatus.OK) -> Answer:
    return visit.page("fan_merge.html", view, status, active="fans")


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise NotFound from None


ROUTES = (
    Route("GET", "/fans/{fan_id}/merge", show_merge),
    Route("POST", "/fans/{fan_id}/merge", merge),
    Route("POST", "/fans/merges/{merge_id}/undo", undo_merge),
)
