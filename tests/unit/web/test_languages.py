import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.sessions.model import Preferences, Theme
from huntaze.web import looks
from huntaze.web.languages import wanted


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de,fr;q=0.5,en;q=0.4", "fr"),
        ("en;q=0.4,fr;q=0.5", "fr"),
        ("FR-be", "fr"),
        ("de-CH, it", "en"),
        ("fr;q=0", "en"),
        ("fr;q=nonsense,en;q=0.1", "en"),
        ("fr;q=7,en;q=0.1", "en"),
        ("*", "en"),
        ("en,fr", "en"),
    ],
)
def test_the_language_asked_for_most_is_taken(accepted: str, locale: str) -> None:
    assert wanted(accepted) == locale


@given(st.text(max_size=200))
def test_whatever_a_browser_says_there_is_a_language(accepted: str) -> None:
    assert wanted(accepted) in {"en", "fr"}


@pytest.mark.parametrize("locale", [None, "en", "fr"])
@pytest.mark.parametrize("theme", Theme)
def test_a_look_comes_back_as_it_went_out(locale: str | None, theme: Theme) -> None:
    preferences = Preferences(locale=locale, theme=theme)
    assert looks.read(looks.written(preferences)) == preferences


@given(st.text(max_size=50))
def test_what_is_no_look_chooses_nothing(word: str) -> None:
    assert looks.read("x" + word) in [Preferences(theme=theme) for theme in Theme]
