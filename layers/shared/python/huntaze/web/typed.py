"""What people type, read in their own way of writing: amounts, days, tags, words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from huntaze.money import MOST_CENTS

_BLANKS = dict.fromkeys(map(ord, " \u00a0\u202f\u2009"))
_SIGNS = re.compile(r"^(?:[A-Z]{0,3}[$€£]|[A-Z]{3})|(?:[$€£](?:US|GB|CA|AU)?|[A-Z]{3})$")
_THOUSANDS = {
    "en": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?"),
    "fr": re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}"),
}
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")


def cents(text: str, locale: str) -> int | None:
    """An amount in cents; nothing when it is none, is negative, or could be read in two ways."""
    bare = _SIGNS.sub("", text.translate(_BLANKS))
    if not bare.isascii():
        return None
    if _THOUSANDS[locale].fullmatch(bare):
        bare = bare.replace("," if locale == "en" else ".", "")
    elif not _PLAIN.fullmatch(bare):
        return None
    whole, _, rest = bare.replace(",", ".").partition(".")
    amount = int(whole[:30]) * 100 + int(rest.ljust(2, "0"))
    return amount if len(whole) <= len(str(MOST_CENTS)) and amount <= MOST_CENTS else None


def day(text: str, zone: str) -> datetime | None:
    """The beginning of a day where the workspace is; nothing when there is no such day."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def end_of_day(text: str, zone: str) -> datetime | None:
    """The last moment of a day there; on some days that is 23 or 25 hours after its first."""
    try:
        next_day = datetime.strptime(text, "%Y-%m-%d") + timedelta(days=1)  # noqa: DTZ007  (a day, in no zone yet)
        return next_day.replace(tzinfo=_zone(zone)).astimezone(UTC) - timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None


def tags(text: str) -> tuple[str, ...]:
    """Tags between commas, each once."""
    words = (" ".join(word.split()) for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def without_nul(words: Mapping[str, str]) -> dict[str, str]:
    """The same without what no column can hold, and without blanks around it."""
    return {name: value.replace("\x00", "").strip() for name, value in words.items()}


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)
