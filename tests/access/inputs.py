"""Valid input for every operation: made from the schema and the seeds, with hints where those do not know enough."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from huntaze.connections.notice import notice
from tests.access.operations import Json, Operation, Way
from tests.access.seeds import HASH_OF_THE_PLAN, hash_of_the_campaign, hash_of_the_draft, token_of_the_expired
from tests.support.multipart import Part, body_of, content_type
from tests.support.workspaces import Workspace


@dataclass(frozen=True)
class Hint:
    """What the schema does not tell. A text that begins with $ is the id of a seeded thing; a function is asked."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    # For one place of an id at a time, what else the body needs, or must not have (None), beside it.
    beside: Mapping[Way, Mapping[str, Any]] = field(default_factory=dict)


# By the last word before {id} in the path, and by the name of the field.
THINGS_IN_PATHS = {
    "fans": "fan",
    "notes": "note",
    "conversations": "conversation",
    "messages": "question",
    "drafts": "draft",
    "quick-replies": "quick reply",
    "templates": "template",
    "members": "colleague",
    "merges": "merge",
    "invitations": "invited",
    "connections": "account",
    "campaigns": "campaign",
    "imports": "import",
}
THINGS_IN_FIELDS = {
    "fanId": "fan",
    "conversationId": "conversation",
    "draftId": "draft",
    "actorId": "owner",
    "approvedBy": "chatter",
    "objectId": "fan",
    "memberId": "chatter",
    "ids": "fan",
    "keptId": "fan",
    "mergedId": "second fan",
}


EXPIRED_ACCOUNT = {
    "platform": "fansly",
    "bridgeUrl": "https://bridge.example.com",
    "token": token_of_the_expired,
    "consent": {"agreed": True, "notice": notice().version},
}

A_FILE = Part("file", "Username\nsomebody-new\n", "fans.csv")

HINTS: dict[str, Hint] = {
    "createFan": Hint(body={"platformId": "somebody new"}),
    "deleteFan": Hint(),
    "updateFan": Hint(body={"name": "Another name"}),
    "tagFans": Hint(body={"ids": ["$fan"], "add": ["new"]}),
    "renameTag": Hint(query={"tag": "vip"}),
    "deleteTag": Hint(query={"tag": "vip"}),
    "takeTagFromFan": Hint(query={"tag": "vip"}),
    "verifyAuditLog": Hint(),
    "openConversation": Hint(body={"fanId": "$second fan"}),
    "changeConversation": Hint(body={"archived": True}),
    "sendInConversation": Hint(body={"text": "Hello"}),
    "sendMessage": Hint(
        body={"text": "Hello", "conversationId": "$conversation"},
        beside={("fanId",): {"conversationId": None}},
    ),
    "sendToFan": Hint(body={"recipientId": "$fan", "content": "Hello"}),
    "sendManually": Hint(body={"recipientId": "robin", "content": "Hello"}),
    "rewordMessage": Hint(path={"id": "$a queued message"}, body={"content": "Better"}),
    "checkMessage": Hint(path={"id": "$a unknown message"}),
    "restoreDraft": Hint(path={"id": "$a dismissed draft"}),
    "retryMessage": Hint(path={"id": "$a failed message"}),
    "cancelMessage": Hint(path={"id": "$a queued message"}),
    "resolveMessage": Hint(path={"id": "$a unknown message"}, body={"decision": "arrived"}),
    "writeDraft": Hint(body={"text": "Hello"}),
    "changeDraft": Hint(body={"text": "Hello again"}),
    "approveDraft": Hint(body={"contentHash": hash_of_the_draft}),
    **dict.fromkeys(("connectAccount", "authorizeAccount"), Hint(body=EXPIRED_ACCOUNT)),
    "changePace": Hint(body={"messages": 5, "seconds": 60}),
    "pauseAccount": Hint(body={"reason": "On holiday"}),
    "resumeAccount": Hint(path={"id": "$expired account"}),
    "sendBulk": Hint(body={"recipientIds": ["$fan"], "content": "Hello"}),
    "createCampaign": Hint(body={"variants": [{"content": "Hello"}], "audience": {"include": {}}}),
    "updateCampaign": Hint(body={"name": "Another name"}),
    "launchCampaign": Hint(body={"contentHash": hash_of_the_campaign}),
    **dict.fromkeys(("pauseCampaign", "cancelCampaign", "retryCampaign"), Hint(path={"id": "$a launched campaign"})),
    "resumeCampaign": Hint(path={"id": "$a paused campaign"}),
    **dict.fromkeys(("discardCampaign", "duplicateCampaign", "exportCampaign"), Hint()),
    "exportNumbers": Hint(query={"table": "revenue"}),
    "keepComposer": Hint(body={"text": "Hello"}),
    "bePresent": Hint(body={"answering": True}),
    "createQuickReply": Hint(body={"template": "Hi"}),
    "updateQuickReply": Hint(body={"template": "Hi again"}),
    "createTemplate": Hint(body={"name": "Another", "text": "Hi"}),
    "updateTemplate": Hint(body={"name": "Another", "text": "Hi"}),
    "updateProfile": Hint(body={"bio": "Hi"}),
    "updateWorkspace": Hint(body={"name": "Another name"}),
    "updateAiConfig": Hint(body={"enabled": True}),
    "inviteMember": Hint(body={"email": "new@example.com", "role": "chatter"}),
    "sendInvitationAgain": Hint(path={"id": "$invited"}),
    "changeRole": Hint(body={"role": "manager"}),
    "mergeFans": Hint(body={"keptId": "$fan", "mergedId": "$second fan"}),
    "eraseFan": Hint(body={"confirm": True}),
    "importCsv": Hint(),
    "beginImport": Hint(body={"fileName": "fans.csv", "fileBytes": 100}),
    "planImport": Hint(path={"id": "$a planned import"}),
    "commitImport": Hint(path={"id": "$a planned import"}, body={"planHash": HASH_OF_THE_PLAN.hex()}),
    "undoImport": Hint(path={"id": "$a committed import"}),
    **dict.fromkeys(("listRows", "readRejected"), Hint(path={"id": "$a planned import"})),
}


