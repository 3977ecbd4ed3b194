"""What messages may cost, platform by platform."""

import json

import pytest

from huntaze.attachments.model import Media
from huntaze.errors import Conflict, Invalid
from huntaze.fans.model import Platform
from huntaze.messages.model import Content, Words
from huntaze.messages.prices import SENDING, settled
from huntaze.money import Money
from tests.support.functions import ROOT

PRESETS = ROOT / "layers" / "shared" / "python" / "huntaze" / "presets" / "niches.json"
PICTURE = (Media("https://media.example.com/001.jpg"),)


def _prices_of_the_presets() -> list[int]:
    niches = json.loads(PRESETS.read_text())
    bands = [bound for niche in niches for band in niche["ppv_bands_cents"] for bound in band]
    return sorted({*bands, *(upsell["price_cents"] for niche in niches for upsell in niche["upsells"])})


def _broken(words: Words, platform: Platform) -> list[str]:
    try:
        settled(words, platform)
    except Invalid as refusal:
        return [failing.field for failing in refusal.fields]
    return []


@pytest.mark.parametrize("platform", SENDING)
def test_every_price_of_the_presets_can_be_asked(platform: Platform) -> None:
    prices = _prices_of_the_presets()
    assert len(prices) > 20
    for price in prices:
        assert _broken(Words(text="For you", price_cents=price, media=PICTURE), platform) == [], price


@pytest.mark.parametrize(("platform", "bounds"), SENDING.items())
def test_a_price_outside_the_bounds_is_refused_and_the_bounds_are_taken(platform: Platform, bounds: object) -> None:
    least, most = SENDING[platform].least_cents, SENDING[platform].most_cents
    assert least < most, bounds
    for price, broken in ((1, True), (least - 1, True), (least, False), (most, False), (most + 1, True)):
        found = _broken(Words(text="For you", price_cents=price, media=PICTURE), platform)
        assert found == (["priceCents"] if broken else [])


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (Words(text="Hello"), []),
        (Words(media=PICTURE), []),
        (Words(text="Hello", currency="USD"), []),
        (Words(text="Hello", currency="EUR"), ["currency"]),
        (Words(text="Hello", price_cents=500), ["attachments"]),
        (Words(), ["text"]),
        (Words(text="\n\t "), ["text"]),
        (Words(price_cents=1, currency="EUR"), ["text", "currency", "priceCents", "attachments"]),
    ],
    ids=str,
)
def test_every_rule_that_is_broken_is_named(words: Words, fields: list[str]) -> None:
    assert _broken(words, Platform.ONLYFANS) == fields


def test_a_price_without_a_currency_is_in_the_platforms_own() -> None:
    content = settled(Words(text="x", price_cents=500, media=PICTURE), Platform.FANSLY)
    assert content == Content("x", Money(500, "USD"), PICTURE)


@pytest.mark.parametrize("platform", set(Platform) - set(SENDING))
def test_where_nothing_can_be_sent_the_caller_is_told_where_it_can(platform: Platform) -> None:
    with pytest.raises(Conflict, match=f"Nothing can be sent on {platform} from here, only on onlyfans and fansly"):
        settled(Words(text="Hello"), platform)
