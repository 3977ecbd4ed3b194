"""Forms that bring a file along: multipart/form-data, as the gateway hands it over."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from huntaze.edge.request import failing_fields, header
from huntaze.errors import Invalid, TooLarge

if TYPE_CHECKING:
    from multipart import MultipartSegment
    from pydantic import BaseModel

MULTIPART = "multipart/form-data"
FILE = "file"
EXTENSION = "x-form"
LARGEST_FILE = 4 * 1024 * 1024
LARGEST_FORM = LARGEST_FILE + 64 * 1024  # with the fields around it; about 4.5 MB reach our code at all
_MOST_PARTS = 20
_LONGEST_NAME = 200
_LONGEST_FIELD = 16_384

Model = TypeVar("Model", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Form:
    """One file, by the name that its owner calls it, and the fields beside it."""

    file_name: str = field(repr=False)
    file: bytes = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)

    def read(self, model: type[Model]) -> Model:
        """The fields as this model has them; Invalid when they are not."""
        from pydantic import ValidationError  # noqa: PLC0415  (loaded with the model; a function without input has none)

        try:
            return model.model_validate(self.fields)
        except ValidationError as error:
            found = [{**failing, "loc": ("form", *failing["loc"])} for failing in error.errors()]
            raise Invalid(failing_fields(found)) from None

    def told(self) -> str:
        """The same request as text: equal for equal content, whatever stands between the parts."""
        file = [self.file_name, hashlib.sha256(self.file).hexdigest()]
        return json.dumps([file, sorted(self.fields.items())])


# The parameter of a route that is to be given the form. Such a route takes nothing else.
Sent = Annotated[Form, "what was sent in a form"]


def described_by(model: "type[BaseModel]") -> dict[str, Any]:
    """These fields beside the file: for a route's `openapi_extensions`, which the description is made from."""
    return {EXTENSION: model.model_json_schema(ref_template="#/components/schemas/{model}")}


def form(event: Mapping[str, Any]) -> Form:
    """The form that a request of a fair size brings; Invalid, by the name of the field, when it has not one file."""
    from multipart import MultipartError, ParserLimitReached  # noqa: PLC0415  (few requests bring files)

    boundary = _boundary(header(event, "content-type") or "")
    try:
        parts = _parts(_body(event), boundary)
    except ParserLimitReached:
        raise Invalid.field("body", "Has too many or too long fields") from None
    except (MultipartError, UnicodeError):
        raise _broken() from None
    return _form(parts)


def loosely(content_type: str, body: bytes) -> tuple[list[tuple[str, str]], tuple[str, bytes] | None]:
    """The fields of a form, and the first file that was chosen in it: for pages, which say themselves what is wrong."""
    from multipart import MultipartError, ParserLimitReached  # noqa: PLC0415  (few requests bring files)

    boundary = _boundary(content_type)
    try:
        parts = _parts(body, boundary)
    except (ParserLimitReached, MultipartError, UnicodeError):
        raise _broken() from None
    words = [(part.name, content) for part, content in parts if part.filename is None]
    if too_long := next((name for name, content in words if len(content) > _LONGEST_FIELD), None):
        raise Invalid.field(too_long[:_LONGEST_NAME], "Is too long")
    fields = [(name, _text(name, content)) for name, content in words]
    files = [(part.filename[-_LONGEST_NAME:], content) for part, content in parts if part.filename]
    return fields, next(iter(files), None)


def _form(parts: "list[tuple[MultipartSegment, bytes]]") -> Form:
    files = [(part, content) for part, content in parts if part.name == FILE]
    if not files or (len(files) == 1 and not files[0][1] and not files[0][0].filename):
        raise Invalid.field(FILE, "Is missing")  # browsers send an empty one without a name where none was chosen
    if len(files) > 1:
        raise Invalid.field(FILE, "Must be one file")
    [(part, content)] = files
    if part.filename is None:
        raise Invalid.field(FILE, "Must be sent as a file")
    if len(content) > LARGEST_FILE:
        raise TooLarge("A file of more than 4 MB goes to /api/onlyfans/imports.")
    return Form(part.filename[-_LONGEST_NAME:], content, _fields(parts))


def _fields(parts: "list[tuple[MultipartSegment, bytes]]") -> dict[str, str]:
    fields: dict[str, str] = {}
    for part, content in parts:
        if part.name == FILE:
            continue
        if part.filename is not None or part.name in fields:
            raise Invalid.field(part.name[:_LONGEST_NAME], "Must be one word")
        if len(content) > _LONGEST_FIELD:
            raise Invalid.field(part.name[:_LONGEST_NAME], "Is too long")
        fields[part.name] = _text(part.name, content)
    return fields


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Invalid.field(name[:_LONGEST_NAME], "Is not text in UTF-8") from None


def _parts(body: bytes, boundary: str) -> "list[tuple[MultipartSegment, bytes]]":
    from multipart import MultipartSegment, PushMultipartParser  # noqa: PLC0415  (few requests bring files)

    parts: list[tuple[MultipartSegment, bytearray]] = []
    with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS, strict=True) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                parts.append((event, bytearray()))
            elif event:
                parts[-1][1].extend(event)
    return [(part, bytes(content)) for part, content in parts]


def _boundary(content_type: str) -> str:
    from multipart import parse_options_header  # noqa: PLC0415  (few requests bring files)

    kind, options = parse_options_header(content_type)
    if kind != MULTIPART:
        raise Invalid.field("Content-Type", f"Must be {MULTIPART}")
    boundary: str = options.get("boundary", "")
    if not boundary:
        raise Invalid.field("Content-Type", "Must name its boundary")
    return boundary


def _body(event: Mapping[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise _broken() from None


def _broken() -> Invalid:
    return Invalid.field("body", "Is not a complete form")
