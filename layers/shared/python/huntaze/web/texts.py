"""Quick replies and templates as the pages handle them: what differs between the two stands here."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from huntaze.attachments.model import MOST_ATTACHMENTS, Media, checked
from huntaze.cursors import Position
from huntaze.paging import Page
from huntaze.quick_replies import model as quick_replies
from huntaze.quick_replies.model import QuickReply
from huntaze.templates import model as templates
from huntaze.templates.model import Template
from huntaze.web import format as formats
from huntaze.web import typed
from huntaze.web.desk_views import TextRow
from huntaze.web.views import Says
from huntaze.web.visit import Visit
from huntaze.wording.model import LONGEST_TEXT, CategoryCount, IllWorded, Wording

ROWS = 50
LONGEST = {"name": 200, "template": LONGEST_TEXT, "text": LONGEST_TEXT, "category": 100}

Words = Mapping[str, str]
Text = QuickReply | Template


class Shelf(Protocol):
    """A kind of texts: what its pages are called, what is typed into them, and the use cases behind them."""

    key: str
    path: str
    fields: tuple[str, ...]
    worded: str  # the field with the variables in it

    def page(self, visit: Visit, q: str | None, category: str | None, after: Position | None) -> Page[Text]:
        """A stretch of the list."""
        ...

    def categories(self, visit: Visit) -> tuple[CategoryCount, ...]:
        """Their categories."""
        ...

    def get(self, visit: Visit, text_id: UUID) -> Text:
        """One of them."""
        ...

    def add(self, visit: Visit, words: Words) -> Text:
        """Add what was typed; the words have no problems any more."""
        ...

    def change(self, visit: Visit, text: Text, words: Words, version: str) -> Text:
        """Make one of them what was typed."""
        ...

    def delete(self, visit: Visit, text_id: UUID) -> None:
        """Delete one."""
        ...

    def restore(self, visit: Visit, text_id: UUID) -> Text:
        """Undo that."""
        ...

    def words_of(self, text: Text, locale: str) -> dict[str, str]:
        """One of them as somebody would have typed it."""
        ...

    def row(self, text: Text) -> TextRow:
        """One of them in the list."""
        ...


class _QuickReplies:
    key = "quick_replies"
    path = "/settings/quick-replies"
    fields: tuple[str, ...] = ("template", "category")
    worded = "template"

    def page(self, visit: Visit, q: str | None, category: str | None, after: Position | None) -> Page[Text]:
        found = visit.parts.quick_replies.page(visit.who, quick_replies.Filters(q, category), ROWS, after)
        return Page(found.items, found.next)

    def categories(self, visit: Visit) -> tuple[CategoryCount, ...]:
        return visit.parts.quick_replies.categories(visit.who)

    def get(self, visit: Visit, text_id: UUID) -> Text:
        return visit.parts.quick_replies.get(visit.who, text_id)

    def add(self, visit: Visit, words: Words) -> Text:
        return visit.parts.quick_replies.create(visit.who, quick_replies.NewQuickReply(**self._about(words)))

    def change(self, visit: Visit, text: Text, words: Words, version: str) -> Text:
        return visit.parts.quick_replies.update(visit.who, text.id, self._about(words), version)

    def delete(self, visit: Visit, text_id: UUID) -> None:
        visit.parts.quick_replies.delete(visit.who, text_id)

    def restore(self, visit: Visit, text_id: UUID) -> Text:
        return visit.parts.quick_replies.restore(visit.who, text_id)

    def words_of(self, text: Text, locale: str) -> dict[str, str]:  # noqa: ARG002  (amounts are written by it)
        assert isinstance(text, QuickReply)  # noqa: S101  # this shelf holds nothing else
        return {"template": text.template, "category": text.category or ""}

    def row(self, text: Text) -> TextRow:
        assert isinstance(text, QuickReply)  # noqa: S101  # this shelf holds nothing else
        return TextRow(id=text.id, text=text.template, category=text.category, usage_count=text.usage_count)

    def _about(self, words: Words) -> quick_replies.Changes:
        return {"template": Wording(words["template"]), "category": words["category"] or None}


class _Templates:
    key = "templates"
    path = "/settings/templates"
    fields: tuple[str, ...] = ("name", "text", "category", "price", "attachments")
    worded = "text"

    def page(self, visit: Visit, q: str | None, category: str | None, after: Position | None) -> Page[Text]:
        found = visit.parts.templates.page(visit.who, templates.Filters(q, category), ROWS, after)
        return Page(found.items, found.next)

    def categories(self, visit: Visit) -> tuple[CategoryCount, ...]:
        return visit.parts.templates.categories(visit.who)

    def get(self, visit: Visit, text_id: UUID) -> Text:
        return visit.parts.templates.get(visit.who, text_id)

    def add(self, visit: Visit, words: Words) -> Text:
        about = self._about(words, visit.locale)
        return visit.parts.templates.create(visit.who, templates.NewTemplate(**about, currency=None))  # type: ignore[misc]  # all but the currency is there

    def change(self, visit: Visit, text: Text, words: Words, version: str) -> Text:
        assert isinstance(text, Template)  # noqa: S101  # this shelf holds nothing else
        about = self._about(words, visit.locale, text.attachments)
        return visit.parts.templates.update(visit.who, text.id, about, version)

    def delete(self, visit: Visit, text_id: UUID) -> None:
        visit.parts.templates.delete(visit.who, text_id)

    def restore(self, visit: Visit, text_id: UUID) -> Text:
        return visit.parts.templates.restore(visit.who, text_id)

    def words_of(self, text: Text, locale: str) -> dict[str, str]:
        assert isinstance(text, Template)  # noqa: S101  # this shelf holds nothing else
        return {
            "name": text.name,
            "text": text.text,
            "category": text.category or "",
            "price": formats.typed_money(text.price.cents, locale) if text.price.cents else "",
            "attachments": "\n".join(media.url for media in text.attachments),
        }

    def row(self, text: Text) -> TextRow:
        assert isinstance(text, Template)  # noqa: S101  # this shelf holds nothing else
        return TextRow(
            id=text.id,
            name=text.name,
            text=text.text,
            category=text.category,
            usage_count=text.usage_count,
            price=text.price if text.price.cents else None,
            attachments=len(text.attachments),
        )

    def _about(self, words: Words, locale: str, known: tuple[Media, ...] = ()) -> templates.Changes:
        kept = {media.url: media for media in known}  # of what type one is stands in no line
        return {
            "name": words["name"],
            "text": Wording(words["text"]),
            "category": words["category"] or None,
            "price_cents": typed.cents(words["price"], locale) or 0,
            "attachments": tuple(kept.get(url) or Media(url) for url in words["attachments"].split()),
        }


QUICK_REPLIES: Shelf = _QuickReplies()
TEMPLATES: Shelf = _Templates()
SHELVES = (QUICK_REPLIES, TEMPLATES)


def problems_of(shelf: Shelf, words: Words, locale: str) -> dict[str, Says]:
    """Everything that is wrong with what was typed, by field: the first thing of each."""
    found = {name: _plain_problem(name, words[name]) for name in shelf.fields}
    found[shelf.worded] = found[shelf.worded] or _wording_problem(words[shelf.worded])
    if "name" in words and not words["name"]:
        found["name"] = Says("problem.required")
    if not words[shelf.worded] and not words.get("attachments"):
        found[shelf.worded] = Says("problem.required")
    if words.get("price") and typed.cents(words["price"], locale) is None:
        found["price"] = Says("problem.money")
    if "attachments" in words:
        found["attachments"] = found["attachments"] or attachments_problem(words["attachments"].split())
    return {name: says for name, says in found.items() if says}


def wrongly_worded(error: IllWorded) -> Says:
    """What is wrong with a text, in the reader's language."""
    return Says(f"wording.{error.fault}", {"variable": error.variable})


def _plain_problem(name: str, word: str) -> Says | None:
    if "\x00" in word:
        return Says("problem.text")
    longest = LONGEST.get(name)
    return Says("problem.too_long", {"count": longest}) if longest and len(word) > longest else None


def _wording_problem(text: str) -> Says | None:
    try:
        Wording(text)
    except IllWorded as error:
        return wrongly_worded(error)
    return None


def attachments_problem(addresses: list[str]) -> Says | None:
    """What is wrong with the addresses of media."""
    if len(addresses) > MOST_ATTACHMENTS:
        return Says("texts.problem.attachments_many", {"count": MOST_ATTACHMENTS})
    try:
        for address in addresses:
            checked(address)
    except ValueError:
        return Says("texts.problem.attachment")
    return None
