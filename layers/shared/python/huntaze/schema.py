"""What all request and response models share: camelCase outside, nothing unknown, nothing the database would refuse."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AliasGenerator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from huntaze import zones
from huntaze.money import MOST_CENTS

# PostgreSQL stores no NUL; a string that is not Unicode (a lone surrogate) is refused by pydantic itself.
_NO_NUL = r"^[^\x00]*$"
_SOMETHING = r"^[^\x00]*[^\s\x00][^\x00]*$"
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LARGEST_OBJECT_BYTES = 16_384
_DEEPEST_OBJECT = 10
_LARGEST_PLAIN_FLOAT = 1e16
_SMALLEST_PLAIN_FLOAT = 1e-4


def _without_defaults(schema: dict[str, Any]) -> None:
    for rules in schema["properties"].values():
        rules.pop("default", None)


class Incoming(BaseModel):
    """A request body: camelCase names, and no field that is not known."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True)


class Partial(Incoming):
    """A request body that says only what is to be different."""

    # What is left out stays as it is, so no default of ours is worth telling.
    model_config = ConfigDict(json_schema_extra=_without_defaults)

    def given(self) -> dict[str, Any]:
        """What the caller said, and nothing else."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Outgoing(BaseModel):
    """A response body: camelCase names. `model_validate` makes one from anything that has what it tells."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(serialization_alias=to_camel),
        validate_by_name=True,
        from_attributes=True,
        frozen=True,
    )


def text(*, longest: int, shortest: int = 0) -> Any:
    """The rules of a text field: real text, within these lengths, and not only blanks where something must be."""
    pattern = _SOMETHING if shortest else _NO_NUL
    return Field(strict=True, min_length=shortest, max_length=longest, pattern=pattern)


def _all_different(tags: list[str]) -> list[str]:
    if len(set(tags)) < len(tags):
        raise ValueError("must not repeat a tag")
    return tags


def _whole_number(value: object) -> object:
    if not (isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,40}", value)):
        raise ValueError("must be a whole number")
    return value


def _true_or_false(value: object) -> object:
    if value not in {"true", "false", True, False}:
        raise ValueError("must be true or false")
    return value


def _canonical(value: object) -> object:
    if not (isinstance(value, str) and _ID.fullmatch(value)):
        raise ValueError("must be an id")
    return value


def _within_the_calendar(value: datetime) -> datetime:
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must lie between the years 1 and 9999") from None
    return value


def _not_a_number(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a time in ISO 8601 with an offset")  # noqa: TRY004  (pydantic wants a ValueError)
    return value


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    if _size(value, 0) > _LARGEST_OBJECT_BYTES:
        raise ValueError(f"must be at most {_LARGEST_OBJECT_BYTES} bytes")
    return value


def _known_zone(name: str) -> str:
    if not zones.is_known(name):
        raise ValueError("must be a time zone such as Europe/Paris")
    return name


Cents = Annotated[int, Field(strict=True, ge=0, le=MOST_CENTS)]
Currency = Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")]
Email = Annotated[str, Field(strict=True, min_length=3, max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
WebAddress = Annotated[str, Field(strict=True, max_length=2048, pattern=r"^https?://[^\s\x00]+$")]
Zone = Annotated[str, text(shortest=1, longest=64), AfterValidator(_known_zone)]
Flag = Annotated[bool, Field(strict=True)]
# In an address everything is text: `true` and `false`, and not all that pydantic would read as one of them.
FlagInAddress = Annotated[bool, BeforeValidator(_true_or_false)]
Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number), AfterValidator(_within_the_calendar)]
# In an address everything is text, and pydantic would read more as a number than people mean by one.
CentsInAddress = Annotated[int, Field(ge=0, le=MOST_CENTS), BeforeValidator(_whole_number)]
Id = Annotated[UUID, BeforeValidator(_canonical)]
Tag = Annotated[str, text(shortest=1, longest=200)]
Tags = Annotated[
    list[Tag],
    Field(strict=True, max_length=100, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_all_different),
]
StoredObject = Annotated[dict[str, Any], Field(strict=True), AfterValidator(_storable)]


def _size(value: object, depth: int) -> int:
    """How many bytes PostgreSQL will write this value with; a ValueError if it cannot store it as it came."""
    if depth > _DEEPEST_OBJECT:
        raise ValueError(f"must not be nested deeper than {_DEEPEST_OBJECT} levels")
    match value:
        case dict():
            return 2 + sum(_size(name, depth) + _size(inner, depth + 1) + 4 for name, inner in value.items())
        case list():
            return 2 + sum(_size(inner, depth + 1) + 2 for inner in value)
        case str():
            return _size_of_text(value)
        case bool() | None:
            return 5
        case int() if abs(value) <= MOST_CENTS:
            return 20
        case float() if value == 0 or _SMALLEST_PLAIN_FLOAT <= math.fabs(value) < _LARGEST_PLAIN_FLOAT:
            return 24
    raise ValueError("must hold only plain numbers")


def _size_of_text(value: str) -> int:
    if "\x00" in value:
        raise ValueError("must not hold a NUL")
    try:
        return len(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        raise ValueError("must hold only Unicode text") from None
