"""Brings the database up to date: in a deployment, before anything new runs on it, and when an operator asks."""

from collections.abc import Mapping
from typing import Any

from huntaze import wiring
from huntaze.edge import custom_resource, operator


def migrate() -> dict[str, str]:
    return {"Applied": str(len(wiring.current().migrate()))}


def migrate_by_hand(asked: Mapping[str, Any]) -> dict[str, Any]:
    """After a restore, whose schema may be older; and when the application's password changes."""
    return {"applied": wiring.current().migrate(with_next_password=asked.get("password") == "next")}


def handler(event: dict[str, Any], context: Any) -> Any:
    if "RequestType" not in event:  # CloudFormation's own word
        return operator.answer(event, context, migrate_by_hand)
    custom_resource.answer(event, context, migrate)
    return None
