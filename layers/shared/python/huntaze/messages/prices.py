"""What a message may cost and hold, platform by platform: the one table of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from huntaze.errors import Conflict, FieldError, Invalid
from huntaze.fans.model import Platform
from huntaze.messages.model import Content, Words
from huntaze.money import Money


@dataclass(frozen=True, slots=True)
class PriceBounds:
    """The least and the most that a platform lets a message cost, in its currency."""

    least_cents: int
    most_cents: int
    currency: str

    def __str__(self) -> str:
        return f"{self.least_cents / 100:.2f} to {self.most_cents / 100:.2f} {self.currency}"


# A platform that is not here cannot be written to from here.
#
# OnlyFans: 3 to 200 USD. 200 is the platform's widest bound; it lowered that to 100 for a part of the creators (The
# Verge, 1 September 2020, "OnlyFans confirms new caps on tips and pay-per-view content"), and which hold for an account
# only the platform knows: it refuses what is too much for one, and the refusal is shown.
# Fansly: 1 to 500 USD an item (creator-agency-index.pages.dev, "PPV and tipping mechanics, explained").
# Both ask for media where there is a price (docs.onlyfansapi.com, "Composing messages"; help.fansly.com).
SENDING: Mapping[Platform, PriceBounds] = {
    Platform.ONLYFANS: PriceBounds(300, 20_000, "USD"),
    Platform.FANSLY: PriceBounds(100, 50_000, "USD"),
}


def bounds_of(platform: Platform) -> PriceBounds:
    """What holds on a platform; Conflict when nothing can be sent there."""
    bounds = SENDING.get(platform)
    if bounds is None:
        raise Conflict(f"Nothing can be sent on {platform} from here, only on {' and '.join(SENDING)}.")
    return bounds


def settled(words: Words, platform: Platform) -> Content:
    """These words as the content of a message on a platform; Invalid, naming every field that breaks a rule."""
    bounds = bounds_of(platform)
    if broken := list(_broken(words, bounds)):
        raise Invalid(broken)
    return Content(words.text, Money(words.price_cents, bounds.currency), words.media)


def _broken(words: Words, bounds: PriceBounds) -> Iterator[FieldError]:
    if not words.text.strip() and not words.media:
        yield FieldError("text", "Must say something, unless there are attachments")
    if words.currency not in {None, bounds.currency}:
        yield FieldError("currency", f"Prices here are in {bounds.currency}")
    if not words.price_cents:
        return
    if not bounds.least_cents <= words.price_cents <= bounds.most_cents:
        yield FieldError("priceCents", f"Must be nothing, or {bounds}")
    if not words.media:
        yield FieldError("attachments", "A message with a price needs something to unlock")
