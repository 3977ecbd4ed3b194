"""Adding a fan and changing one: what was typed stays, whatever was wrong with it."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from huntaze.errors import Conflict, KeyReused, Stale
from huntaze.fans.model import Changes, Fan, NewFan, Platform, SubscriptionStatus
from huntaze.idempotency.model import Answer as Kept
from huntaze.idempotency.model import Keyed
from huntaze.members.model import Permission
from huntaze.tombstones.model import Erased
from huntaze.versions import etag
from huntaze.web import format as formats
from huntaze.web import tokens, typed
from huntaze.web.answer import Answer
from huntaze.web.fans_list import known_tags
from huntaze.web.site import Route
from huntaze.web.views import FanForm, Says, Toast
from huntaze.web.visit import Visit

FIELDS = (
    "name",
    "platform",
    "platform_id",
    "handle",
    "value",
    "email",
    "phone",
    "subscription_status",
    "tags",
    "notes",
)
LONGEST = {"name": 200, "platform_id": 200, "handle": 200, "email": 320, "phone": 50, "notes": 10_000}
LONGEST_TAG = 200
MOST_TAGS = 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_KEY = 100
_LINES = ("notes",)

Words = Mapping[str, str]
Problems = dict[str, Says]


def show_new(visit: Visit) -> Answer:
    """An empty form."""
    visit.who.must(Permission.WRITE_FANS)
    return _page(visit, FanForm(values={}, currency=visit.seat.currency, idempotency_key=tokens.fresh()))


def add(visit: Visit) -> Answer:
    """Add the fan, or say what is wrong."""
    visit.who.must(Permission.WRITE_FANS)
    words, key = _typed(visit), visit.form["idempotency_key"][:_LONGEST_KEY] or tokens.fresh()
    problems = problems_of(words, visit.locale)
    form = FanForm(values=words, currency=visit.seat.currency, problems=problems, idempotency_key=key)
    if problems:
        return _page(visit, form, HTTPStatus.BAD_REQUEST)
    keyed = Keyed(f"page {key}", hashlib.sha256(repr(sorted(words.items())).encode()).digest())
    try:
        # Sent twice, by a double click or a reload, it adds one fan.
        added = visit.parts.idempotency.once(visit.who, keyed, lambda: _added(visit, words))
    except Erased:
        return _page(visit, replace(form, problem=Says("form.erased")), HTTPStatus.CONFLICT)
    except Conflict:
        taken = replace(form, problem=Says("form.taken"), problems={"platform_id": Says("problem.taken")})
        return _page(visit, taken, HTTPStatus.CONFLICT)
    except KeyReused:
        anew = replace(form, problem=Says("form.sent_before"), idempotency_key=tokens.fresh())
        return _page(visit, anew, HTTPStatus.CONFLICT)
    return visit.go(added.headers["Location"], Toast(says=Says("toast.fan_added", {"name": added.body})))


def _added(visit: Visit, words: Words) -> Kept:
    about: dict[str, Any] = dict(_about(words, visit.locale))
    new = NewFan(
        **about,
        platform=Platform(words["platform"]),
        platform_id=words["platform_id"] or None,
        avatar=None,
        last_seen_at=None,
        metadata={},
        currency=None,
    )
    fan = visit.parts.fans.create(visit.who, new)
    return Kept(HTTPStatus.SEE_OTHER, {"Location": f"/fans/{fan.id}"}, fan.name)


def show_edit(visit: Visit) -> Answer:
    """The form with the fan as they are."""
    visit.who.must(Permission.WRITE_FANS)
    fan = visit.parts.fans.get(visit.who, visit.id("fan_id"))
    return _page(visit, _form_of(fan, _words_of(fan, visit.locale)))


def save(visit: Visit) -> Answer:
    """Change the fan unless somebody else has meanwhile; then both versions are there to choose from."""
    visit.who.must(Permission.WRITE_FANS)
    fan_id, words = visit.id("fan_id"), _typed(visit)
    known = visit.parts.fans.get(visit.who, fan_id)
    # Who the fan is on the platform never changes.
    words |= {"platform": known.platform.value, "platform_id": known.platform_id or ""}
    form = replace(_form_of(known, words), version=visit.form["version"])
    problems = problems_of(words, visit.locale)
    if problems:
        return _page(visit, replace(form, problems=problems), HTTPStatus.BAD_REQUEST)
    try:
        fan = visit.parts.fans.update(visit.who, fan_id, _about(words, visit.locale), visit.form["version"])
    except Stale:
        return _page(visit, _beside_theirs(visit, form), HTTPStatus.PRECONDITION_FAILED)
    return visit.go(f"/fans/{fan.id}", Toast(says=Says("toast.fan_saved", {"name": fan.name})))


def _beside_theirs(visit: Visit, form: FanForm) -> FanForm:
    """What was typed, what is there now where the two differ, and the right to overwrite it knowingly."""
    assert form.id is not None  # noqa: S101  # it is the form of a fan
    fan = visit.parts.fans.get(visit.who, form.id)
    now = _words_of(fan, visit.locale)
    theirs = {name: word for name, word in now.items() if word != form.values.get(name, "")}
    return replace(form, version=etag(fan), name=fan.name, problem=Says("form.stale"), theirs=theirs)


def _page(visit: Visit, form: FanForm, status: int = HTTPStatus.OK) -> Answer:
    return visit.page("fan_form.html", replace(form, known_tags=known_tags(visit)), status, active="fans")


def _form_of(fan: Fan, words: Words) -> FanForm:
    return FanForm(id=fan.id, name=fan.name, version=etag(fan), values=words, currency=fan.value.currency)


def _words_of(fan: Fan, locale: str) -> dict[str, str]:
    return {
        "name": fan.name,
        "platform": fan.platform.value,
        "platform_id": fan.platform_id or "",
        "handle": fan.handle or "",
        "value": formats.typed_money(fan.value.cents, locale),
        "email": fan.email or "",
        "phone": fan.phone or "",
        "subscription_status": fan.subscription_status.value,
        "tags": ", ".join(fan.tags),
        "notes": fan.notes,
        "do_not_contact": "1" if fan.do_not_contact else "",
    }


def _typed(visit: Visit) -> dict[str, str]:
    words = visit.form.words(*FIELDS)
    plain = {name: word if name in _LINES else word.strip() for name, word in words.items()}
    return plain | {"do_not_contact": "1" if visit.form["do_not_contact"] else ""}


def _about(words: Words, locale: str) -> Changes:
    """What both adding and changing take; the words have no problems any more."""
    return {
        "name": words["name"],
        "handle": words["handle"].removeprefix("@") or None,
        "email": words["email"] or None,
        "phone": words["phone"] or None,
        "tags": typed.tags(words["tags"]),
        "value_cents": typed.cents(words["value"], locale) or 0,
        "subscription_status": SubscriptionStatus(words["subscription_status"]),
        "do_not_contact": bool(words["do_not_contact"]),
        "notes": words["notes"],
    }


def problems_of(words: Words, locale: str) -> Problems:
    """Everything that is wrong with the fields that are there: the first thing of each."""
    checks: dict[str, Callable[[str], Says | None]] = {
        "name": lambda word: None if word else Says("problem.required"),
        "platform": lambda word: _choice(word, Platform),
        "subscription_status": lambda word: _choice(word, SubscriptionStatus),
        "email": lambda word: None if not word or _EMAIL.fullmatch(word) else Says("problem.email"),
        "value": lambda word: None if not word or typed.cents(word, locale) is not None else Says("problem.money"),
        "tags": _tags_problem,
    }
    found = {name: _text_problem(word, LONGEST.get(name)) for name, word in words.items()}
    found |= {name: found[name] or check(words[name]) for name, check in checks.items() if name in words}
    return {name: says for name, says in found.items() if says}


def _text_problem(word: str, longest: int | None) -> Says | None:
    if "\x00" in word:
        return Says("problem.text")
    return Says("problem.too_long", {"count": longest}) if longest and len(word) > longest else None


def _choice(word: str, choices: type[Platform | SubscriptionStatus]) -> Says | None:
    return None if word in [choice.value for choice in choices] else Says("problem.choice")


def _tags_problem(word: str) -> Says | None:
    tags = typed.tags(word)
    if len(tags) > MOST_TAGS:
        return Says("problem.too_many_tags", {"count": MOST_TAGS})
    return Says("problem.too_long", {"count": LONGEST_TAG}) if any(len(tag) > LONGEST_TAG for tag in tags) else None


ROUTES = (
    Route("GET", "/fans/new", show_new),
    Route("POST", "/fans/new", add),
    Route("GET", "/fans/{fan_id}/edit", show_edit),
    Route("POST", "/fans/{fan_id}/edit", save),
)
