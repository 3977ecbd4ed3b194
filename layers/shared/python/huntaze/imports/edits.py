"""What a row of a plan does, told from what is kept of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huntaze.imports.model import Action, Edit, Field, PlannedRow, Told
from huntaze.money import Money

_COLUMNS = {Field.USERNAME: "handle", Field.USER_ID: "platform_id", Field.NAME: "name", Field.EMAIL: "email"}


def planned_row(row: Mapping[str, Any]) -> PlannedRow:
    """A row of the table as people see it."""
    return PlannedRow(
        number=row["number"],
        action=Action(row["action"]),
        column=row["about"],
        reason=row["reason"],
        name=row["name"],
        changes=tuple(row["changes"] or ()),
        edits=tuple(Edit(name, *_from_to(name, row)) for name in row["changes"] or ()),
        fan_id=row["fan_id"],
    )


def _from_to(name: str, row: Mapping[str, Any]) -> tuple[Told | None, Told | None]:
    """What a fan has until the update, and has by it."""
    had = (row["before"] or {}).get(name)
    match Field(name):
        case Field.SPENT:
            before = had and had["cents"] and Money(had["cents"], had["currency"])
            return before or None, Money(row["spent_cents"], row["currency"])
        case Field.LAST_SEEN:
            return had and datetime.fromisoformat(had), row["last_seen_at"]
        case Field.TAGS:
            return tuple(had or ()) or None, tuple(row["tags"])
        case Field.TIER:
            return had and had.get("subscriptionTier"), row["tier"]
        case Field.USERNAME | Field.USER_ID | Field.NAME | Field.EMAIL:
            return had, row[_COLUMNS[Field(name)]]
    return None, None
