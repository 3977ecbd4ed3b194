"""What the team remarks about fans: tags, notes, and a line about the person."""

from collections import Counter

from local.demo.creator import Creator
from local.demo.dice import Dice
from local.demo.lives import Life
from local.demo.rows import FanNoteRow
from local.demo.season import DAY, Season, moment

_NOTES = (
    "Likes to be asked about the dog, Biscuit.",
    "Works nights; answers between 5 and 7 in the morning.",
    "Do not offer the balcony set again, has it.",
    "Asked for invoices. Explained that the platform issues them.",
    "Prefers French.",
    "Prefers Spanish, reads English well.",
    "Generous around the 25th, quiet before.",
    "Wants longer videos and no pictures.",
    "Recovering from surgery, be gentle.",
    "Does not like voice messages.",
    "Came from the podcast.",
    "Asked twice for a custom video with a name; quoted 120.",
    "Met at the fair in Lyon. Polite, remembers everything.",
    "Complained about a double charge; it was the renewal. Sorted out.",
    "Gave a month to a friend as a present.",
    "Collects the whole stairs series.",
)

_ABOUT = (
    "Works in shipping, travels a lot.",
    "Film photographer himself.",
    "Two children, writes after nine.",
    "Student, exams in June.",
    "Prefers to be called by the surname.",
    "Long-distance runner.",
)

# Said about few, by hand: the tail of the tags.
_INTERESTS = ("photography", "travel", "gym", "night-shift", "long-videos", "asks-for-custom", "gift-giver", "podcast")
_RARE_INTERESTS = ("tattoos", "film-camera", "speaks-japanese", "motorbikes", "met-in-person")

_VIP_CENTS = 40_000
_REGULAR_MONTHS = 4
_TWICE = 2
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BIRTHDAY_KNOWN = 0.06
_INTEREST_KNOWN = 0.12
_RARE_INTEREST = 0.002
_ABOUT_KNOWN = 0.05
_NOTED = 0.08
_NOTED_WHEN_VALUABLE = 0.6


def draw_tags(dice: Dice, season: Season, life: Life, value_cents: int) -> list[str]:
    """Tags as a team sets them: most follow from what a fan does, some from what somebody heard."""
    bought = Counter([purchase.kind for purchase in life.purchases])
    facts = {
        "vip": value_cents >= _VIP_CENTS,
        "regular": bought["subscription"] >= _REGULAR_MONTHS and life.status == "active",
        "new": life.joined > season.now - 30 * DAY,
        "quiet": life.seen < season.now - 45 * DAY,
        "ppv-buyer": bought["ppv"] >= _TWICE,
        "tipper": bought["tip"] >= _TWICE,
        "win-back": life.status == "expired" and value_cents >= _VIP_CENTS // 4,
    }
    tags = [tag for tag, holds in facts.items() if holds]
    if dice.chance(_BIRTHDAY_KNOWN):
        tags.append(f"birthday-{dice.of(_MONTHS)}")
    if dice.chance(_INTEREST_KNOWN):
        # The first ones are the common ones.
        tags.append(_INTERESTS[int(len(_INTERESTS) * dice.random() ** 2)])
    if dice.chance(_RARE_INTEREST):
        tags.append(dice.of(_RARE_INTERESTS))
    return tags


def draw_about(dice: Dice) -> str:
    """The line that stands on a fan's page, for few of them."""
    return dice.of(_ABOUT) if dice.chance(_ABOUT_KNOWN) else ""


def draw_notes(
    dice: Dice, season: Season, creator: Creator, life: Life, *, fan_id: str, value_cents: int
) -> list[FanNoteRow]:
    """Notes by members, more of them about those who matter."""
    noted = _NOTED_WHEN_VALUABLE if value_cents >= _VIP_CENTS else _NOTED
    if not dice.chance(noted):
        return []
    times = season.moments(dice, dice.between(1, 3), life.joined, life.seen)
    return [
        _note(dice, creator, fan_id, text, at) for at, text in zip(times, dice.sample(_NOTES, len(times)), strict=True)
    ]


def _note(dice: Dice, creator: Creator, fan_id: str, text: str, at: int) -> FanNoteRow:
    written = moment(at)
    return FanNoteRow(creator.workspace_id, dice.new_id(at), fan_id, dice.of(creator.approvers), text, written, written)
