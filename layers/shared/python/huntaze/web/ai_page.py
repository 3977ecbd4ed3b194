"""The settings of how machines write for this creator."""

from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from huntaze.ai_config.model import (
    LONGEST_PERSONALITY,
    LONGEST_PRICE_NAME,
    LONGEST_RESPONSE,
    LONGEST_TRIGGER,
    MOST_CUSTOM_RESPONSES,
    MOST_PRICES,
    AiConfig,
    AiPlatform,
    Changes,
    CustomResponse,
    ResponseLength,
    ResponseStyle,
    Tone,
)
from huntaze.errors import Stale
from huntaze.members.model import Permission
from huntaze.presets.model import for_niche
from huntaze.versions import etag
from huntaze.web import format as formats
from huntaze.web import settings, typed
from huntaze.web.answer import Answer
from huntaze.web.desk_views import AiPage
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

PATH = "/settings/ai"
CHOICES: dict[str, type[StrEnum]] = {"tone": Tone, "response_style": ResponseStyle, "response_length": ResponseLength}
_EMPTY_LINES = 2

Pairs = tuple[tuple[str, str], ...]


def show(visit: Visit) -> Answer:
    """The configuration as it is."""
    return _page(visit, _as_it_is(visit))


def save(visit: Visit) -> Answer:
    """Change it, unless somebody else has meanwhile."""
    page = replace(_as_it_is(visit), **_typed(visit), version=visit.form["version"])
    if problems := _problems(page, visit.locale):
        return _page(visit, replace(page, problems=problems), HTTPStatus.BAD_REQUEST)
    try:
        visit.parts.ai_configs.update(visit.who, _changes(page, visit.locale), visit.form["version"])
    except Stale:
        stale = replace(page, version=etag(visit.parts.ai_configs.of(visit.who)), problem=Says("ai.stale"))
        return _page(visit, stale, HTTPStatus.PRECONDITION_FAILED)
    return visit.go(PATH, Toast(says=Says("ai.saved")))


def delete(visit: Visit) -> Answer:
    """Delete it for good; the page has asked before."""
    visit.parts.ai_configs.delete(visit.who)
    return visit.go(PATH, Toast(says=Says("ai.deleted")))


def _page(visit: Visit, page: AiPage, status: int = HTTPStatus.OK) -> Answer:
    empty = (("", ""),) * _EMPTY_LINES
    longer = replace(
        page,
        responses=(*page.responses, *empty)[:MOST_CUSTOM_RESPONSES],
        prices=(*page.prices, *empty)[:MOST_PRICES],
    )
    return visit.page("ai.html", longer, status, active="settings")


def _as_it_is(visit: Visit) -> AiPage:
    visit.who.must(Permission.CONFIGURE_WORKSPACE)
    config, niche = visit.parts.ai_configs.of(visit.who), visit.parts.profiles.of(visit.who).niche
    preset = for_niche(niche)
    return AiPage(
        around=settings.around(visit, "ai"),
        values=_words_of(config),
        platforms=config.platforms,
        responses=tuple((each.trigger, each.response) for each in config.custom_responses),
        prices=tuple((name, formats.typed_money(cents, visit.locale)) for name, cents in config.pricing.items()),
        version=etag(config),
        saved=config.updated_at is not None,
        currency=visit.seat.currency,
        choices={name: tuple(choices) for name, choices in CHOICES.items()},
        all_platforms=tuple(AiPlatform),
        usual_tone=preset.tone if preset else None,
        niche=niche,
    )


def _words_of(config: AiConfig) -> dict[str, str]:
    chosen = {name: getattr(config, name) or "" for name in CHOICES}
    return {**chosen, "personality": config.personality or "", "enabled": "1" if config.enabled else ""}


def _typed(visit: Visit) -> dict[str, Any]:
    form = visit.form
    words = {name: word.strip() for name, word in form.words(*CHOICES, "personality").items()}
    return {
        "values": words | {"enabled": "1" if form["enabled"] else ""},
        "platforms": tuple(dict.fromkeys(form.all("platform"))),
        "responses": _pairs(form.all("trigger"), form.all("response")),
        "prices": _pairs(form.all("price_name"), form.all("price")),
    }


def _pairs(first: tuple[str, ...], second: tuple[str, ...]) -> Pairs:
    """What stands in the same line; empty lines count for nothing."""
    pairs = ((one.strip(), other.strip()) for one, other in zip_longest(first, second, fillvalue=""))
    return tuple(pair for pair in pairs if any(pair))


def _problems(page: AiPage, locale: str) -> dict[str, Says]:
    found = {name: _choice_problem(page.values[name], choices) for name, choices in CHOICES.items()}
    found["platforms"] = None if set(page.platforms) <= set(AiPlatform) else Says("problem.choice")
    found["personality"] = _text_problem(page.values["personality"], LONGEST_PERSONALITY)
    found["responses"] = _lines_problem(page.responses, MOST_CUSTOM_RESPONSES, (LONGEST_TRIGGER, LONGEST_RESPONSE))
    found["prices"] = _lines_problem(page.prices, MOST_PRICES, (LONGEST_PRICE_NAME, None))
    if not found["prices"] and any(typed.cents(price, locale) is None for _, price in page.prices):
        found["prices"] = Says("problem.money")
    if not found["prices"] and len({name for name, _ in page.prices}) < len(page.prices):
        found["prices"] = Says("ai.problem.twice")
    return {name: says for name, says in found.items() if says}


def _choice_problem(word: str, choices: type[StrEnum]) -> Says | None:
    return None if not word or word in list(choices) else Says("problem.choice")


def _text_problem(word: str, longest: int | None) -> Says | None:
    if "\x00" in word:
        return Says("problem.text")
    return Says("problem.too_long", {"count": longest}) if longest and len(word) > longest else None


def _lines_problem(pairs: Pairs, most: int, longest: tuple[int, int | None]) -> Says | None:
    if len(pairs) > most:
        return Says("problem.too_many_lines", {"count": most})
    if not all(all(pair) for pair in pairs):
        return Says("ai.problem.half")
    problems = (_text_problem(word, bound) for pair in pairs for word, bound in zip(pair, longest, strict=True))
    return next((problem for problem in problems if problem), None)


def _changes(page: AiPage, locale: str) -> Changes:
    words = page.values
    return {
        "personality": words["personality"] or None,
        "tone": Tone(words["tone"]) if words["tone"] else None,
        "response_style": ResponseStyle(words["response_style"]) if words["response_style"] else None,
        "response_length": ResponseLength(words["response_length"]) if words["response_length"] else None,
        "platforms": tuple(map(AiPlatform, page.platforms)),
        "custom_responses": tuple(CustomResponse(trigger, response) for trigger, response in page.responses),
        "pricing": {name: typed.cents(price, locale) or 0 for name, price in page.prices},
        "enabled": bool(words["enabled"]),
    }


ROUTES = (
    Route("GET", PATH, show),
    Route("POST", PATH, save),
    Route("POST", f"{PATH}/delete", delete),
)
