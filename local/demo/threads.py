"""What was said in a conversation and when, before it becomes rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from local.demo.creator import Campaign
from local.demo.dice import Dice
from local.demo.lives import Life, Purchase, draw_offer
from local.demo.season import HOUR, MINUTE, Season
from local.demo.words import OFFERS, OPENINGS, REFUSALS, TALK_IN, THANKS, Exchange, Line, begin_of

_SECOND = 1000
_LONGEST_ANSWER = 25 * MINUTE
_LONGEST_THOUGHT = 2 * HOUR  # before buying

_OFFERED = 0.12  # of what is talked about: for sale and not bought
_REFUSED_ALOUD = 0.35
_OPENED = 0.6
_CAME_TO_WRITE = 0.3  # when seen last
_BOUGHT_IN_THREAD = 0.45  # of the messages of a conversation, at most
_THANKED_IN_THREAD = 0.2


@dataclass(slots=True)
class Said:
    """One message to be."""

    at: int
    line: Line
    price_cents: int = 0
    purchase: Purchase | None = None
    campaign: Campaign | None = None


@dataclass(slots=True)
class _Piece:
    """An exchange and when it begins; its first line may have a price, and somebody who pays it."""

    begins: int
    lines: Exchange
    price_cents: int = 0
    purchase: Purchase | None = None


def draw_thread(dice: Dice, season: Season, life: Life, count: int) -> list[Said]:
    """So many messages between a fan and the creator, oldest first."""
    pieces = [
        *_bought(dice, life, int(count * _BOUGHT_IN_THREAD)),
        *_thanked(dice, life, int(count * _THANKED_IN_THREAD)),
    ]
    left = count - sum(len(piece.lines) for piece in pieces)
    pieces += _talked(dice, season, life, left)
    pieces.sort(key=_begin)
    return [
        said for piece, times in zip(pieces, _schedule(dice, pieces, life), strict=True) for said in _say(piece, times)
    ]


def _begin(piece: _Piece) -> int:
    return piece.begins


def _bought(dice: Dice, life: Life, most: int) -> Iterator[_Piece]:
    """What was sold in the conversation, the newest sales first."""
    for purchase in reversed(life.purchases):
        if purchase.kind != "ppv" or purchase.offered:
            continue
        lines = dice.of(OFFERS)
        most -= len(lines)
        if most < 0:
            return
        yield _Piece(purchase.at - int(_LONGEST_THOUGHT * dice.random() ** 2), lines, purchase.cents, purchase)


def _thanked(dice: Dice, life: Life, most: int) -> Iterator[_Piece]:
    """Tips and the thanks for them, the newest first."""
    for purchase in reversed(life.purchases):
        if purchase.kind != "tip":
            continue
        lines = dice.of(THANKS)
        most -= len(lines)
        if most < 0:
            return
        yield _Piece(purchase.at, lines)


def _talked(dice: Dice, season: Season, life: Life, count: int) -> list[_Piece]:
    """Everything else: welcomes, small talk, what nobody bought. The last one breaks off where the count ends."""
    pieces: list[_Piece] = []
    while count > 0:
        if not pieces and life.joined >= season.begin and dice.chance(_OPENED):
            piece = _Piece(0, dice.of(OPENINGS))
        elif dice.chance(_OFFERED):
            refusal = (Line(out=False, text=dice.of(REFUSALS)),) if dice.chance(_REFUSED_ALOUD) else ()
            piece = _Piece(0, (dice.of(OFFERS)[0], *refusal), draw_offer(dice, life.spending))
        else:
            piece = _Piece(0, dice.of(TALK_IN[life.language]))
        piece.lines = begin_of(piece.lines, count)
        count -= len(piece.lines)
        pieces.append(piece)
    for piece, begins in zip(pieces, season.moments(dice, len(pieces), life.joined, life.seen), strict=True):
        piece.begins = begins
    if pieces and dice.chance(_CAME_TO_WRITE):
        pieces[-1].begins = life.seen
    return pieces


def _schedule(dice: Dice, pieces: list[_Piece], life: Life) -> list[list[int]]:
    """When each line was said. Going backwards, an exchange that would run into the next one begins earlier."""
    schedule, limit = [], life.seen
    for piece in reversed(pieces):
        pauses = [_pause(dice, piece) for _ in piece.lines[1:]]
        begins = min(piece.begins, limit - sum(pauses))
        schedule.append(list(accumulate(pauses, initial=begins)))
        limit = begins - _SECOND
    schedule.reverse()
    return schedule if not schedule or schedule[0][0] >= life.joined else _squeezed(schedule, life.joined)


def _pause(dice: Dice, piece: _Piece) -> int:
    longest = _LONGEST_THOUGHT if piece.purchase else _LONGEST_ANSWER
    return 20 * _SECOND + int(longest * dice.random() ** 4)


def _squeezed(schedule: list[list[int]], joined: int) -> list[list[int]]:
    """The same in the time there was since joining."""
    first, last = schedule[0][0], schedule[-1][-1]
    factor = (last - joined) / (last - first)
    return [[joined + int((at - first) * factor) for at in times] for times in schedule]


def _say(piece: _Piece, times: list[int]) -> Iterator[Said]:
    first, *others = piece.lines
    if piece.purchase:
        # Wherever the offer ended up: bought after it and before the answer.
        piece.purchase.at = times[0] + (times[1] - times[0]) * 2 // 3
    yield Said(times[0], first, piece.price_cents, piece.purchase)
    yield from (Said(at, line) for at, line in zip(times[1:], others, strict=True))
