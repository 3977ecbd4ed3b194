"""The words of the pages, by language, and what is written inside them."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).parent / "text"
LOCALES = ("en", "fr")
THIN = "\u202f"  # what French puts between thousands
# Text that is isolated from what is around it stands between these two.
_FSI, _PDI = "\u2068", "\u2069"
_ISOLATES = {"\u2066", "\u2067", _FSI}
_PARAGRAPH = "B"  # ends all isolates
_MARK, _MOST_MARKS = "NSM", 4
_TURNING = {*("R", "AL"), *("RLE", "RLO", "LRE", "LRO", "PDF"), *("RLI", "LRI", "FSI", "PDI"), _PARAGRAPH}


def number(value: int, locale: str) -> str:
    """A count: 1,234 or 1 234."""
    return f"{value:,}".replace(",", THIN if locale == "fr" else ",")


def isolated(text: str) -> str:
    """A name that may be written from right to left, kept from turning the sentence around it or standing on it."""
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    name = text if kinds.count(_MARK) <= _MOST_MARKS else _lowered(text)
    return name if _TURNING.isdisjoint(kinds) else f"{_FSI}{_balanced(name)}{_PDI}"


def _lowered(text: str) -> str:
    """The text without the marks that make towers of its letters: no language stacks so many."""
    marks, kept = 0, []
    for letter in text:
        marks = marks + 1 if unicodedata.bidirectional(letter) == _MARK else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _balanced(text: str) -> str:
    """The text with an end for each isolate that it begins, and for no other: a name could end ours with one more."""
    begun, kept = 0, []
    for letter in text:
        if letter in _ISOLATES:
            begun += 1
        elif letter == _PDI:
            if not begun:
                continue
            begun -= 1
        kept.append(" " if unicodedata.bidirectional(letter) == _PARAGRAPH else letter)
    return "".join(kept) + _PDI * begun


class Words:
    """All words of one language; a sentence that is missing is an error, not a blank."""

    def __init__(self, locale: str, texts: Mapping[str, object]) -> None:
        self.locale = locale
        self._texts = texts

    def say(self, key: str, **gaps: object) -> str:
        """The sentence, in the form that `count` asks for, with its gaps filled."""
        text = self._texts[key]
        if isinstance(text, dict):
            text = text["one" if self._is_one(gaps["count"]) else "other"]
        filled = {
            name: number(gap, self.locale) if isinstance(gap, int) else isolated(str(gap)) for name, gap in gaps.items()
        }
        return str(text).format_map(filled)

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names, such as the months."""
        names = self._texts[key]
        assert isinstance(names, list), key  # noqa: S101  # our own file
        return tuple(names)

    def _is_one(self, count: object) -> bool:
        # In French nothing is singular: 0 fan, 1 fan, 2 fans.
        return count in (0, 1) if self.locale == "fr" else count == 1


@cache
def words(locale: str) -> Words:
    """The words of a language, read once: each feature's in a file of its own."""
    texts: dict[str, object] = {}
    for file in sorted((TEXTS / locale).glob("*.json")):
        texts |= json.loads(file.read_text("utf-8"))
    return Words(locale, texts)
