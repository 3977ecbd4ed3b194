"""Errors as they may be written down: their kind and where they happened, never the values they carry."""

import traceback
from collections.abc import Iterator

from huntaze.errors import HuntazeError

_DEEPEST_CHAIN = 5


def kind_of(error: BaseException) -> str:
    """What sort of error this is, in one line that quotes no data.

    A database error's own text repeats the row that failed, so only its SQLSTATE and constraint are kept.
    """
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return " ".join([name, *_known_harmless(error)])


def stack_of(error: BaseException) -> str:
    """The stack of an error and of what caused it, as lines of code without any value."""
    return "\ncaused by\n".join(_one_stack(link) for link in _chain(error))


def _known_harmless(error: BaseException) -> Iterator[str]:
    if isinstance(error, HuntazeError):
        yield error.detail
    if sqlstate := getattr(error, "sqlstate", None):
        yield f"sqlstate={sqlstate}"
    if constraint := getattr(getattr(error, "diag", None), "constraint_name", None):
        yield f"constraint={constraint}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(_DEEPEST_CHAIN):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _one_stack(error: BaseException) -> str:
    frames = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join([kind_of(error), *frames])
