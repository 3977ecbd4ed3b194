"""A campaign goes into its row and comes out again as it was."""

from datetime import UTC, datetime, time

import pytest

from huntaze.campaigns.kept import (
    audience_again,
    audience_of,
    literal_template,
    parts_of,
    schedule_again,
    schedule_of,
    template_of,
    variants_of,
)
from huntaze.campaigns.model import Audience, Filter, QuietHours, Rules, Schedule, Variant
from huntaze.fans.model import Platform

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_text_is_kept_in_its_parts_with_the_creators_name_filled_in() -> None:
    assert parts_of("Hi {name|you}, {creator} here {{now}}", "Zoë") == [
        {"text": "Hi "},
        {"variable": "name", "text": "you"},
        {"text": ", Zoë here {now}"},
    ]


@pytest.mark.parametrize("content", ["Hello", "", "One\nline"])
def test_a_text_without_variables_is_its_own_template(content: str) -> None:
    assert parts_of(content, "Zoë") == []
    assert template_of((Variant(content=content),), "Zoë") == {"content": content, "mediaUrls": []}


def test_variants_keep_their_names_and_shares() -> None:
    priced = Variant(content="B", name="B", share=70, price_cents=500, media=("u",))
    both = (Variant(content="A {name}", share=30), priced)
    template = template_of(both, "Zoë")
    assert [one["share"] for one in template["variants"]] == [30, 70]
    assert variants_of(template) == both


def test_one_variant_is_the_template_itself() -> None:
    one = (Variant(content="Hi {name}", price_cents=500, media=("https://a.example/b",)),)
    assert variants_of(template_of(one, "Zoë")) == one
    assert "priceCents" not in template_of((Variant(content="Hi"),), "Zoë")


def test_a_bulk_message_is_kept_as_it_is_written() -> None:
    variant = Variant(content="Hi {name}", media=("https://a.example/b",))
    assert literal_template(variant, priced=False) == {"content": "Hi {name}", "mediaUrls": ["https://a.example/b"]}
    assert literal_template(variant, priced=True)["priceCents"] == 0


def test_an_audience_by_qualities_comes_out_as_it_went_in() -> None:
    audience = Audience(
        include=Filter(tags=("vip",), min_value_cents=100, seen_after=NOON, platforms=(Platform.FANSLY,), bought=False),
        exclude=(Filter(subscriptions=("expired",)), Filter(replied=True, max_value_cents=0)),
        rules=Rules(not_within_hours=24, active_chat_minutes=0, at_most=2, in_days=30),
    )
    assert audience_again(audience_of(audience)) == audience


def test_an_audience_by_names_keeps_ids_and_rules() -> None:
    audience = Audience(recipient_ids=("a", "b"))
    assert audience_again(audience_of(audience)) == audience
    assert audience_again({"recipientIds": ["a"]}).rules == Rules(active_chat_minutes=0)


def test_times_come_out_as_they_went_in() -> None:
    quiet = QuietHours(begin=time(22, 30), end=time(8), in_fans_zone=True)
    schedule = Schedule(starts_at=NOON, quiet=quiet, zone="Europe/Paris")
    assert schedule_again(schedule_of(schedule), NOON, None) == schedule
    assert schedule_again({}, None, None) == Schedule()
