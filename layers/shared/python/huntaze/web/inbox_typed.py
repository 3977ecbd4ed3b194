"""What is typed into the field to answer in."""

from uuid import UUID

from huntaze.attachments.model import Media, checked
from huntaze.web import format as formats
from huntaze.web import typed
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


def media_of(words: Typed) -> tuple[Media, ...]:
    """The media that it names; a ValueError where there is a problem with them."""
    return tuple(Media(checked(address)) for address in words["media"].split())


def id_in(word: str) -> UUID | None:
    """The id in a field that may be empty."""
    try:
        return UUID(word)
    except ValueError:
        return None
