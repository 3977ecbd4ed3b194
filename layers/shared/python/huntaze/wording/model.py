"""Texts with variables: `Hi {name|there}`. What stands behind the bar is said when a fan has no such thing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

LONGEST_TEXT = 5_000


class Variable(StrEnum):
    """What can stand in braces."""

    NAME = "name"  # the first part of the fan's name
    FULL_NAME = "full_name"
    HANDLE = "handle"
    PLATFORM = "platform"
    CREATOR = "creator"  # as the owner's profile says, or else the workspace's name


MAY_BE_MISSING = frozenset({Variable.HANDLE, Variable.PLATFORM})


class Fault(StrEnum):
    """What can be wrong with a text."""

    UNKNOWN = "unknown"
    UNCLOSED = "unclosed"
    STRAY = "stray"
    WITHOUT_FALLBACK = "without_fallback"


class IllWorded(ValueError):
    """A text that cannot be filled in; `variable` is the one that is wrong, as it was written."""

    def __init__(self, fault: Fault, variable: str) -> None:
        super().__init__(_EXPLAINED[fault].format(variable=variable))
        self.fault = fault
        self.variable = variable


_KNOWN = ", ".join(Variable)
_EXPLAINED = {
    Fault.UNKNOWN: f"has the variable {{{{{{variable}}}}}}, which is unknown; there are {_KNOWN}",
    Fault.UNCLOSED: "has {{{variable} without a closing brace; a brace as such is written {{{{",
    Fault.STRAY: "has a closing brace behind {variable} that closes nothing; a brace as such is written }}}}",
    Fault.WITHOUT_FALLBACK: "has {{{variable}}} without a fallback, and not every fan has one; "
    "write {{{variable}|and what to say instead}}",
}
_PARTS = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*)\}|[{}]|[^{}]+")
_LONGEST_TOLD = 40


@dataclass(frozen=True, slots=True)
class Gap:
    """A variable in a text, and what is said where there is nothing to fill it with."""

    variable: Variable
    fallback: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text for one fan, and which variables the fan had nothing for."""

    text: str
    missing: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A category of texts, and how many are in it; None stands for those in none."""

    category: str | None
    count: int


@dataclass(frozen=True)
class Wording:
    """A text that can be filled in; there is no other way to one than through its checks."""

    text: str

    def __post_init__(self) -> None:
        _ = self.parts  # an IllWorded when it has none

    @cached_property
    def parts(self) -> tuple[str | Gap, ...]:
        """The text as it is and its gaps, in their order."""
        return tuple(_parts(self.text))

    def filled(self, values: Mapping[Variable, str]) -> Filled:
        """The text for one fan, in one pass: a name with braces in it stays a name."""
        missing = [part.variable for part in self.parts if isinstance(part, Gap) and not values.get(part.variable)]
        words = (part if isinstance(part, str) else values.get(part.variable) or part.fallback for part in self.parts)
        return Filled("".join(words), tuple(dict.fromkeys(missing)))


def _parts(text: str) -> Iterator[str | Gap]:
    for found in _PARTS.finditer(text):
        part = found.group()
        if found["inside"] is not None:
            yield _gap(found["inside"])
        elif part in {"{{", "}}"}:
            yield part[0]
        elif part == "{":
            raise IllWorded(Fault.UNCLOSED, re.split(r"[|\s{}]", text[found.end() :])[0][:_LONGEST_TOLD])
        elif part == "}":
            raise IllWorded(Fault.STRAY, re.split(r"[|\s{}]", text[: found.start()])[-1][-_LONGEST_TOLD:])
        else:
            yield part


def _gap(inside: str) -> Gap:
    name, bar, fallback = inside.partition("|")
    try:
        variable = Variable(name.strip())
    except ValueError:
        raise IllWorded(Fault.UNKNOWN, name.strip()[:_LONGEST_TOLD]) from None
    if variable in MAY_BE_MISSING and not bar:
        raise IllWorded(Fault.WITHOUT_FALLBACK, variable)
    return Gap(variable, fallback)
