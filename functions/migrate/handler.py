"""Brings the database up to date during a deployment, before anything new runs on it."""

from typing import Any

from huntaze import wiring
from huntaze.edge import custom_resource


def migrate() -> dict[str, str]:
    return {"Applied": str(len(wiring.current().migrate()))}


def handler(event: dict[str, Any], context: Any) -> None:
    custom_resource.answer(event, context, migrate)
