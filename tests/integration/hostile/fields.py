"""Every field of the API that takes words, from its own description: filled in the house, or it is said why not."""

import re
from collections.abc import Mapping
from typing import Any

from tests.access.operations import operations

Json = Mapping[str, Any]

# What is no text of its own: one of a few words, a number, a hash, an id, or somewhere to connect to.
NO_WORDS = {
    *("currency", "timezone", "contentHash", "planHash", "consent", "bridgeUrl", "schedule", "recipientId"),
    *("recipientIds", "filters"),
}
# The same column, by another door.
SAME = {
    "/api/crm/campaigns/{id} name": "/api/crm/campaigns name",
    "/api/crm/campaigns/{id} variants": "/api/crm/campaigns variants",
    "/api/crm/campaigns/{id} audience": "/api/crm/campaigns audience",
    "/api/messages/bulk campaignName": "/api/crm/campaigns name",
    "/api/messages/bulk content": "/api/crm/campaigns variants",
    "/api/messages/bulk mediaUrls": "/api/crm/conversations/{id}/messages attachments",
    "/api/crm/conversations/{id}/composer attachments": "/api/crm/conversations/{id}/messages attachments",
    "/api/crm/drafts attachments": "/api/crm/conversations/{id}/messages attachments",
    "/api/crm/drafts/{id} attachments": "/api/crm/conversations/{id}/messages attachments",
    "/api/crm/drafts/{id} text": "/api/crm/drafts text",
    "/api/crm/messages attachments": "/api/crm/conversations/{id}/messages attachments",
    "/api/crm/messages text": "/api/crm/conversations/{id}/messages text",
    "/api/onlyfans/messages/send content": "/api/crm/conversations/{id}/messages text",
    "/api/onlyfans/messages/send mediaUrls": "/api/crm/conversations/{id}/messages attachments",
    "/api/onlyfans/messages/{id} content": "/api/crm/conversations/{id}/messages text",
    "/api/onlyfans/messages/{id} mediaUrls": "/api/crm/conversations/{id}/messages attachments",
    "/api/onlyfans/send/manual content": "/api/crm/conversations/{id}/messages text",
    "/api/onlyfans/send/manual mediaUrls": "/api/crm/conversations/{id}/messages attachments",
    **{f"/api/crm/fans {name}": f"/api/crm/fans/{{id}} {name}" for name in ("avatar", "email", "handle", "metadata")},
    **{f"/api/crm/fans {name}": f"/api/crm/fans/{{id}} {name}" for name in ("notes", "phone", "tags")},
    "/api/crm/fans name": "message.received name",
    "/api/crm/fans/{id} name": "message.received name",
    "/api/crm/fans platformId": "message.received id",
    "/api/crm/fans/tags add": "/api/crm/fans/{id} tags",
    "/api/crm/fans/tags remove": "/api/crm/fans/{id} tags",
    "/api/crm/fans/tags tag": "/api/crm/fans/{id} tags",
    "/api/crm/fans/{id}/tags tag": "/api/crm/fans/{id} tags",
    "/api/crm/fans/{id}/notes/{id} text": "/api/crm/fans/{id}/notes text",
    "/api/crm/quick-replies/{id} category": "/api/crm/quick-replies category",
    "/api/crm/quick-replies/{id} template": "/api/crm/quick-replies template",
    **{f"/api/crm/templates/{{id}} {name}": f"/api/crm/templates {name}" for name in ("name", "text", "category")},
    "/api/crm/templates/{id} attachments": "/api/crm/templates attachments",
    "/api/onlyfans/auth/connect token": "/api/onlyfans/connections token",
    "/api/onlyfans/connections/{id}/login token": "/api/onlyfans/connections token",
}
# By the use case itself: files go to a bucket between two requests.
OF_FILES = {
    "/api/onlyfans/imports fileName",
    "/api/onlyfans/imports mapping",
    "/api/onlyfans/imports/{id}/plan mapping",
}


def fields_with_words() -> set[str]:
    """By path and name."""
    return {
        f"{re.sub(r'{[^}]+}', '{id}', operation.path)} {name}"
        for operation in operations()
        for body in _choices(operation.body or {})
        for name, schema in body.get("properties", {}).items()
        if _takes_words(schema) and name not in NO_WORDS
    }


def _choices(schema: Json) -> list[Json]:
    return [schema, *schema.get("anyOf", [])]


def _takes_words(schema: Json) -> bool:
    if {"enum", "const"} & set(schema) or schema.get("format") in {"uuid", "date-time", "date"}:
        return False
    if schema.get("type") == "string" or schema.get("additionalProperties"):
        return True
    within = [*schema.get("anyOf", []), *schema.get("properties", {}).values()]
    return any(map(_takes_words, [*within, schema["items"]] if isinstance(schema.get("items"), dict) else within))
