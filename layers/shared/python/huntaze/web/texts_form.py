"""Writing a quick reply or a template, with a look at what a fan would get. What was typed stays, whatever is wrong."""

import hashlib
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from uuid import UUID

from huntaze.errors import Conflict, KeyReused, NotFound, Stale
from huntaze.fans.model import Listing, Sort
from huntaze.idempotency.model import Answer as Kept
from huntaze.idempotency.model import Keyed
from huntaze.members.model import Permission
from huntaze.versions import etag
from huntaze.web import settings, tokens
from huntaze.web.answer import Answer
from huntaze.web.desk_views import FanChoice, Preview, TextForm
from huntaze.web.site import Route
from huntaze.web.texts import SHELVES, Shelf, Text, Words, problems_of, wrongly_worded
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit
from huntaze.wording.model import IllWorded, Wording
from huntaze.wording.service import values_of

_FANS_TO_TRY = 20
_LONGEST_KEY = 100
_PREVIEW = "text-preview"
_AS_TYPED = ("template", "text")


def show_new(visit: Visit, shelf: Shelf) -> Answer:
    """An empty form."""
    return _page(visit, shelf, replace(_form(visit, shelf, {}), idempotency_key=tokens.fresh()))


def add(visit: Visit, shelf: Shelf) -> Answer:
    """Add what was typed, show how it would look, or say what is wrong."""
    words, key = _typed(visit, shelf), visit.form["idempotency_key"][:_LONGEST_KEY] or tokens.fresh()
    form = replace(_form(visit, shelf, words), idempotency_key=key)
    if _only_looking(visit):
        return _page(visit, shelf, form)
    if problems := problems_of(shelf, words, visit.locale):
        return _page(visit, shelf, replace(form, problems=problems), HTTPStatus.BAD_REQUEST)
    keyed = Keyed(f"page {key}", hashlib.sha256(repr(sorted(words.items())).encode()).digest())
    try:
        # Sent twice, by a double click or a reload, it adds one.
        visit.parts.idempotency.once(visit.who, keyed, lambda: _added(visit, shelf, words))
    except KeyReused:
        anew = replace(form, problem=Says("texts.sent_before"), idempotency_key=tokens.fresh())
        return _page(visit, shelf, anew, HTTPStatus.CONFLICT)
    except Conflict:
        return _page(visit, shelf, _refused(form), HTTPStatus.CONFLICT)
    return visit.go(shelf.path, Toast(says=Says(f"{shelf.key}.added")))


def show_edit(visit: Visit, shelf: Shelf) -> Answer:
    """The form with the text as it is."""
    text = shelf.get(visit, visit.id("text_id"))
    return _page(visit, shelf, _form(visit, shelf, shelf.words_of(text, visit.locale), text))


def save(visit: Visit, shelf: Shelf) -> Answer:
    """Change it unless somebody else has meanwhile; then both versions are there to choose from."""
    text, words = shelf.get(visit, visit.id("text_id")), _typed(visit, shelf)
    form = replace(_form(visit, shelf, words, text), version=visit.form["version"])
    if _only_looking(visit):
        return _page(visit, shelf, form)
    if problems := problems_of(shelf, words, visit.locale):
        return _page(visit, shelf, replace(form, problems=problems), HTTPStatus.BAD_REQUEST)
    try:
        shelf.change(visit, text, words, visit.form["version"])
    except Stale:
        return _page(visit, shelf, _beside_theirs(visit, shelf, form), HTTPStatus.PRECONDITION_FAILED)
    except Conflict:
        return _page(visit, shelf, _refused(form), HTTPStatus.CONFLICT)
    return visit.go(shelf.path, Toast(says=Says(f"{shelf.key}.saved")))


def _added(visit: Visit, shelf: Shelf, words: Words) -> Kept:
    shelf.add(visit, words)
    return Kept(HTTPStatus.SEE_OTHER, {"Location": shelf.path}, "")


def _only_looking(visit: Visit) -> bool:
    return visit.request.part == _PREVIEW or bool(visit.form["preview"])


def _refused(form: TextForm) -> TextForm:
    """A template's name is taken; or there are as many as a workspace can have, which is rare."""
    if "name" in form.values:
        return replace(form, problem=Says("templates.taken"), problems={"name": Says("templates.taken.name")})
    return replace(form, problem=Says("texts.too_many"))


def _beside_theirs(visit: Visit, shelf: Shelf, form: TextForm) -> TextForm:
    """What was typed, what is there now where the two differ, and the right to overwrite it knowingly."""
    assert form.id is not None  # noqa: S101  # it is the form of a text that is there
    text = shelf.get(visit, form.id)
    now = shelf.words_of(text, visit.locale)
    theirs = {name: word for name, word in now.items() if word != form.values.get(name, "")}
    return replace(form, version=etag(text), problem=Says("texts.stale"), theirs=theirs)


def _form(visit: Visit, shelf: Shelf, words: Words, text: Text | None = None) -> TextForm:
    visit.who.must(Permission.WRITE_QUICK_REPLIES)
    return TextForm(
        around=settings.around(visit, shelf.key),
        kind=shelf.key,
        path=shelf.path,
        worded=shelf.worded,
        values=words,
        currency=visit.seat.currency,
        id=text.id if text else None,
        version=etag(text) if text else "",
    )


def _page(visit: Visit, shelf: Shelf, form: TextForm, status: int = HTTPStatus.OK) -> Answer:
    fans, chosen = _fans(visit)
    form = replace(form, fans=fans, fan=chosen, preview=_preview(visit, form.values.get(shelf.worded, ""), chosen))
    if visit.request.part:
        return visit.part(form)
    known = tuple(one.category for one in shelf.categories(visit) if one.category is not None)
    return visit.page("text_form.html", replace(form, categories=known), status, active="settings")


def _fans(visit: Visit) -> tuple[tuple[FanChoice, ...], UUID | None]:
    """Some fans to try a text on, the last seen first, and which one is chosen."""
    found = visit.parts.fans.page(visit.who, Listing(_FANS_TO_TRY, sort=Sort.LAST_SEEN)).fans
    choices = tuple(FanChoice(id=fan.id, name=fan.name) for fan in found)
    asked = "" if visit.request.safe else visit.form["fan"]
    chosen = next((choice.id for choice in choices if str(choice.id) == asked), None)
    return choices, chosen or (choices[0].id if choices else None)


def _preview(visit: Visit, text: str, fan_id: UUID | None) -> Preview:
    if not text or fan_id is None:
        return Preview()
    try:
        wording = Wording(text)
    except IllWorded as error:
        return Preview(problem=wrongly_worded(error))
    try:
        fan = visit.parts.fans.get(visit.who, fan_id)
    except NotFound:  # deleted while this was asked
        return Preview()
    filled = wording.filled(values_of(fan, visit.parts.profiles.creator(visit.who)))
    return Preview(text=filled.text, missing=filled.missing)


def _typed(visit: Visit, shelf: Shelf) -> dict[str, str]:
    words = visit.form.words(*shelf.fields)
    return {name: word if name in _AS_TYPED and word.strip() else word.strip() for name, word in words.items()}


ROUTES = tuple(
    Route(method, shelf.path + path, partial(handler, shelf=shelf))
    for shelf in SHELVES
    for method, path, handler in (
        ("GET", "/new", show_new),
        ("POST", "/new", add),
        ("GET", "/{text_id}/edit", show_edit),
        ("POST", "/{text_id}/edit", save),
    )
)
