"""What breaks a rule is named, field by field."""

from datetime import UTC, datetime, timedelta

import pytest

from huntaze.campaigns.model import Audience, Bulk, Plan, Schedule, Variant
from huntaze.campaigns.rules import broken, broken_bulk
from huntaze.fans.model import Platform

BOTH = (Platform.ONLYFANS, Platform.FANSLY)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MEDIA = ("https://cdn.example/a.jpg",)


def faults(*variants: Variant, platforms: tuple[Platform, ...] = BOTH, **about: object) -> list[str]:
    plan = Plan(name="Spring", variants=variants, audience=about.pop("audience", Audience()), **about)  # type: ignore[arg-type]
    return [fault.field for fault in broken(plan, platforms, "Zoë")]


def test_a_good_plan_breaks_none() -> None:
    assert faults(Variant(content="Hi {name|you}, {handle|dear}")) == []
    assert faults(Variant(media=MEDIA, price_cents=500)) == []


def test_there_are_one_to_four_variants_with_names_and_shares() -> None:
    assert faults() == ["variants"]
    five = [Variant(content="Hi", name=name, share=20) for name in "ABCDE"]
    assert faults(*five) == ["variants"]
    assert faults(Variant(content="Hi", share=50), Variant(content="Ho", share=50)) == ["variants"]
    assert faults(Variant(content="Hi", share=50), Variant(content="Ho", name="B", share=49)) == ["variants"]
    assert faults(Variant(content="Hi", share=100), Variant(content="Ho", name="B", share=0)) == ["variants"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Hi {nobody}", "unknown"),
        ("Hi {handle}", "without a fallback"),
        ("{handle|}", "nothing is known"),
        ("x" * 5001, "5,000"),
        ("x" * 4900 + "{name}", "longest names"),
    ],
)
def test_words_are_whole_for_every_fan(content: str, why: str) -> None:
    plan = Plan(name="Spring", variants=(Variant(content=content),), audience=Audience())
    [fault] = broken(plan, BOTH, "Zoë")
    assert (fault.field, why in fault.message) == ("variants.0.content", True)


@pytest.mark.parametrize("content", ["", "  "])
def test_a_draft_may_be_without_words_but_not_with_a_price_for_none(content: str) -> None:
    assert faults(Variant(content=content)) == []
    assert "variants.0.content" in faults(Variant(content=content, price_cents=500))


def test_the_strictest_platform_bounds_the_price() -> None:
    cheap = Variant(content="Hi", price_cents=150, media=MEDIA)
    assert faults(cheap) == ["variants.0.priceCents"]
    assert faults(cheap, platforms=(Platform.FANSLY,)) == []
    assert faults(Variant(content="Hi", price_cents=500)) == ["variants.0.mediaUrls"]


def test_the_end_is_behind_the_beginning() -> None:
    over = Schedule(starts_at=NOON, ends_at=NOON)
    assert faults(Variant(content="Hi"), schedule=over) == ["schedule.endsAt"]


def test_names_are_not_without_number() -> None:
    assert faults(Variant(content="Hi"), audience=Audience(recipient_ids=("a",) * 1001)) == ["audience.recipientIds"]


def test_a_bulk_message_names_its_own_fields() -> None:
    times = {"starts_at": NOON, "ends_at": NOON - timedelta(hours=1)}
    bulk = Bulk(recipient_ids=(), content="", price_cents=1, **times)  # type: ignore[arg-type]
    variant = Variant(content="", price_cents=1)
    found = [fault.field for fault in broken_bulk(bulk, variant, Schedule(**times), BOTH)]  # type: ignore[arg-type]
    assert found == ["recipientIds", "content", "priceCents", "mediaUrls", "doNotSendAfter"]
