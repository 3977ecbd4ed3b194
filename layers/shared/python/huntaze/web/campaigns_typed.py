"""Whom, between the fields of a form and a plan."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huntaze.campaigns.model import Audience, Filter, Rules
from huntaze.fans.model import SubscriptionStatus
from huntaze.messages.prices import SENDING
from huntaze.web import format as formats
from huntaze.web import typed
from huntaze.web.campaigns_draft_views import FilterFields
from huntaze.web.request import Form
from huntaze.web.views import Says

MOST_EXCLUSIONS = 10
_WORDS = ("tags", "min_value", "max_value", "seen_after", "seen_before", "bought", "replied")
_MOMENT = timedelta(microseconds=1)  # "after a day" leaves out the very moment: the day begins with it
_ANSWERS = {"yes": True, "no": False}
_RULES = {"not_within_hours": 720, "active_chat_minutes": 1440, "at_most": 100, "in_days": 365}
_LONGEST_WORD = 2_000

Problems = dict[str, Says]


def filter_fields(form: Form, name: str) -> FilterFields:
    """One filter as it stands in a form."""
    words: dict[str, Any] = dict(typed.without_nul({word: form[f"{name}-{word}"][:_LONGEST_WORD] for word in _WORDS}))
    return FilterFields(
        name=name, platforms=form.all(f"{name}-platforms"), subscriptions=form.all(f"{name}-subscriptions"), **words
    )


def fields_of(asked: Filter, name: str, locale: str, zone: str) -> FilterFields:
    """A filter as somebody would have typed it."""
    return FilterFields(
        name=name,
        tags=", ".join(asked.tags),
        min_value=typed_money(asked.min_value_cents, locale),
        max_value=typed_money(asked.max_value_cents, locale),
        seen_after=_typed_day(asked.seen_after and asked.seen_after + _MOMENT, zone),
        seen_before=_typed_day(asked.seen_before, zone),
        platforms=tuple(asked.platforms),
        subscriptions=asked.subscriptions,
        bought=_answer(asked.bought),
        replied=_answer(asked.replied),
    )


def filter_of(fields: FilterFields, known: Filter, locale: str, zone: str) -> tuple[Filter, Problems]:
    """What is meant by it. A moment that stands there as its day stays that moment."""
    least, most = (typed.cents(word, locale) for word in (fields.min_value, fields.max_value))
    after, before = (typed.day(word, zone) for word in (fields.seen_after, fields.seen_before))
    problems = {
        f"{fields.name}-{word}": Says(says)
        for word, value, says in (
            ("min_value", least, "problem.money"),
            ("max_value", most, "problem.money"),
            ("seen_after", after, "problem.date"),
            ("seen_before", before, "problem.date"),
        )
        if getattr(fields, word) and value is None
    }
    shown = fields_of(known, fields.name, locale, zone)
    meant = Filter(
        tags=typed.tags(fields.tags),
        min_value_cents=least,
        max_value_cents=most,
        seen_after=known.seen_after if shown.seen_after == fields.seen_after else after and after - _MOMENT,
        seen_before=known.seen_before if shown.seen_before == fields.seen_before else before,
        platforms=tuple(platform for platform in SENDING if platform.value in fields.platforms),
        subscriptions=tuple(one.value for one in SubscriptionStatus if one.value in fields.subscriptions),
        bought=_ANSWERS.get(fields.bought),
        replied=_ANSWERS.get(fields.replied),
    )
    return meant, problems


def excluded_fields(form: Form) -> tuple[FilterFields, ...]:
    """Everybody who is not meant, as it stands in a form."""
    found = (filter_fields(form, f"exclude_{place}") for place in range(MOST_EXCLUSIONS))
    return tuple(fields for fields in found if fields != FilterFields(name=fields.name))


def audience_of(form: Form, known: Audience, locale: str, zone: str) -> tuple[Audience, Problems]:
    """Whom it is for, and what was not understood."""
    rules, problems = _rules_of(form, known.rules)
    if known.recipient_ids is not None and form["named"] == "1":
        return replace(known, rules=rules), problems
    include, unclear = filter_of(filter_fields(form, "include"), known.include, locale, zone)
    problems |= unclear
    exclude = []
    for fields in excluded_fields(form):
        place = int(fields.name.removeprefix("exclude_"))
        before = known.exclude[place] if place < len(known.exclude) else Filter()
        meant, unclear = filter_of(fields, before, locale, zone)
        problems |= unclear
        if meant != Filter():
            exclude.append(meant)
    return Audience(include=include, exclude=tuple(exclude), rules=rules), problems


def rules_typed(rules: Rules) -> dict[str, str]:
    """The rules as somebody would have typed them."""
    return {name: str(getattr(rules, name)) for name in _RULES}


def _rules_of(form: Form, known: Rules) -> tuple[Rules, Problems]:
    values, problems = rules_typed(known), Problems()
    for name, most in _RULES.items():
        word, least = form[name].strip() if form.has(name) else values[name], 1 if name == "in_days" else 0
        if word.isascii() and word.isdigit() and len(word) <= len(str(most)) and least <= int(word) <= most:
            values[name] = word
        elif word or least:
            problems[name] = Says("campaigns.problem.number", {"least": least, "most": most})
        else:
            values[name] = "0"
    return Rules(**{name: int(word) for name, word in values.items()}), problems


def _typed_day(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d}" if at else ""


def _answer(flag: bool | None) -> str:  # noqa: FBT001  (it is what was answered)
    return "" if flag is None else "yes" if flag else "no"


def typed_money(cents: int | None, locale: str) -> str:
    """An amount as somebody would have typed it, if there is one."""
    return "" if cents is None else formats.typed_money(cents, locale)
