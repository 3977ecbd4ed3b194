"""What can be waited for."""

from enum import StrEnum


class Awaited(StrEnum):
    """A platform that cannot connect yet."""

    PATREON = "patreon"
    OTHER = "other"
