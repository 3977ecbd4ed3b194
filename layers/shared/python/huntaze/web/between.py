"""What the next step needs, sealed, in a cookie of a quarter of an hour: between two pages that belong together."""

from huntaze.web import cookies, tokens
from huntaze.web.answer import Answer
from huntaze.web.visit import Visit


def carrying(answer: Answer, visit: Visit, kind: str, *words: str) -> Answer:
    """The answer, with these words for the next step of this kind."""
    return answer.with_cookies(cookies.given(cookies.CHALLENGE, tokens.sealed([kind, *words], visit.secret)))


def carried(visit: Visit, kind: str) -> list[str] | None:
    """The words again; nothing if it is another step's note, or none of ours."""
    note = tokens.unsealed(visit.request.cookies.get(cookies.CHALLENGE, ""), visit.secret)
    return note[1:] if isinstance(note, list) and note[:1] == [kind] else None
