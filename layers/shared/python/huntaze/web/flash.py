"""What is said once, on the page after a redirect."""

from huntaze.web import tokens
from huntaze.web.views import Says, Toast, Undo

_LONGEST_GAP = 200
_LARGEST_COOKIE = 3_800  # browsers drop a cookie of more than 4 KB in all


def written(toast: Toast, secret: str) -> str:
    """The toast as a cookie's value; without its Undo where both together would be too large."""
    undo = toast.undo and [toast.undo.action, dict(toast.undo.fields)]
    gaps = {name: gap if isinstance(gap, int) else str(gap)[:_LONGEST_GAP] for name, gap in toast.says.gaps.items()}
    note = [toast.says.key, gaps, toast.tone]
    sealed = tokens.sealed([*note, undo], secret)
    return sealed if len(sealed) <= _LARGEST_COOKIE else tokens.sealed([*note, None], secret)


def read(value: str | None, secret: str) -> Toast | None:
    """The toast again; nothing if it is none of ours."""
    note = tokens.unsealed(value, secret) if value else None
    if note is None:
        return None
    key, gaps, tone, undo = note
    return Toast(says=Says(key, gaps), tone=tone, undo=undo and Undo(action=undo[0], fields=undo[1]))
