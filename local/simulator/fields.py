"""Reads a JSON object field by field, and says what is wrong with it."""

from typing import Any

from local.simulator.exchange import malformed
from local.simulator.model import Json

_REQUIRED: Any = object()


class Fields:
    """One object: every field is asked for by its kind, and what nobody asked for is a mistake of the caller."""

    def __init__(self, said: Json) -> None:
        self._said = dict(said)

    def text(self, name: str, default: str | None = _REQUIRED) -> Any:
        """Words."""
        return self._take(name, default, "text", lambda value: isinstance(value, str) and bool(value))

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no."""
        return bool(self._take(name, default, "true or false", lambda value: isinstance(value, bool)))

    def whole(self, name: str, default: int | None = _REQUIRED, *, least: int = 0) -> Any:
        """A whole number."""
        return self._take(name, default, f"a whole number from {least}", lambda value: _is_whole(value, least))

    def number(self, name: str, default: float | None = _REQUIRED, *, most: float = float("inf")) -> Any:
        """A number from 0."""
        return self._take(name, default, "a number from 0", lambda value: _is_number(value) and 0 <= value <= most)

    def one_of(self, name: str, values: tuple[str, ...], default: str = _REQUIRED) -> str:
        """One of these words."""
        return str(self._take(name, default, "one of " + ", ".join(values), lambda value: value in values))

    def given(self, name: str, default: object) -> Any:
        """Whatever is there."""
        return self._said.pop(name, default)

    def end(self) -> None:
        """Nothing else was said."""
        if self._said:
            raise malformed("unknown: " + ", ".join(sorted(self._said)))

    def _take(self, name: str, default: Any, what: str, good: Any) -> Any:
        value = self._said.pop(name, None)
        if value is None and default is not _REQUIRED:
            return default
        if not good(value):
            raise malformed(f"{name} must be {what}")
        return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
