"""What a planted bug is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One thing in the product that is another while a bug is planted."""

    owner: object
    name: str
    put: object


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
