"""What all request and response models share: camelCase outside, nothing unknown, nothing the database would refuse."""

import json
import math
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from huntaze.money import MOST_CENTS

# PostgreSQL stores no NUL; a string that is not Unicode (a lone surrogate) is refused by pydantic itself.
_NO_NUL = r"^[^\x00]*$"
_SOMETHING = r"^[^\x00]*[^\s\x00][^\x00]*$"
_LARGEST_OBJECT_BYTES = 16_384
_DEEPEST_OBJECT = 10
_LARGEST_PLAIN_FLOAT = 1e16
_SMALLEST_PLAIN_FLOAT = 1e-4


class Incoming(BaseModel):
    """A request body: camelCase names, and no field that is not known."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True)


class Outgoing(BaseModel):
    """A response body: camelCase names."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True)


def text(*, longest: int, shortest: int = 0) -> Any:
    """The rules of a text field: real text, within these lengths, and not only blanks where something must be."""
    pattern = _SOMETHING if shortest else _NO_NUL
    return Field(strict=True, min_length=shortest, max_length=longest, pattern=pattern)


def _not_a_number(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a time in ISO 8601 with an offset")  # noqa: TRY004  (pydantic wants a ValueError)
    return value


def _within_reach(value: datetime) -> datetime:
    if not MINYEAR < value.year < MAXYEAR:  # in UTC it may lie beyond what can be read back
        raise ValueError("must not be in the first or the last year there is")
    return value


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    if _size(value, 0) > _LARGEST_OBJECT_BYTES:
        raise ValueError(f"must be at most {_LARGEST_OBJECT_BYTES} bytes")
    return value


Cents = Annotated[int, Field(strict=True, ge=0, le=MOST_CENTS)]
Currency = Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")]
Email = Annotated[str, Field(strict=True, min_length=3, max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
WebAddress = Annotated[str, Field(strict=True, max_length=2048, pattern=r"^https?://[^\s\x00]+$")]
Flag = Annotated[bool, Field(strict=True)]
Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number), AfterValidator(_within_reach)]
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
