"""What is usual in each niche: prices, rhythms and results, as somebody gathered them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsell:
    """Something more to offer, and when it can be there."""

    price_cents: int
    eta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What is usual in one niche."""

    niche: str
    tone: str
    subscription_cents: int
    ppv_bands_cents: tuple[Range, ...]
    posts_per_week: int
    stories_per_week: int
    dm_checkins_per_day: int
    free_percent: int
    paid_percent: int
    upsells: tuple[Upsell, ...]
    kpi_percent: dict[str, tuple[float, float]]
    confidence: str


@cache
def presets() -> tuple[Preset, ...]:
    """Every niche, read once."""
    told = json.loads(Path(__file__).with_name("niches.json").read_text("utf-8"))
    return tuple(_preset(one) for one in told)


def niches() -> tuple[str, ...]:
    """Their names, from A on."""
    return tuple(sorted(preset.niche for preset in presets()))


def tones() -> tuple[str, ...]:
    """The tones that suit them, from A on."""
    return tuple(sorted({preset.tone for preset in presets()}))


def for_niche(niche: str | None) -> Preset | None:
    """What is usual in a niche; nothing where nobody has gathered it."""
    return next((preset for preset in presets() if preset.niche == niche), None)


def _preset(told: dict[str, Any]) -> Preset:
    read = {
        "ppv_bands_cents": tuple((least, most) for least, most in told["ppv_bands_cents"]),
        "upsells": tuple(Upsell(**upsell) for upsell in told["upsells"]),
        "kpi_percent": {name: (least, most) for name, (least, most) in told["kpi_percent"].items()},
    }
    return Preset(**{**told, **read})
