"""What a merge gives and how it is taken back: every way of merging and parting ends where it began."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huntaze.errors import Conflict
from huntaze.fans.model import Fan, SubscriptionStatus
from huntaze.ids import new_id
from huntaze.merges.model import Merge
from huntaze.merges.rules import Other, joined, parted
from huntaze.money import MOST_CENTS, Money
from tests.support.export_fakes import fan_of
from tests.support.people import new_fan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

_TAGS = some.lists(some.sampled_from("abcde"), unique=True, max_size=5).map(tuple)
_MOMENTS = some.none() | some.integers(0, 3).map(lambda days: NOON + timedelta(days=days))
_WORDS = some.sampled_from([None, "one", "two"])


@some.composite
def _fans(draw: some.DrawFn) -> Fan:
    fan = fan_of(
        new_fan(
            tags=draw(_TAGS),
            value_cents=draw(some.integers(0, 1_000)),
            handle=draw(_WORDS),
            email=draw(_WORDS),
            notes=draw(_WORDS) or "",
            metadata=draw(some.sampled_from([{}, {"tier": "gold"}])),
            subscription_status=draw(some.sampled_from(list(SubscriptionStatus))),
            do_not_contact=draw(some.booleans()),
            last_seen_at=draw(_MOMENTS),
        ),
        NOON,
    )
    return replace(fan, last_message_at=draw(_MOMENTS))


def _merge(kept: Fan, merged: Fan, number: int) -> tuple[Fan, Merge]:
    after, gift = joined(kept, merged)
    at = NOON + timedelta(minutes=number)
    ids = {"id": new_id(), "kept_id": kept.id, "merged_id": merged.id, "merged_by": new_id()}
    return after, Merge(**ids, merged_at=at, given=gift)


def _same(one: Fan, other: Fan) -> bool:
    return replace(one, tags=tuple(sorted(one.tags))) == replace(other, tags=tuple(sorted(other.tags)))


@given(_fans(), some.lists(_fans(), min_size=1, max_size=4), some.randoms(use_true_random=False))
def test_in_whatever_order_merges_are_undone_everything_is_as_before(
    kept: Fan, others: list[Fan], chance: object
) -> None:
    fan, merges = kept, {}
    for number, other in enumerate(others):
        fan, merge = _merge(fan, other, number)
        merges[merge.id] = (merge, other)
    order = list(merges)
    chance.shuffle(order)
    for merge_id in order:
        merge, merged = merges.pop(merge_id)
        rest = [Other(*pair) for pair in merges.values()]
        fan, changed = parted(fan, merge, merged, rest)
        for now in changed:
            merges[now.id] = (now, merges[now.id][1])
        # What is left is worth what those are worth who are left, and has the tags that any of them has.
        assert fan.value.cents == kept.value.cents + sum(pair[1].value.cents for pair in merges.values())
        assert set(fan.tags) == set(kept.tags).union(*(pair[1].tags for pair in merges.values()))
        assert fan.do_not_contact == (kept.do_not_contact or any(pair[1].do_not_contact for pair in merges.values()))
        seen = [one.last_seen_at for one in (kept, *(pair[1] for pair in merges.values())) if one.last_seen_at]
        assert fan.last_seen_at == max(seen, default=None)
    assert _same(fan, kept)


@given(_fans(), _fans())
def test_nothing_the_kept_fan_had_is_lost(kept: Fan, merged: Fan) -> None:
    after, _ = joined(kept, merged)
    assert after.tags[: len(kept.tags)] == kept.tags
    for name in ("handle", "email", "notes", "metadata"):
        assert getattr(after, name) == (getattr(kept, name) or getattr(merged, name))
    assert (after.id, after.name, after.platform_id) == (kept.id, kept.name, kept.platform_id)


@given(_fans(), _fans())
def test_what_was_changed_since_stays(kept: Fan, merged: Fan) -> None:
    after, merge = _merge(kept, merged, 0)
    later = NOON + timedelta(days=9)
    changed = replace(
        after,
        email="new@example.com",
        tags=(*after.tags, "new"),
        last_seen_at=later,
        value=Money(after.value.cents + 50, "USD"),
    )
    alone, _ = parted(changed, merge, merged, [])
    assert (alone.email, alone.last_seen_at) == ("new@example.com", later)
    assert "new" in alone.tags
    assert alone.value.cents == kept.value.cents + 50


def test_a_value_that_was_lowered_since_does_not_become_negative() -> None:
    kept, merged = fan_of(new_fan(value_cents=5), NOON), fan_of(new_fan(value_cents=10), NOON)
    after, merge = _merge(kept, merged, 0)
    alone, _ = parted(replace(after, value=Money(3, "USD")), merge, merged, [])
    assert alone.value.cents == 0


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"currency": "EUR"}, "different currencies"),
        ({"tags": tuple(str(number) for number in range(100))}, "more than 100 tags"),
        ({"value_cents": MOST_CENTS}, "more than can be kept"),
    ],
)
def test_what_cannot_be_one_says_why(about: dict[str, object], words: str) -> None:
    kept = fan_of(new_fan(tags=("x",), value_cents=1), NOON)
    with pytest.raises(Conflict, match=words):
        joined(kept, fan_of(new_fan(**about), NOON))


def test_a_hundred_tags_are_not_too_many() -> None:
    kept = fan_of(new_fan(tags=("0",)), NOON)
    after, _ = joined(kept, fan_of(new_fan(tags=tuple(str(number) for number in range(100))), NOON))
    assert len(after.tags) == 100
