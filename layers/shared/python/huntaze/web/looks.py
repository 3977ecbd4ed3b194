"""How somebody wants their pages, in a cookie for as long as they are not signed in."""

from huntaze.sessions.model import Preferences, Theme
from huntaze.web.words import LOCALES

_THEMES = {theme.value: theme for theme in Theme}


def read(word: str) -> Preferences:
    """What `written` wrote; anything else chooses nothing."""
    locale, _, theme = word.partition(".")
    return Preferences(locale=locale if locale in LOCALES else None, theme=_THEMES.get(theme, Theme.SYSTEM))


def written(preferences: Preferences) -> str:
    """Preferences as one word: fr.dark."""
    return f"{preferences.locale or ''}.{preferences.theme}"
