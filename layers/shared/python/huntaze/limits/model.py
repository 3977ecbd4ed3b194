"""What is left of a person's requests."""

from dataclasses import dataclass

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Counted:
    """How many requests there were in this window, this one included, and how long it still lasts."""

    requests: int
    milliseconds_left: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a person may send in a window, what is left of it, and in how many seconds it is whole again."""

    limit: int
    left: int
    seconds: int
    is_exceeded: bool

    @classmethod
    def of(cls, limit: int, counted: Counted) -> "Allowance":
        """What is left after so many requests."""
        seconds = max(1, -(-counted.milliseconds_left // 1000))
        return cls(limit, max(0, limit - counted.requests), seconds, counted.requests > limit)
