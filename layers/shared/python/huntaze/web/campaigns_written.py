"""What and when, between the fields of a form and a plan."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from huntaze.campaigns.model import QuietHours, Schedule, Variant
from huntaze.web import typed
from huntaze.web.campaigns_draft_views import VariantFields
from huntaze.web.campaigns_typed import Problems, typed_money
from huntaze.web.request import Form
from huntaze.web.texts import attachments_problem, wrongly_worded
from huntaze.web.views import Says
from huntaze.wording.model import LONGEST_TEXT, IllWorded, Wording

NAMES = "ABCD"
ALL = 100
_LOCAL = "%Y-%m-%dT%H:%M"


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
        price=typed_money(variant.price_cents or None, locale),
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


def _typed_moment(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime(_LOCAL) if at else ""


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
