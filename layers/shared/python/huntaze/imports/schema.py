"""Imports as the API speaks of them: what is asked."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, Json, WithJsonSchema

from huntaze.cursors import Bookmarks, Cursors, Position
from huntaze.fans.model import Platform
from huntaze.imports import model
from huntaze.imports.model import LARGEST, Action, Choices, Policy, Status
from huntaze.imports.reading.rules import LOCALES
from huntaze.schema import Incoming, Partial, text

LONGEST_FILE_NAME = 200
LONGEST_HEADER = 500

# Written out: others have such words too, and the description of the API has one schema of a name.
ImportStatus = Annotated[Status, WithJsonSchema({"type": "string", "enum": [each.value for each in Status]})]
RowAction = Annotated[Action, WithJsonSchema({"type": "string", "enum": [each.value for each in Action]})]
Meaning = Annotated[model.Field, WithJsonSchema({"type": "string", "enum": [each.value for each in model.Field]})]

# What may have come in between: since the dry run, or since the commit.
Otherwise = Literal["since_added", "since_changed", "since_gone", "since_edited"]


def _known_locale(code: str) -> str:
    if code not in LOCALES:
        raise ValueError(f"must be one of {', '.join(LOCALES)}")
    return code


Locale = Annotated[
    str,
    Field(
        strict=True,
        description="How amounts and dates are written in the file; without it, what can be read in two ways is an "
        "error of its row.",
        json_schema_extra={"enum": list(LOCALES)},
    ),
    AfterValidator(_known_locale),
]
Header = Annotated[str, text(shortest=1, longest=LONGEST_HEADER)]
Mapped = Annotated[
    dict[Meaning, Header],
    Field(description="Which header stands for which field; as suggested from the header when it is left out."),
]
FanPlatform = Annotated[Platform, Field(description="Where the fans are, unless a column says so.")]
KnownFans = Annotated[Policy, Field(description="What happens to fans who are known already.")]


class ChoicesFields(Incoming):
    """What is chosen about a file that comes along in a form."""

    platform: FanPlatform = Platform.ONLYFANS
    locale: Locale | None = None
    policy: KnownFans = Policy.SKIP
    mapping: Annotated[Json[Mapped] | None, Field(description="A JSON object.")] = None

    def choices(self) -> Choices:
        """The same in the language of the use case."""
        return Choices(platform=self.platform, locale=self.locale, policy=self.policy, mapping=self.mapping)


class NewImportBody(Incoming):
    """A file to come, and what is chosen about it beforehand."""

    file_name: Annotated[str, text(shortest=1, longest=LONGEST_FILE_NAME)]
    file_bytes: Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="The form takes no larger file.")]
    platform: FanPlatform = Platform.ONLYFANS
    locale: Locale | None = None
    policy: KnownFans = Policy.SKIP
    mapping: Mapped | None = None

    def choices(self) -> Choices:
        """The same in the language of the use case."""
        return Choices(platform=self.platform, locale=self.locale, policy=self.policy, mapping=self.mapping)


class ChangedChoicesBody(Partial):
    """What is to be different in another dry run; a mapping of null means as suggested from the header."""

    platform: FanPlatform = Platform.ONLYFANS
    locale: Locale | None = None
    policy: KnownFans = Policy.SKIP
    mapping: Mapped | None = None

    def over(self, chosen: Choices) -> Choices:
        """What was chosen, with what is different."""
        return replace(chosen, **self.given())


class SeenPlanBody(Incoming):
    """Which plan the caller has seen and wants."""

    plan_hash: Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$", description="`planHash` of the import.")]

    @property
    def seen(self) -> bytes:
        """The same as it is kept."""
        return bytes.fromhex(self.plan_hash)


class RowsQuery(Incoming):
    """Which rows of the plan are wanted."""

    action: Annotated[RowAction | None, Field(description="Only rows that this happens to.")] = None
    outcome: Annotated[Otherwise | None, Field(description="Only rows of which this became instead.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filter.")] = None

    def bookmarks(self, cursors: Cursors, workspace_id: UUID, import_id: UUID) -> Bookmarks:
        """The cursors of this list."""
        return cursors.of(workspace_id, "rows of an import", import_id, self.action, self.outcome)

    def after(self, bookmarks: Bookmarks) -> int:
        """Behind which row it goes on."""
        position = bookmarks.position(self.cursor)
        return int(position.key) if position else 0


def place(number: int, import_id: UUID) -> Position:
    """Behind this row."""
    return Position(str(number), import_id)
