"""What a fan does between joining and being seen last: subscribes, buys, tips, stays or leaves."""

from dataclasses import dataclass

from local.demo.creator import Creator
from local.demo.crowd import Place
from local.demo.dice import Dice, shelf
from local.demo.season import DAY, MINUTE, Season

PLATFORMS = shelf({"onlyfans": 83, "fansly": 10, "patreon": 4, "other": 3})
RENEWAL = 30 * DAY

_STAYS = (0.3, 0.6)  # at least, and how much more for who paid every month there was
_SUBSCRIPTIONS = (0.95, 0.55)  # of all purchases, as far as there were so many months: of few purchases, of many
_MANY = 7
_GIVEN = 0.5
_PPV = 0.7  # of everything else
_PPV_CENTS = (300, 500, 500, 800, 1000, 1000, 1200, 1500, 1500, 1800, 2000, 2500, 3000, 3500, 4500, 6000, 9000)
_TIP_CENTS = (300, 500, 500, 500, 1000, 1000, 1000, 1500, 2000, 2500, 5000, 7500, 10_000, 20_000)
_LOUD = 25.0  # who spends this much draws from the upper half
_KEEPS_AWAY = 25  # days after which nearly everybody who stays has been seen
_AFTER_THE_END = 0.4  # share of those who left and still look in


@dataclass(slots=True)
class Purchase:
    """Money that came in."""

    at: int
    kind: str
    cents: int
    message_id: str | None = None
    offered: bool = False


@dataclass(slots=True)
class Life:
    """Somebody's time with the creator."""

    platform: str
    joined: int
    seen: int
    status: str
    purchases: list[Purchase]
    spending: float
    language: str = "en"


def draw_life(dice: Dice, season: Season, creator: Creator, place: Place) -> Life:
    """Somebody's time with the creator, with as many purchases as fell to this place."""
    youngest, oldest = place.days_here
    # Two minutes at least: nobody writes before joining or after now.
    joined = season.now - 2 * MINUTE - int(DAY * (youngest + (oldest - youngest) * dice.random()))
    platform = dice.of(PLATFORMS)
    renewals, ended = _renewals(dice, season, joined, place.transactions if platform != "other" else 0)
    status = "expired" if ended else "active" if renewals else _status_unpaid(dice, platform, place)
    seen = _last_seen(dice, season, joined, ended, free=not place.spending)
    purchases = [Purchase(at, "subscription", creator.subscription_cents) for at in renewals]
    moments = season.moments(dice, place.transactions - len(renewals), joined, seen)
    purchases += [_extra(dice, at, platform, place.spending) for at in moments]
    return Life(platform, joined, seen, status, purchases, place.spending)


def _renewals(dice: Dice, season: Season, joined: int, count: int) -> tuple[list[int], int]:
    """When the subscription was paid in the last year, and when it ended if it did."""
    if not count:
        return [], 0
    first = max(0, -((joined - season.begin) // RENEWAL))  # the first one of the year
    last = (season.now - joined) // RENEWAL
    months = last - first + 1
    paid = min(months, max(1, round(count * _SUBSCRIPTIONS[count >= _MANY])))
    ended = 0
    if paid < months and not dice.chance(_STAYS[0] + _STAYS[1] * paid / months):
        last -= dice.between(1, months - paid)
        ended = joined + (last + 1) * RENEWAL
    return [joined + number * RENEWAL for number in range(last - paid + 1, last + 1)], ended


def _status_unpaid(dice: Dice, platform: str, place: Place) -> str:
    """Of somebody for whom no payment is recorded: a present, a trial, or something before the records began."""
    if platform == "other":
        return "unknown"
    if not place.spending:
        return "none"
    return "active" if dice.chance(_GIVEN) else "expired"


def _last_seen(dice: Dice, season: Season, joined: int, ended: int, *, free: bool) -> int:
    latest = season.now - MINUTE
    if ended:
        after = int((latest - ended) * dice.random()) if dice.chance(_AFTER_THE_END) else -int(20 * DAY * dice.random())
        return max(joined + MINUTE, ended + after)
    if free:
        return joined + MINUTE + int((latest - joined - MINUTE) * dice.random() ** 0.7)
    return max(joined + MINUTE, latest - int(_KEEPS_AWAY * DAY * dice.random() ** 2.4))


def _extra(dice: Dice, at: int, platform: str, spending: float) -> Purchase:
    sells = platform in ("onlyfans", "fansly")
    if sells and dice.chance(_PPV):
        return Purchase(at, "ppv", _price(dice, _PPV_CENTS, spending))
    return Purchase(at, "tip", _price(dice, _TIP_CENTS, spending))


def _price(dice: Dice, prices: tuple[int, ...], spending: float) -> int:
    """One of these, cheap ones first; who spends a lot looks at the dear ones too."""
    reluctance = 2.2 - 1.5 * min(1.0, spending / _LOUD)
    return prices[int(len(prices) * dice.random() ** reluctance)]


def draw_offer(dice: Dice, spending: float) -> int:
    """What a message is offered for."""
    return _price(dice, _PPV_CENTS, spending)
