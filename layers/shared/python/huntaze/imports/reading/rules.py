"""What cells are read by: the workspace's own, and the locale that a person chose for the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from huntaze.fans.model import Platform


@dataclass(frozen=True, slots=True)
class Locale:
    """How people write where they live. Where both orders are in use, a date that fits both stays ambiguous."""

    decimal_mark: str
    day_first: bool | None = True


_COMMA, _POINT = Locale(","), Locale(".")

LOCALES: Mapping[str, Locale] = {
    "en-US": Locale(".", day_first=False),
    "en-GB": _POINT,
    "en-CA": Locale(".", day_first=None),
    "en-AU": _POINT,
    "en-IE": _POINT,
    "en-NZ": _POINT,
    "fr-FR": _COMMA,
    "fr-BE": _COMMA,
    "fr-CA": _COMMA,
    "de-DE": _COMMA,
    "de-AT": _COMMA,
    "de-CH": _POINT,
    "es-ES": _COMMA,
    "es-MX": _POINT,
    "it-IT": _COMMA,
    "pt-BR": _COMMA,
    "pt-PT": _COMMA,
    "nl-NL": _COMMA,
    "pl-PL": _COMMA,
    "da-DK": _COMMA,
    "sv-SE": _COMMA,
    "ja-JP": Locale(".", day_first=None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a file is read by. `locale` is one of LOCALES; None: only what can be read in one way is read."""

    platform: Platform
    locale: str | None
    timezone: str
    currency: str
    now: datetime
