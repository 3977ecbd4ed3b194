"""10,000 amounts and dates, written in the ways of every locale, come back exactly or are refused: none is changed."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from huntaze.imports.reading.dates import moment
from huntaze.imports.reading.faults import Fault
from huntaze.imports.reading.money import cents
from huntaze.imports.reading.rules import LOCALES
from huntaze.money import MOST_CENTS

_ALL = 10_000
_EACH = _ALL // (2 * len(LOCALES)) + 1
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)

# Between thousands, for each locale: what CLDR, Excel and people put there.
_BETWEEN: Mapping[str, str] = {
    **dict.fromkeys(("en-US", "en-GB", "en-CA", "en-AU", "en-IE", "en-NZ", "es-MX", "ja-JP"), ","),
    **dict.fromkeys(("fr-FR", "fr-BE", "fr-CA", "pl-PL", "sv-SE", "pt-PT"), " \u00a0\u202f"),
    **dict.fromkeys(("de-DE", "de-AT", "es-ES", "it-IT", "pt-BR", "nl-NL", "da-DK"), "."),
    "de-CH": "'\u2019",
}
_MONTHS: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def _amount(random: Random, locale: str) -> tuple[int, str]:
    amount = min(random.randrange(10 ** random.randint(1, 19)), MOST_CENTS)
    whole, rest = f"{amount // 100}", f"{amount % 100:02}"
    if random.random() < 0.7:
        whole = f"{amount // 100:,}".replace(",", random.choice(_BETWEEN[locale]))
    ends = [LOCALES[locale].decimal_mark + rest]
    if amount % 100 == 0:
        ends.append("")
    if amount % 10 == 0:
        ends.append(ends[0][:-1])
    number = whole + random.choice(ends)
    return amount, random.choice(["{}", "{}", "${}", "{} $", "USD {}", "{}\u00a0USD", "{}"]).format(number)


def _date(random: Random, locale: str) -> tuple[datetime, str]:
    at = _FIRST + timedelta(seconds=random.randrange(int((_LAST - _FIRST).total_seconds())))
    day, text = random.choice(_ways_of_days(locale))(at), ""
    match random.randrange(5):
        case 0:
            at = at.replace(hour=0, minute=0, second=0)
        case 1:
            text, at = f" {at:%H:%M}", at.replace(second=0)
        case 2:
            text = f" {at:%H:%M:%S}"
        case 3:
            text = f", {at.hour % 12 or 12}:{at:%M:%S} {'PM' if at.hour >= 12 else 'AM'}"
        case _:
            hours = random.randint(-11, 13)
            text = f" {at:%H:%M:%S}{hours:+03}:00"
            at -= timedelta(hours=hours)
    return at, day + text


def _ways_of_days(locale: str) -> list[Callable[[datetime], str]]:
    mark = {"de": ".", "pl": ".", "nl": "-"}.get(locale[:2], "/")
    names = _MONTHS.get(locale[:2], _MONTHS["en"]).split()
    ways: list[Callable[[datetime], str]] = [
        lambda at: f"{at:%Y-%m-%d}",
        lambda at: f"{at:%Y/%m/%d}",
        lambda at: f"{at.day} {names[at.month - 1]} {at.year}",
    ]
    match LOCALES[locale].day_first:
        case True:
            ways += [
                lambda at: f"{at.day:02}{mark}{at.month:02}{mark}{at.year}",
                lambda at: f"{at.day}{mark}{at.month}{mark}{at.year}",
            ]
        case False:
            ways += [
                lambda at: f"{at.month:02}{mark}{at.day:02}{mark}{at.year}",
                lambda at: f"{at:%B} {at.day}, {at.year}",
            ]
    return ways


@pytest.mark.parametrize("locale", LOCALES)
def test_amounts_come_back_or_are_refused(locale: str) -> None:
    random = _dice(locale)
    for _ in range(_EACH):
        amount, text = _amount(random, locale)
        assert cents(text, "USD", LOCALES[locale].decimal_mark) == amount, text
        assert cents(text, "USD", None) in {amount, "ambiguous_amount"}, text


@pytest.mark.parametrize("locale", LOCALES)
def test_dates_come_back_or_are_refused(locale: str) -> None:
    random = _dice(locale)
    for _ in range(_EACH):
        at, text = _date(random, locale)
        assert moment(text, "UTC", day_first=LOCALES[locale].day_first) == at, text
        assert moment(text, "UTC", day_first=None) in {at, "ambiguous_date"}, text


def test_a_hurt_amount_or_date_is_never_another_one() -> None:
    """One letter too many, too few or another: the digits that are left are what is read, or nothing is."""
    random = _dice("hurt")
    for _ in range(_ALL // 5):
        text = _hurt(random, _amount(random, random.choice(list(LOCALES)))[1])
        amount = cents(text, "USD", None)
        digits = "".join(filter(str.isdecimal, text)).strip("0")
        assert isinstance(amount, Fault) or str(amount).strip("0") == digits, text
        at = moment(_hurt(random, f"{_date(random, 'en-GB')[0]:%d/%m/%Y}"), "UTC", day_first=True)
        assert isinstance(at, Fault) or at.tzinfo is UTC


def _dice(seed: str) -> Random:
    return Random(seed)  # noqa: S311  (equal commits get equal examples)


def _hurt(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice(["", random.choice("0123456789.,' -/$€x"), text[place] * 2]) + text[place + 1 :]
