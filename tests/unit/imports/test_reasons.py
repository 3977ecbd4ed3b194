import re
from pathlib import Path

import pytest

from huntaze.imports import reading, reasons
from huntaze.imports.reading.rules import LOCALES

SOURCE = "".join(path.read_text() for path in Path(reading.__path__[0]).glob("*.py"))


def test_whatever_is_wrong_with_a_cell_has_words() -> None:
    found = set(re.findall(r'Fault\("(\w+)"\)', SOURCE))
    assert len(found) > 15
    assert found <= set(reasons.ROW)


def test_whatever_is_wrong_with_a_file_has_words() -> None:
    found = set(re.findall(r'(?:Unreadable\(|^    \()"(\w+)"', SOURCE, re.MULTILINE))
    assert {"archive", "picture", "not_csv", "not_text", "open_quote"} <= found <= set(reasons.FILE)


def test_words_of_each_kind() -> None:
    for code in (*reasons.ROW, *reasons.SKIPPED, *reasons.FILE):
        assert reasons.words(code).endswith(".")
    with pytest.raises(KeyError):
        reasons.words("no such reason")


def test_at_least_these_locales_can_be_chosen() -> None:
    needed = "en-US en-GB en-CA en-AU fr-FR fr-CA de-DE es-ES es-MX it-IT pt-BR pt-PT nl-NL pl-PL sv-SE ja-JP"
    assert set(LOCALES) >= set(needed.split())
