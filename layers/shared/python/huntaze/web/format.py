"""Numbers, money and times as each language writes them."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from huntaze.money import Money
from huntaze.web.words import Words, number

FIXED = "\u00a0"  # a space that does not break the line

# What leaves no trace of its own: controls, formats, blanks, marks without a letter; and letters that are blank.
_UNSEEN_KINDS = {*("Cc", "Cf"), *("Zs", "Zl", "Zp"), *("Mn", "Mc", "Me")}
_BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}

SIGNS = {
    "en": {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"},
    "fr": {"USD": "$US", "EUR": "€", "GBP": "£GB", "CAD": "$CA", "AUD": "$AU"},
}


def money(amount: Money, locale: str) -> str:
    """An amount: $1,234.56 or 1 234,56 $US."""
    whole, cents = divmod(amount.cents, 100)
    sign = SIGNS[locale].get(amount.currency)
    if locale == "fr":
        return f"{number(whole, locale)},{cents:02}{FIXED}{sign or amount.currency}"
    return f"{sign or amount.currency + FIXED}{number(whole, locale)}.{cents:02}"


def round_money(amount: Money, locale: str) -> str:
    """An amount beside an axis: without cents where there are none."""
    written = money(amount, locale)
    return written if amount.cents % 100 else written.replace(",00" if locale == "fr" else ".00", "", 1)


def percent(share: int, locale: str) -> str:
    """A share of a hundred: 12% or 12 %."""
    return f"{number(share, locale)}{FIXED if locale == 'fr' else ''}%"


def compact(value: int, locale: str) -> str:
    """A count where there is little room: 950, 1.2k or 1,2k, 34k, 5M."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            whole, tenth = divmod(value * 10 // size, 10)
            rest = f"{',' if locale == 'fr' else '.'}{tenth}" if tenth and whole < 10 else ""  # noqa: PLR2004  # one digit
            return f"{whole}{rest}{sign}"
    return str(value)


def duration(seconds: float, words: Words) -> str:
    """About how long something takes: 40 s, 12 min, 3 h 5 min, 2 d 4 h."""
    minutes, left = divmod(round(seconds), 60)
    if not minutes:
        return words.say("duration.seconds", count=left)
    if minutes < 60:  # noqa: PLR2004  # an hour
        return words.say("duration.minutes", count=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004  # two days
        return words.say("duration.hours", hours=hours, minutes=minutes)
    return words.say("duration.days", days=hours // 24, hours=hours % 24)


def stretch(first: date, last: date, words: Words) -> str:
    """Some days: May 3, 2026 or May 2026 or from May 4 to May 10, 2026."""
    if first == last:
        return _date(first, words, "short", with_year=True)
    if first.day == 1 and first.month == last.month and (last + timedelta(days=1)).day == 1 and first.year == last.year:
        return month_of(first, words)
    begin = _date(first, words, "short", with_year=first.year != last.year)
    return words.say("date.stretch", first=begin, last=_date(last, words, "short", with_year=True))


def day_of(day: date, words: Words) -> str:
    """A day below an axis."""
    return _date(day, words, "short", with_year=False)


def month_of(day: date, words: Words) -> str:
    """Its month."""
    return words.say("date.month", month=words.names("months.short")[day.month - 1], year=str(day.year))


def typed_money(cents: int, locale: str) -> str:
    """An amount as one types it into a form: 1234.56 or 1234,56."""
    return f"{cents // 100}{',' if locale == 'fr' else '.'}{cents % 100:02}"


def relative(at: datetime, now: datetime, zone: str, words: Words) -> str:
    """How long ago, within a day; then the day."""
    ago = now - at
    if not timedelta(0) <= ago < timedelta(days=1):
        return day(at, now, zone, words)
    minutes = int(ago.total_seconds()) // 60
    if minutes < 1:
        return words.say("time.now")
    if minutes < 60:  # noqa: PLR2004  # an hour
        return words.say("time.minutes", count=minutes)
    return words.say("time.hours", count=minutes // 60)


def day(at: datetime, now: datetime, zone: str, words: Words) -> str:
    """The day, with its year unless it is this one."""
    there, today = at.astimezone(_zone(zone)), now.astimezone(_zone(zone))
    return _date(there, words, "short", with_year=there.year != today.year)


def exact(at: datetime, zone: str, words: Words) -> str:
    """The day and the minute, and where the clock hangs."""
    there = at.astimezone(_zone(zone))
    return f"{_date(there, words, 'long', with_year=True)}, {there:%H:%M} {there.tzname()}"


def clock(at: datetime, zone: str) -> str:
    """The time of day: 14:32. It is true for as long as it stands there."""
    return f"{at.astimezone(_zone(zone)):%H:%M}"


def when(at: datetime, now: datetime, zone: str, words: Words) -> str:
    """The time of day, or the day unless it is this one."""
    is_today = at.astimezone(_zone(zone)).date() == now.astimezone(_zone(zone)).date()
    return clock(at, zone) if is_today else day(at, now, zone, words)


def day_mark(at: datetime, now: datetime, zone: str, words: Words) -> str:
    """The day above what was said on it."""
    there, today = at.astimezone(_zone(zone)), now.astimezone(_zone(zone))
    ago = (today.date() - there.date()).days
    if ago in {0, 1}:
        return words.say("time.yesterday" if ago else "time.today")
    return _date(there, words, "long", with_year=there.year != today.year)


def nth(place: int, locale: str) -> str:
    """A place in line: 3rd or 3e."""
    if locale == "fr":
        return f"{number(place, locale)}{'er' if place == 1 else 'e'}"
    end = "th" if place % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{number(place, locale)}{end}"


def month(at: datetime, zone: str, words: Words) -> str:
    """The month, for a heading."""
    there = at.astimezone(_zone(zone))
    return words.say("date.month", month=words.names("months.long")[there.month - 1], year=str(there.year))


def seen(name: str, words: Words) -> str:
    """The name, or that none is to be seen: what nobody sees nobody can press."""
    return name if any(map(_is_seen, name)) else words.say("name.unseen")


def initials(name: str) -> str:
    """One or two letters for a fan without a picture; nothing when the name has none."""
    words = [letter for word in unicodedata.normalize("NFC", name).split() if (letter := _letter(word))]
    return (words[0] + (words[-1] if len(words) > 1 else "")).upper() if words else ""


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN_KINDS and letter not in _BLANKS


def media_name(url: str) -> str:
    """An address of media as people tell one from another: where it lies, and what it is called there.

    While it is typed it may be none yet, and is told as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    name = parts.path.rstrip("/").rpartition("/")[2]
    between = "/…/" if name and name != parts.path.strip("/") else "/"
    return f"{parts.hostname or ''}{between}{name}"


def _letter(word: str) -> str:
    return next((letter for letter in word if letter.isalnum()), "")


def _date(there: date, words: Words, length: str, *, with_year: bool) -> str:
    name = words.names(f"months.{length}")[there.month - 1]
    number_of_day = words.say("date.first") if there.day == 1 else str(there.day)
    return words.say(
        "date.with_year" if with_year else "date.without_year", day=number_of_day, month=name, year=str(there.year)
    )


def _zone(name: str) -> tzinfo:
    # UTC needs no zone files, which a bare machine does not have.
    return UTC if name == "UTC" else ZoneInfo(name)
