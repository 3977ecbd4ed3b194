"""Things of the product that are others for a while: bugs that are planted, and times that a test does not wait for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Change:
    """One thing in the product that is another."""

    owner: object
    name: str
    put: object


def put_in_place(changes: Iterable[Change]) -> None:
    """Have these from now on."""
    for change in changes:
        setattr(change.owner, change.name, change.put)


@contextmanager
def in_place(changes: Iterable[Change]) -> Iterator[None]:
    """Have these, to the end of the block."""
    before: list[Change] = []
    try:
        for change in changes:
            before.append(replace(change, put=getattr(change.owner, change.name)))
            put_in_place([change])
        yield
    finally:
        put_in_place(reversed(before))


def without(statement: str, *words: str) -> str:
    """A statement that lacks these; an error if it lacked them already, for then nothing would be planted."""
    for word in words:
        if word not in statement:
            raise ValueError(f"there is no {word!r} to take away")
        statement = statement.replace(word, "")
    return statement


def instead(statement: str, was: str, becomes: str) -> str:
    """A statement that says something else; an error if it never said that."""
    if was not in statement:
        raise ValueError(f"there is no {was!r} to change")
    return statement.replace(was, becomes)
