"""Pages are looked at by day at a desk and by night on a phone."""

from collections.abc import Sequence
from typing import Literal

from playwright.sync_api import ViewportSize

Scheme = Literal["light", "dark"]
BOTH: tuple[Scheme, Scheme] = ("light", "dark")
SIZES: dict[Scheme, ViewportSize] = {
    "light": ViewportSize(width=1440, height=900),
    "dark": ViewportSize(width=375, height=812),
}


class InTurn:
    """The one and then the other; with --deep both each time."""

    def __init__(self, *, deep: bool) -> None:
        self.deep = deep
        self._turn = 0

    def next(self) -> Sequence[Scheme]:
        """Whose turn it is."""
        self._turn += 1
        return BOTH if self.deep else BOTH[self._turn % 2 :][:1]
