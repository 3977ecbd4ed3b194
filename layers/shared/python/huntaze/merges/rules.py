"""What a merge gives to the kept fan, and how exactly that is taken back, whatever happened since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from huntaze.errors import Conflict
from huntaze.fans.model import Fan, SubscriptionStatus
from huntaze.merges.model import MOST_TAGS, Given, Merge, Moved
from huntaze.money import MOST_CENTS, Money

# What counts as empty: these take the merged fan's where the kept one has nothing. Names are those of the columns too.
EMPTY: Mapping[str, Any] = {
    "handle": None,
    "email": None,
    "phone": None,
    "avatar": None,
    "notes": "",
    "metadata": {},
    "subscription_status": SubscriptionStatus.UNKNOWN,
    "do_not_contact": False,
}
MOMENTS: Mapping[str, str] = {"seen": "last_seen_at", "message": "last_message_at"}


@dataclass(frozen=True, slots=True)
class Other:
    """Another merge into the same fan, still in effect, and the fan that was merged by it."""

    merge: Merge
    fan: Fan


def joined(kept: Fan, merged: Fan) -> tuple[Fan, Given]:
    """The kept fan after the merge, and what was given to them; Conflict where both cannot be one."""
    if kept.value.currency != merged.value.currency:
        raise Conflict("The two fans' values are in different currencies. Change one of them first.")
    tags = tuple(tag for tag in merged.tags if tag not in kept.tags)
    if len(kept.tags) + len(tags) > MOST_TAGS:
        raise Conflict(f"Together they have more than {MOST_TAGS} tags. Take some off first.")
    if kept.value.cents + merged.value.cents > MOST_CENTS:
        raise Conflict("Together their value is more than can be kept.")
    worth = Money(kept.value.cents + merged.value.cents, kept.value.currency)
    fan, given = _filled(
        replace(kept, tags=(*kept.tags, *tags), value=worth), merged, Given(value=merged.value, tags=tags), EMPTY
    )
    return _moved(fan, merged, given, MOMENTS)


def parted(kept: Fan, undone: Merge, merged: Fan, others: Sequence[Other]) -> tuple[Fan, tuple[Merge, ...]]:
    """The kept fan without this merge, and the other merges that give now what it had given before them."""
    fan, given = replace(kept, value=_less(kept.value, undone.given.value)), [other.merge.given for other in others]
    fan, given = _without_tags(fan, undone, others, given)
    fan, given = _emptied(fan, undone, merged, others, given)
    for name in MOMENTS:
        fan, given = _moved_back(fan, undone, others, given, name)
    changed = (
        replace(other.merge, given=now) for other, now in zip(others, given, strict=True) if now != other.merge.given
    )
    return fan, tuple(changed)


Gifts = list[Given]


def _filled(fan: Fan, giver: Fan, given: Given, names: Mapping[str, Any]) -> tuple[Fan, Given]:
    found = {
        name: getattr(giver, name)
        for name, empty in names.items()
        if getattr(fan, name) == empty and getattr(giver, name) != empty
    }
    return replace(fan, **found), replace(given, filled=(*given.filled, *found))


def _moved(fan: Fan, giver: Fan, given: Given, moments: Mapping[str, str]) -> tuple[Fan, Given]:
    for name, attribute in moments.items():
        before, theirs = getattr(fan, attribute), getattr(giver, attribute)
        if theirs is not None and (before is None or before < theirs):
            moved: dict[str, Any] = {name: Moved(before, theirs)}
            fan, given = replace(fan, **{attribute: theirs}), replace(given, **moved)
    return fan, given


def _less(value: Money, gift: Money) -> Money:
    return Money(max(value.cents - gift.cents, 0), value.currency)


def _without_tags(fan: Fan, undone: Merge, others: Sequence[Other], given: Gifts) -> tuple[Fan, Gifts]:
    """A tag that another merged fan has as well stays, and is now that one's gift."""
    owed = [tag for tag in undone.given.tags if tag in fan.tags]
    for place, other in enumerate(others):
        theirs = tuple(tag for tag in owed if tag in other.fan.tags)
        given[place] = replace(given[place], tags=(*given[place].tags, *theirs))
        owed = [tag for tag in owed if tag not in theirs]
    return replace(fan, tags=tuple(tag for tag in fan.tags if tag not in owed)), given


def _emptied(fan: Fan, undone: Merge, merged: Fan, others: Sequence[Other], given: Gifts) -> tuple[Fan, Gifts]:
    """What it filled is emptied unless it was changed since; another merged fan may fill it again."""
    gone = {name: EMPTY[name] for name in undone.given.filled if getattr(fan, name) == getattr(merged, name)}
    fan = replace(fan, **gone)
    for place, other in enumerate(others):
        fan, given[place] = _filled(fan, other.fan, given[place], gone)
    return fan, given


def _moved_back(fan: Fan, undone: Merge, others: Sequence[Other], given: Gifts, name: str) -> tuple[Fan, Gifts]:
    """A moment goes back to what it was, or to what the others give; who came after it begins where it began."""
    moved: Moved | None = getattr(undone.given, name)
    if moved is None:
        return fan, given
    for place, gift in enumerate(given):
        later: Moved | None = getattr(gift, name)
        if later is not None and later.before == moved.given:
            back: dict[str, Any] = {name: Moved(moved.before, later.given)}
            given[place] = replace(gift, **back)
    attribute = MOMENTS[name]
    if getattr(fan, attribute) == moved.given:
        before: dict[str, Any] = {attribute: moved.before}
        fan = replace(fan, **before)
        for place, other in enumerate(others):
            if getattr(given[place], name) is None:
                fan, given[place] = _moved(fan, other.fan, given[place], {name: attribute})
    return fan, given
