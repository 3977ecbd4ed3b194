"""What is typed into the field to answer in."""

from collections.abc import Mapping
from uuid import UUID

from huntaze.attachments.model import Media, checked
from huntaze.fans.model import Platform
from huntaze.messages.model import Words
from huntaze.messages.prices import SENDING
from huntaze.money import Money
from huntaze.web import format as formats
from huntaze.web import typed
from huntaze.web.inbox_views import Sight
from huntaze.web.texts import attachments_problem
from huntaze.web.views import Says
from huntaze.web.visit import Visit

LONGEST = 5_000
_FIELDS = ("text", "price", "media")

Typed = dict[str, str]


def typed_by(visit: Visit) -> Typed:
    """What stands in the fields."""
    return typed.without_nul(visit.form.words(*_FIELDS))


def as_typed(text: str, cents: int, media: tuple[Media, ...], locale: str) -> Typed:
    """Words as somebody would have typed them."""
    price = formats.typed_money(cents, locale) if cents else ""
    return {"text": text, "price": price, "media": "\n".join(each.url for each in media)}


def problems_of(words: Typed, locale: str) -> dict[str, Says]:
    """Everything that is wrong with it, by field."""
    found: dict[str, Says | None] = {"media": attachments_problem(words["media"].split())}
    if not words["text"] and not words["media"]:
        found["text"] = Says("problem.required")
    elif len(words["text"]) > LONGEST:
        found["text"] = Says("problem.too_long", {"count": LONGEST})
    if words["price"] and typed.cents(words["price"], locale) is None:
        found["price"] = Says("problem.money")
    return {name: says for name, says in found.items() if says}


def media_of(words: Typed, known: tuple[Media, ...] = ()) -> tuple[Media, ...]:
    """The media that it names; a ValueError where there is a problem with them. Of what type one is stands nowhere."""
    kept = {media.url: media for media in known}
    return tuple(kept.get(address) or Media(checked(address)) for address in words["media"].split())


def words_of(words: Typed, locale: str, known: tuple[Media, ...] = ()) -> Words:
    """What is to be said; there are no problems with it any more."""
    cents = typed.cents(words["price"], locale) or 0
    return Words(text=words["text"], price_cents=cents, media=media_of(words, known))


def sight_of(words: Mapping[str, str], platform: Platform, locale: str) -> Sight:
    """What the fan will see of price and media, in the reader's words."""
    # They become links, and what is typed may be anything, a script too.
    media = tuple(address for address in words.get("media", "").split() if not attachments_problem([address]))
    if not words.get("price") or platform not in SENDING:
        return Sight(media=media)
    cents, bounds = typed.cents(words["price"], locale), SENDING[platform]
    if cents is None:
        return Sight(media=media, problem=Says("problem.money"))
    if not cents:
        return Sight(media=media, price=Says("sight.free"))
    if not bounds.least_cents <= cents <= bounds.most_cents:
        least, most = (Money(bound, bounds.currency) for bound in (bounds.least_cents, bounds.most_cents))
        return Sight(media=media, problem=Says("sight.bounds", {"least": least, "most": most}))
    locked = {"price": Money(cents, bounds.currency)}
    return Sight(media=media, price=Says("sight.locked" if media else "sight.locked_nothing", locked))


def id_in(word: str) -> UUID | None:
    """The id in a field that may be empty."""
    try:
        return UUID(word)
    except ValueError:
        return None
