"""Turning views into HTML: one environment, the same for whole pages and for their parts."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from huntaze.errors import NotFound
from huntaze.money import Money
from huntaze.web import format as formats
from huntaze.web.views import Frame, Says
from huntaze.web.words import Words, isolated, number, words

TEMPLATES = Path(__file__).parent / "templates"

# Which part answers when htmx asks for the element with this id (header HX-Target: tag#id, type partial).
PARTS = {
    "home": "_home_news.html",
    "operations": "_operations_news.html",
    "pace": "_pace_now.html",
    "sent": "_sent.html",
    "numbers": "_numbers.html",
    "fans": "_fans_table.html",
    "fan-tags": "_fan_tags.html",
    "fan-facts": "_fan_facts_now.html",
    "fan-notes": "_fan_notes.html",
    "fan-timeline": "_fan_timeline.html",
    "older-events": "_fan_events.html",
    "export": "_export.html",
    "list": "_inbox_list_found.html",
    "conversations": "_conversations_found.html",
    "known-tags": "_known_tags.html",
    "talk": "_talk_now.html",
    "composer": "_composer_sent.html",
    "thread": "_thread_opened.html",
    "answering": "_answering.html",
    "sight": "_sight.html",
    "live": "_news.html",
    "campaigns": "_campaigns_news.html",
    "campaign": "_campaign_news.html",
    "reach": "_campaign_reach_now.html",
    "look": "_campaign_look_now.html",
    "outlook": "_campaign_outlook_now.html",
    "imports": "_imports.html",
    "import": "_import_news.html",
    "about": "_about.html",
    "about-fan": "_about_fan.html",
    "fan-value": "_about_news.html",
    "team": "_team.html",
    "text-preview": "_text_preview.html",
    "audit-check": "_audit_check.html",
    "audit-log": "_audit_log.html",
    "older-entries": "_audit_entries.html",
}


class _Days(Protocol):
    """Days one after the other, both ends included."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...


class Pages:
    """Renders templates; `asset` gives the hashed address of a static file."""

    def __init__(self, asset: Callable[[str], str]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"asset": asset, "t": _say, "told": _told}
        self._environment.filters |= {
            "number": _number,
            "money": _money,
            "ago": _ago,
            "day": _day,
            "exact": _exact,
            "month": _month,
            "clock": _clock,
            "when": _when,
            "day_mark": _day_mark,
            "nth": _nth,
            "percent": _percent,
            "round_money": _round_money,
            "compact": _compact,
            "duration": _duration,
            "stretch": _stretch,
            "day_of": _day_of,
            "month_of": _month_of,
            "initials": formats.initials,
            "isolated": isolated,
            "seen": _seen,
            "media_name": formats.media_name,
        }

    def page(self, template: str, frame: Frame, page: Any = None) -> str:
        """A whole page as HTML."""
        return self._environment.get_template(template).render(frame=frame, page=page)

    def part(self, element: str, frame: Frame, page: Any) -> str:
        """What goes in the place of this element, and the toast into its own; NotFound when it is no part of ours."""
        if element not in PARTS:  # an address of a part, opened by hand
            raise NotFound
        return self.page(PARTS[element], frame, page) + self.page("_part.html", frame, page)


def _frame(context: Context) -> Frame:
    frame = context["frame"]
    assert isinstance(frame, Frame)  # noqa: S101  # every page is rendered with one
    return frame


def _words(context: Context) -> Words:
    return words(_frame(context).locale)


@pass_context
def _say(context: Context, key: str, **gaps: object) -> str:
    return _words(context).say(key, **gaps)


@pass_context
def _told(context: Context, says: Says) -> str:
    return _words(context).say(says.key, **{name: _filling(context, gap) for name, gap in says.gaps.items()})


def _filling(context: Context, gap: object) -> object:
    """Amounts and days as the reader writes them."""
    if isinstance(gap, Money):
        return _money(context, gap)
    return _day(context, gap) if isinstance(gap, datetime) else gap


@pass_context
def _number(context: Context, value: int) -> str:
    return number(value, _frame(context).locale)


@pass_context
def _money(context: Context, amount: Money) -> str:
    return formats.money(amount, _frame(context).locale)


@pass_context
def _ago(context: Context, at: datetime) -> str:
    frame = _frame(context)
    return formats.relative(at, frame.now, frame.timezone, _words(context))


@pass_context
def _day(context: Context, at: datetime) -> str:
    frame = _frame(context)
    return formats.day(at, frame.now, frame.timezone, _words(context))


@pass_context
def _exact(context: Context, at: datetime) -> str:
    return formats.exact(at, _frame(context).timezone, _words(context))


@pass_context
def _month(context: Context, at: datetime) -> str:
    return formats.month(at, _frame(context).timezone, _words(context))


@pass_context
def _clock(context: Context, at: datetime) -> str:
    return formats.clock(at, _frame(context).timezone)


@pass_context
def _when(context: Context, at: datetime) -> str:
    frame = _frame(context)
    return formats.when(at, frame.now, frame.timezone, _words(context))


@pass_context
def _day_mark(context: Context, at: datetime) -> str:
    frame = _frame(context)
    return formats.day_mark(at, frame.now, frame.timezone, _words(context))


@pass_context
def _nth(context: Context, place: int) -> str:
    return formats.nth(place, _frame(context).locale)


@pass_context
def _seen(context: Context, name: str) -> str:
    return formats.seen(name, _words(context))


@pass_context
def _percent(context: Context, share: int) -> str:
    return formats.percent(share, _frame(context).locale)


@pass_context
def _round_money(context: Context, amount: Money) -> str:
    return formats.round_money(amount, _frame(context).locale)


@pass_context
def _compact(context: Context, value: int) -> str:
    return formats.compact(value, _frame(context).locale)


@pass_context
def _duration(context: Context, seconds: float) -> str:
    return formats.duration(seconds, _words(context))


@pass_context
def _stretch(context: Context, days: _Days) -> str:
    return formats.stretch(days.first, days.last, _words(context))


@pass_context
def _day_of(context: Context, day: date) -> str:
    return formats.day_of(day, _words(context))


@pass_context
def _month_of(context: Context, day: date) -> str:
    return formats.month_of(day, _words(context))
