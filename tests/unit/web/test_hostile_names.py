"""Names that would turn, hide or stretch what is said about them."""

import re
import unicodedata

import pytest

from huntaze.web import flash
from huntaze.web import format as formats
from huntaze.web.pages import TEMPLATES
from huntaze.web.views import Says, Toast, Undo
from huntaze.web.words import isolated, words
from tests.support.hostile_strings import ENOUGH, FAMILIES, FSI, LRI, PDI, RLE, RLI, RLO, STRINGS, UNKEEPABLE

BEGINS = {"LRI", "RLI", "FSI"}


def _depths(text: str) -> list[int]:
    """How many isolates are open behind each letter."""
    depths, depth = [], 0
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        depth += (kind in BEGINS) - (kind == "PDI")
        depths.append(depth)
    return depths


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len(FAMILIES) >= 20
    assert len(STRINGS) == len(set(STRINGS)) > len(ENOUGH) >= 200
    assert not set(UNKEEPABLE) & set(STRINGS)


@pytest.mark.parametrize("name", STRINGS, ids=ascii)
def test_a_name_is_let_go_exactly_where_it_ends(name: str) -> None:
    told = isolated(name)
    if told.startswith(FSI) and not name.startswith(FSI):
        depths = _depths(told)
        assert min(depths[:-1]) >= 1, "nothing of the name stands outside"
        assert depths[-1] == 0
    assert [letter for letter in told if letter.isalnum()] == [letter for letter in name if letter.isalnum()]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Robin", "Robin"),
        ("רובין", f"{FSI}רובין{PDI}"),
        (f"{RLO}Robin", f"{FSI}{RLO}Robin{PDI}"),
        (f"{PDI}{RLO}Robin", f"{FSI}{RLO}Robin{PDI}"),
        (f"Robin{RLI}", f"{FSI}Robin{RLI}{PDI}{PDI}"),
        (f"{LRI}a{PDI}{PDI}b", f"{FSI}{LRI}a{PDI}b{PDI}"),
        (f"Robin\u2029{RLE}x", f"{FSI}Robin {RLE}x{PDI}"),
    ],
)
def test_what_turns_is_isolated(name: str, told: str) -> None:
    assert isolated(name) == told


def test_towers_of_accents_are_lowered_and_no_language_notices() -> None:
    assert isolated("e" + "\u0301" * 30 + "a") == "e" + "\u0301" * 4 + "a"
    for word in ("Thương", "शक्ति", "ก็ได้", "Zoe\u0308"):
        assert isolated(word) == word


@pytest.mark.parametrize("name", ["\u200b\u2060", "\u3164", "\u2800", "\u00ad", " \u00a0", "\u0301\u0316", "\x1b"])
def test_who_cannot_be_seen_is_told_to_be_there(name: str) -> None:
    assert formats.seen(name, words("en")) == "No visible name"
    assert formats.seen(name, words("fr")) == "Nom invisible"


@pytest.mark.parametrize("name", ["0", "\\", "é", "👨‍👩‍👧", "\u202eR", "\u200bR", "שלום", "\ufffd"])
def test_who_can_be_seen_is_called_by_name(name: str) -> None:
    assert formats.seen(name, words("en")) == name


@pytest.mark.parametrize("letter", ["a", "é", "👩", '"', "\u202e"])
def test_a_toast_about_long_names_fits_into_a_cookie(letter: str) -> None:
    toast = Toast(says=Says("merge.done", {"kept": letter * 200, "merged": letter * 200}), undo=Undo(action="/undo"))
    sealed = flash.written(toast, "secret")
    assert len(sealed) <= 3_800
    shown = flash.read(sealed, "secret")
    assert shown is not None
    assert str(shown.says.gaps["kept"]).startswith(letter)


def test_text_areas_keep_the_empty_line_that_a_text_begins_with() -> None:
    """HTML leaves out one line end behind the tag: ours, not the text's."""
    found = [
        (file.name, begin)
        for file in TEMPLATES.glob("*.html")
        for begin in re.findall(r"<textarea\b(?:[^>\"{]|\"[^\"]*\"|\{\{.*?\}\})*>(.)", file.read_text(), re.DOTALL)
    ]
    assert len(found) > 10
    assert [name for name, begin in found if begin != "\n"] == []
