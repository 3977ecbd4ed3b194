"""How a campaign is kept: its words, audience and times as JSON, and back again. Pure functions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from huntaze.campaigns.model import Audience, Filter, QuietHours, Rules, Schedule, Variant
from huntaze.fans.model import Platform
from huntaze.wording.model import Gap, Variable, Wording

Json = dict[str, Any]
MOST_BYTES = 60_000  # of one of its JSON values; the database's own bound counts its own spaces
ONLY = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A plan as its row takes it."""

    name: str
    template: Json = field(repr=False)
    target_audience: Json = field(repr=False)
    schedule: Json
    starts_at: datetime | None
    ends_at: datetime | None
    left_out: Mapping[str, int]


def is_too_large(value: Json) -> bool:
    """Whether a row does not take it."""
    return len(json.dumps(value, ensure_ascii=False).encode()) > MOST_BYTES


def template_of(variants: tuple[Variant, ...], creator: str) -> Json:
    """The words in their parts, with the creator's name filled in: what is approved is what is sent."""
    told = [_variant(variant, parts_of(variant.content, creator)) for variant in variants]
    if len(told) == 1:
        return told[0]
    named = ({"name": one.name, "share": one.share} for one in variants)
    return {"variants": [{**names, **words} for names, words in zip(named, told, strict=True)]}


def literal_template(variant: Variant, *, priced: bool) -> Json:
    """Words that are meant as they are written."""
    template: Json = {"content": variant.content, "mediaUrls": list(variant.media)}
    return {**template, "priceCents": variant.price_cents} if priced else template


def variants_of(template: Json) -> tuple[Variant, ...]:
    """The words again, as they were written."""
    return tuple(_read(each) for each in template.get("variants", [template]))


def parts_of(content: str, creator: str) -> list[Json]:
    """Literal words and variables with what is said where there is nothing; none where all of it is as written."""
    wording = Wording(content)
    if wording.parts == (content,) or not wording.parts:
        return []
    return list(_joined(_part(part, creator) for part in wording.parts))


def audience_of(audience: Audience) -> Json:
    """Whom it is for; what was not asked for is not in it."""
    if audience.recipient_ids is not None:
        told: Json = {"recipientIds": list(audience.recipient_ids)}
    else:
        told = {"include": _filter(audience.include), "exclude": [_filter(one) for one in audience.exclude]}
    return {**told, "rules": _rules(audience.rules)}


def audience_again(told: Json) -> Audience:
    """The audience again. One that names no rules has none: a few who are written to by name.

    Everybody is only who was asked for by a filter: of those who were named there may be none left.
    """
    rules = told.get("rules")
    return Audience(
        recipient_ids=None if "include" in told else tuple(told.get("recipientIds", ())),
        include=_filter_again(told.get("include", {})),
        exclude=tuple(_filter_again(one) for one in told.get("exclude", ())),
        rules=_rules_again(rules) if rules is not None else Rules(active_chat_minutes=0),
    )


def schedule_of(schedule: Schedule) -> Json:
    """The zone and the quiet hours; when it begins and ends are columns."""
    told: Json = {"zone": schedule.zone}
    if quiet := schedule.quiet:
        hours = {"begin": quiet.begin.isoformat("minutes"), "end": quiet.end.isoformat("minutes")}
        told["quiet"] = {**hours, "inFansZone": quiet.in_fans_zone}
    return told


def schedule_again(told: Json, starts_at: datetime | None, ends_at: datetime | None) -> Schedule:
    """The times again."""
    return Schedule(starts_at=starts_at, ends_at=ends_at, quiet=_quiet(told.get("quiet")), zone=told.get("zone", "UTC"))


def _quiet(told: Json | None) -> QuietHours | None:
    if told is None:
        return None
    begin, end = (time.fromisoformat(told[edge]) for edge in ("begin", "end"))
    return QuietHours(begin=begin, end=end, in_fans_zone=told["inFansZone"])


def _variant(variant: Variant, parts: list[Json]) -> Json:
    told: Json = {"content": variant.content, "mediaUrls": list(variant.media)}
    if variant.price_cents:
        told["priceCents"] = variant.price_cents
    return {**told, "parts": parts} if parts else told


def _read(told: Json) -> Variant:
    return Variant(
        name=told.get("name", ONLY),
        content=told["content"],
        share=told.get("share", 100),
        price_cents=told.get("priceCents", 0),
        media=tuple(told.get("mediaUrls", ())),
    )


def _part(part: str | Gap, creator: str) -> Json:
    if isinstance(part, str):
        return {"text": part}
    if part.variable is Variable.CREATOR:
        return {"text": creator or part.fallback}
    return {"variable": part.variable.value, "text": part.fallback}


def _joined(parts: Iterator[Json]) -> Iterator[Json]:
    """Literal words that stand beside each other as one."""
    words = ""
    for part in parts:
        if "variable" in part:
            if words:
                yield {"text": words}
            words = ""
            yield part
        else:
            words += part["text"]
    if words:
        yield {"text": words}


def _filter(asked: Filter) -> Json:
    told = {
        "tags": list(asked.tags),
        "minValueCents": asked.min_value_cents,
        "maxValueCents": asked.max_value_cents,
        "seenAfter": asked.seen_after and asked.seen_after.isoformat(),
        "seenBefore": asked.seen_before and asked.seen_before.isoformat(),
        "platforms": [each.value for each in asked.platforms],
        "subscriptions": list(asked.subscriptions),
        "bought": asked.bought,
        "replied": asked.replied,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def _filter_again(told: Json) -> Filter:
    return Filter(
        tags=tuple(told.get("tags", ())),
        min_value_cents=told.get("minValueCents"),
        max_value_cents=told.get("maxValueCents"),
        seen_after=_moment(told.get("seenAfter")),
        seen_before=_moment(told.get("seenBefore")),
        platforms=tuple(map(Platform, told.get("platforms", ()))),
        subscriptions=tuple(told.get("subscriptions", ())),
        bought=told.get("bought"),
        replied=told.get("replied"),
    )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _rules(rules: Rules) -> Json:
    return {
        "notWithinHours": rules.not_within_hours,
        "activeChatMinutes": rules.active_chat_minutes,
        "atMost": rules.at_most,
        "inDays": rules.in_days,
    }


def _rules_again(told: Json) -> Rules:
    return Rules(
        not_within_hours=told["notWithinHours"],
        active_chat_minutes=told["activeChatMinutes"],
        at_most=told["atMost"],
        in_days=told["inDays"],
    )
