"""What a cell of text says: who somebody is, what they are called, what they are tagged with."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from huntaze.fans.model import Platform
from huntaze.imports.reading.faults import Fault
from huntaze.imports.reading.headers import normalised

LONGEST = 200
_LONGEST_EMAIL = 320
_MOST_TAGS = 100

# Letters, digits and what stands between them: on no platform is more in a name that tells who somebody is.
_USERNAME = re.compile(r"[\w.\-]+")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
# What spreadsheets and their kin make of a long number: 1,23E+11, 123456.0.
_ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee][+-]?[0-9]+|[0-9]+[.,]0+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_YES = frozenset(
    {
        *("yes", "y", "true", "1", "oui", "o", "vrai", "ja", "j", "wahr", "si", "sí", "s", "verdadero", "vero", "sim"),
        *("verdadeiro", "tak", "prawda", "sant"),
    }
)
_NO = frozenset(
    {
        *(
            "no",
            "n",
            "false",
            "0",
            "non",
            "faux",
            "nein",
            "falsch",
            "falso",
            "não",
            "nao",
            "nee",
            "nie",
            "fałsz",
            "nej",
        ),
        "falskt",
    }
)
_PLATFORMS: Mapping[str, Platform] = {platform.value: platform for platform in Platform}


def text(cell: str) -> str | Fault:
    """Words that people read: composed, without what cannot be seen."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if len(cell) > LONGEST:
        return Fault("too_long")
    return cell if cell.isprintable() or not _CONTROL.search(cell) else Fault("bad_text")


def handle(cell: str) -> str | Fault:
    """A username beside an id: without @, and otherwise as it is."""
    return text(cell.removeprefix("@").lstrip()) or Fault("bad_username")


def is_username(name: str) -> bool:
    """Whether it can tell who somebody is."""
    return _USERNAME.fullmatch(name) is not None


def user_id(cell: str) -> str | Fault:
    """An id as it is, unless a spreadsheet took it for a number."""
    if not cell.isalnum() and (_ROUNDED.fullmatch(cell) or _CONTROL.search(cell)):
        return Fault("bad_id")
    return cell if len(cell) <= LONGEST else Fault("too_long")


def email(cell: str) -> str | Fault:
    """An address as it is."""
    if len(cell) > _LONGEST_EMAIL:
        return Fault("too_long")
    return cell if _EMAIL.fullmatch(cell) else Fault("bad_email")


def currency(cell: str) -> str | Fault:
    """A code of three letters."""
    return cell.upper() if _CURRENCY.fullmatch(cell) else Fault("bad_currency")


@lru_cache(maxsize=64)
def platform(cell: str) -> Platform | Fault:
    """A platform by its name."""
    return _PLATFORMS.get(normalised(cell)) or Fault("bad_platform")


def choice(cell: str) -> bool | Fault:
    """Yes or no, in the languages of LOCALES and in those of their spreadsheets."""
    word = cell.casefold()
    return word in _YES if word in _YES or word in _NO else Fault("bad_choice")


def tags(cell: str, separators: str) -> tuple[str, ...] | Fault:
    """Tags, each once; the first of the separators that there is separates them."""
    separator = next((each for each in separators if each in cell), None)
    words = [word.strip() for word in (cell.split(separator) if separator else [cell])]
    read = [text(word) for word in dict.fromkeys(words) if word]
    if len(read) > _MOST_TAGS or any(isinstance(tag, Fault) for tag in read):
        return Fault("bad_tags")
    return tuple(dict.fromkeys(read))