@dataclass(frozen=True)
class Input:
    """What one request says."""

    path: str
    query: str
    body: Any
    content_type: str = "application/json"


class Valid:
    """Valid input of an operation inside a workspace, in which single ids can be replaced."""

    def __init__(self, operation: Operation, workspace: Workspace) -> None:
        self._operation = operation
        self._workspace = workspace
        hint = HINTS.get(operation.id, Hint())
        self._hint = hint
        self._path = {name: self._of(hint.path.get(name, "")) or self._in_path(name) for name in _gaps(operation.path)}
        self._query = {
            **{name: self._of_field(name, schema) for name, schema in operation.needed_in_query.items()},
            **{name: self._of(value) for name, value in hint.query.items()},
        }
        made = _example(operation.body, self._of_field) if operation.body else None
        self._body = {**made, **self._filled(hint.body)} if isinstance(made, dict) else made

    def input(self) -> Input:
        """The valid request itself."""
        return self._input(self._path, self._query, self._body)

    def with_path(self, name: str, value: UUID | str) -> Input:
        """The same about something else."""
        return self._input({**self._path, name: str(value)}, self._query, self._body)

    def with_query(self, name: str, value: str) -> Input:
        """The same asking for something else."""
        return self._input(self._path, {**self._query, name: value}, self._body)

    def with_body(self, way: Way, value: UUID) -> Input:
        """The same saying something else."""
        body = copy.deepcopy(self._body)
        for name, beside in self._hint.beside.get(way, {}).items():
            body[name] = beside
        body = {name: given for name, given in body.items() if given is not None}
        return self._input(self._path, self._query, _replaced(body, way, str(value)))

    def id_in_path(self, name: str) -> UUID:
        """What stands in this gap."""
        return UUID(self._path[name])

    def id_of_field(self, name: str) -> UUID:
        """What a field of this name would say."""
        return UUID(self._seeded(name))

    def _input(self, path: Mapping[str, str], query: Mapping[str, str], body: Any) -> Input:
        filled = self._operation.path.format_map({name: quote(value, safe="") for name, value in path.items()})
        asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        if self._operation.takes_form:
            return Input(filled, asked, body_of([A_FILE]).decode(), content_type())
        return Input(filled, asked, body)

    def _in_path(self, name: str) -> str:
        before = self._operation.path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
        return str(self._workspace.of(THINGS_IN_PATHS.get(before, before)))

    def _of_field(self, name: str, schema: Json) -> Any:
        return self._seeded(name) if schema.get("format") == "uuid" else _example(schema, self._of_field)

    def _seeded(self, name: str) -> str:
        return str(self._workspace.of(THINGS_IN_FIELDS.get(name, name)))

    def _of(self, value: str) -> str:
        return str(self._workspace.of(value[1:])) if value.startswith("$") else value

    def _filled(self, value: Any) -> Any:
        match value:
            case str():
                return self._of(value)
            case dict() | Mapping():
                return {name: self._filled(inner) for name, inner in value.items()}
            case list():
                return [self._filled(inner) for inner in value]
            case _ if callable(value):
                return value(self._workspace)
        return value


def _gaps(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _example(schema: Json, of_field: Any) -> Any:
    """Something that the schema allows: what must be there, and as little of it as will do."""
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], of_field)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", [None]))))
    if schema.get("type") == "object":
        return {name: of_field(name, schema["properties"][name]) for name in schema.get("required", [])}
    if schema.get("type") == "array":
        return [_example(schema["items"], of_field)] * schema.get("minItems", 0)
    text = "2026-06-01T12:00:00+00:00" if schema.get("format") == "date-time" else "x" * schema.get("minLength", 1)
    return {"integer": schema.get("minimum", 1), "boolean": True}.get(schema.get("type", ""), text)


def _replaced(body: Any, way: Way, value: str) -> Any:
    """The body with this value at the end of the way; what is not there on the way is made."""
    if not way:
        return value
    first, rest = way[0], way[1:]
    if isinstance(first, int):
        known = body[0] if isinstance(body, list) and body else None
        return [_replaced(known, rest, value)]
    known = body if isinstance(body, dict) else {}
    return {**known, first: _replaced(known.get(first), rest, value)}
