"""Whom, what and when, between the fields of a form and a plan."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huntaze.campaigns.model import Audience, Filter, QuietHours, Rules, Schedule, Variant
from huntaze.fans.model import Platform, SubscriptionStatus
from huntaze.messages.prices import SENDING
from huntaze.web import format as formats
from huntaze.web import typed
from huntaze.web.campaigns_views import FilterFields, VariantFields
from huntaze.web.request import Form
from huntaze.web.texts import attachments_problem, wrongly_worded
from huntaze.web.views import Says
from huntaze.wording.model import LONGEST_TEXT, IllWorded, Wording

MOST_EXCLUSIONS = 10
NAMES = "ABCD"
ALL = 100
_WORDS = ("tags", "min_value", "max_value", "seen_after", "seen_before", "bought", "replied")
_MOMENT = timedelta(microseconds=1)  # "after a day" leaves out the very moment: the day begins with it
_ANSWERS = {"yes": True, "no": False}
_LOCAL = "%Y-%m-%dT%H:%M"
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
        min_value=_typed_money(asked.min_value_cents, locale),
        max_value=_typed_money(asked.max_value_cents, locale),
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


def variant_fields(form: Form) -> tuple[VariantFields, ...]:
    """The wordings as they stand in a form."""
    count = sum(form.has(f"v{place}-content") for place in range(len(NAMES)))
    return tuple(
        VariantFields(
            place=place,
            name=form[f"v{place}-name"] or NAMES[place],
            share=form[f"v{place}-share"].strip() or str(ALL),
            content=form[f"v{place}-content"].replace("\x00", ""),
            price=form[f"v{place}-price"].strip(),
            media=form[f"v{place}-media"].replace("\x00", "").strip(),
        )
        for place in range(count)
    )


def variant_typed(variant: Variant, place: int, locale: str) -> VariantFields:
    """A wording as somebody would have typed it."""
    return VariantFields(
        place=place,
        name=variant.name,
        share=str(variant.share),
        content=variant.content,
        price=_typed_money(variant.price_cents or None, locale),
        media="\n".join(variant.media),
    )


def variant_of(fields: VariantFields, locale: str) -> Variant:
    """What is meant by it; there are no problems with it any more."""
    return Variant(
        name=fields.name,
        share=int(fields.share),
        content=fields.content,
        price_cents=typed.cents(fields.price, locale) or 0,
        media=fields.addresses,
    )


def variant_problems(all_fields: tuple[VariantFields, ...], locale: str) -> Problems:
    """Everything that is wrong with what was typed, by field: the first thing of each."""
    found = {name: says for fields in all_fields for name, says in _wrong_with(fields, locale) if says}
    shares = [int(fields.share) if fields.share.isascii() and fields.share.isdigit() else 0 for fields in all_fields]
    if min(shares, default=0) < 1 or sum(shares) != ALL:
        found |= {f"v{fields.place}-share": Says("campaigns.problem.shares") for fields in all_fields}
    return found


def _wrong_with(fields: VariantFields, locale: str) -> Iterator[tuple[str, Says | None]]:
    name = f"v{fields.place}-"
    if len(fields.content) > LONGEST_TEXT:
        yield f"{name}content", Says("problem.too_long", {"count": LONGEST_TEXT})
    else:
        yield f"{name}content", _ill_worded(fields.content)
    if fields.price and typed.cents(fields.price, locale) is None:
        yield f"{name}price", Says("problem.money")
    yield f"{name}media", attachments_problem(list(fields.addresses))


def _ill_worded(text: str) -> Says | None:
    try:
        Wording(text)
    except IllWorded as error:
        return wrongly_worded(error)
    return None


def schedule_typed(schedule: Schedule, zone: str) -> dict[str, str]:
    """Times as somebody would have typed them, where the creator is."""
    quiet = schedule.quiet
    return {
        "starts_at": _typed_moment(schedule.starts_at, zone),
        "ends_at": _typed_moment(schedule.ends_at, zone),
        "quiet_begin": quiet.begin.isoformat("minutes") if quiet else "",
        "quiet_end": quiet.end.isoformat("minutes") if quiet else "",
        "quiet_zone": "fan" if quiet and quiet.in_fans_zone else "creator",
    }


def schedule_fields(form: Form) -> dict[str, str]:
    """The times as they stand in a form."""
    return typed.without_nul(form.words("starts_at", "ends_at", "quiet_begin", "quiet_end", "quiet_zone"))


def schedule_of(words: Mapping[str, str], known: Schedule, zone: str, now: datetime) -> tuple[Schedule, Problems]:
    """When it may, and what was not understood."""
    before, problems, moments = schedule_typed(known, zone), Problems(), {}
    for name in ("starts_at", "ends_at"):
        moment = getattr(known, name) if words[name] == before[name] else _moment(words[name], zone)
        moments[name] = moment
        if words[name] and moment is None:
            problems[name] = Says("campaigns.problem.moment")
        elif moment and words[name] != before[name] and moment <= now:
            problems[name] = Says("campaigns.problem.past")
    begin, end = (_time(words[name]) for name in ("quiet_begin", "quiet_end"))
    if bool(words["quiet_begin"]) != bool(words["quiet_end"]) or (words["quiet_begin"] and (not begin or not end)):
        problems["quiet_end"] = Says("campaigns.problem.quiet")
    elif begin and begin == end:
        problems["quiet_end"] = Says("campaigns.problem.quiet_same")
    if moments["starts_at"] and moments["ends_at"] and moments["ends_at"] <= moments["starts_at"]:
        problems["ends_at"] = Says("campaigns.problem.ends_first")
    quiet = None
    if begin and end and not problems:
        quiet = QuietHours(begin=begin, end=end, in_fans_zone=words["quiet_zone"] == "fan")
    return Schedule(**moments, quiet=quiet, zone=known.zone), problems


def _typed_money(cents: int | None, locale: str) -> str:
    return "" if cents is None else formats.typed_money(cents, locale)


def _typed_day(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d}" if at else ""


def _typed_moment(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime(_LOCAL) if at else ""


def _answer(flag: bool | None) -> str:  # noqa: FBT001  (it is what was answered)
    return "" if flag is None else "yes" if flag else "no"


def _moment(text: str, zone: str) -> datetime | None:
    try:
        return datetime.strptime(text[:16], _LOCAL).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text[:5])
    except ValueError:
        return None


PLATFORMS: tuple[Platform, ...] = tuple(SENDING)
