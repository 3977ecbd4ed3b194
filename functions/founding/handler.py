"""Founds a workspace for an operator, who calls it by hand: it has no route, no queue and no schedule."""

from collections.abc import Mapping
from typing import Any

from huntaze import wiring
from huntaze.edge import operator
from huntaze.workspaces.schema import NewWorkspaceBody


def found(asked: Mapping[str, Any]) -> dict[str, Any]:
    founded = wiring.current().founding.found(operator.parsed(NewWorkspaceBody, asked).new())
    return {
        "workspaceId": str(founded.workspace_id),
        "owner": founded.owner.email,
        "ownerStatus": founded.owner.status,
        "isNew": founded.is_new,
        "mail": founded.mail,
    }


def handler(event: dict[str, Any], context: Any) -> Any:
    return operator.answer(event, context, found)
