"""Our cookies. `__Host-` makes the browser insist on Secure, on the whole site and on no other host."""

from huntaze.sessions.model import LONGEST

SESSION = "__Host-session"
FORM = "__Host-form"
CHALLENGE = "__Host-challenge"
FLASH = "__Host-flash"
LOOK = "__Host-look"
FOLDED = "__Host-folded"  # set by the script of the pages: nothing beside threads

_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"
_SECONDS = {
    SESSION: int(LONGEST.total_seconds()),
    FORM: 24 * 3600,
    CHALLENGE: 15 * 60,
    FLASH: 60,
    LOOK: 365 * 24 * 3600,
}


def given(name: str, value: str) -> str:
    """A cookie to keep."""
    return f"{name}={value}; Max-Age={_SECONDS[name]}; {_ATTRIBUTES}"


def taken(name: str) -> str:
    """A cookie to forget."""
    return f"{name}=; Max-Age=0; {_ATTRIBUTES}"
