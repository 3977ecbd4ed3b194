"""One person in every place that can hold one, by words that stand nowhere else; and ways to look for them."""

import subprocess
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from huntaze.ids import new_id
from local.servers import POSTGRES_PROGRAMS
from tests.support.outgoing import message_in
from tests.support.workspaces import NOON, Workspace, insert, inside

WORD = "xqcanaryx"
NAME, OTHER_NAME = f"Ada {WORD}", f"Lady {WORD}"


def put_everywhere(superuser: psycopg.Connection[Any], workspace: Workspace) -> tuple[UUID, UUID]:
    """The fan who is shown for the person and the one merged into them; everything that is theirs says the word."""
    shown, merged = workspace.of("canary"), workspace.of("canary's other fan")
    with inside(superuser, workspace):
        for fan_id, name, more in (
            (shown, NAME, {}),
            (merged, OTHER_NAME, {"merged_into": shown, "deleted_at": NOON}),
        ):
            insert(superuser, "fans", {**_about(workspace, fan_id, name), **more})
            _talk(superuser, workspace, fan_id)
            _pay(superuser, workspace, fan_id)
        _merge(superuser, workspace, shown, merged)
        _outside(superuser, workspace, shown)
    return shown, merged


def dump(superuser_conninfo: str) -> str:
    """The whole database as pg_dump writes it."""
    at = conninfo_to_dict(superuser_conninfo)
    told = subprocess.run(  # noqa: S603  (our own program)
        [POSTGRES_PROGRAMS / "pg_dump", "--data-only", "--inserts"],
        env={
            "PGHOST": str(at["host"]),
            "PGPORT": str(at["port"]),
            "PGUSER": str(at["user"]),
            "PGPASSWORD": str(at["password"]),
            "PGDATABASE": str(at["dbname"]),
        },
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout


def traces(text: str, *more: str) -> list[str]:
    """The lines that still say something of the person, as words or as bytes."""
    words = [WORD, *more]
    wanted = [word.lower() for word in words] + [word.encode().hex() for word in words]
    return [line[:300] for line in text.splitlines() if any(word in line.lower() for word in wanted)]


def _about(workspace: Workspace, fan_id: UUID, name: str) -> dict[str, object]:
    return {
        "workspace_id": workspace.id,
        "id": fan_id,
        "name": name,
        "platform": "onlyfans",
        "platform_id": f"{WORD}-{fan_id.hex[:8]}",
        "handle": f"{WORD}_{fan_id.hex[:4]}",
        "email": f"{WORD}.{fan_id.hex[:4]}@example.com",
        "phone": f"+1 {WORD}",
        "avatar": f"https://example.com/{WORD}.png",
        "tags": [f"friend of {WORD}", "vip"],
        "notes": f"About {WORD}",
        "metadata": {"nickname": WORD},
        "value_cents": 1_500,
        "last_seen_at": NOON,
    }


def _talk(superuser: psycopg.Connection[Any], workspace: Workspace, fan_id: UUID) -> None:
    thread = new_id()
    ours, talk = {"workspace_id": workspace.id, "fan_id": fan_id}, {"conversation_id": thread}
    about = {"platform": "onlyfans", "platform_conversation_id": f"{WORD}-talk-{thread}", "metadata": {"with": WORD}}
    insert(superuser, "conversations", {**ours, "id": thread, **about})
    heard = {"direction": "in", "status": "received", "text": f"I am {WORD}", "metadata": {"from": WORD}}
    attached = {"attachments": [{"url": f"https://example.com/{WORD}.jpg"}], "platform_message_id": f"{WORD}-{thread}"}
    insert(superuser, "messages", {**ours, **talk, "id": new_id(), **heard, **attached})
    words = {"text": f"Dear {WORD}", "ai_suggestion": f"Say {WORD}", "last_error": WORD, "metadata": {"to": WORD}}
    for status in ("draft", "queued", "failed", "unknown", "sent", "cancelled"):
        message_in(superuser, workspace, status, new_id(), **ours, **talk, **words)
    draft = {"id": new_id(), "author": "machine", "text": f"Hi {WORD}"}
    insert(superuser, "drafts", {**ours, **talk, **draft})
    composing = {"member_id": workspace.of("chatter"), "text": f"Oh {WORD}", "currency": "USD"}
    insert(superuser, "composer_drafts", {"workspace_id": workspace.id, **talk, **composing})
    note = {"id": new_id(), "author_id": workspace.of("chatter"), "text": f"{WORD} likes dogs"}
    insert(superuser, "fan_notes", {**ours, **note})


def _pay(superuser: psycopg.Connection[Any], workspace: Workspace, fan_id: UUID) -> None:
    ours, when = {"workspace_id": workspace.id, "id": new_id(), "fan_id": fan_id}, {"occurred_at": NOON}
    paid = {"platform": "onlyfans", "kind": "tip", "amount_cents": 700}
    insert(superuser, "transactions", {**ours, **when, **paid, "platform_transaction_id": f"{WORD}-{fan_id}"})
    event = {"kind": "fan.tipped", "amount_cents": 700, "details": {"who": WORD}}
    insert(superuser, "analytics_events", {**ours, **when, **event})
    alone = {"template": {"content": f"Only for {WORD}"}, "target_audience": {"recipientIds": [str(fan_id)]}}
    campaign = {"workspace_id": workspace.id, "id": new_id(), "name": f"For {WORD}", "type": "bulk_message", **alone}
    insert(superuser, "campaigns", campaign)
    for campaign_id in (campaign["id"], workspace.of("campaign")):
        asked = {"campaign_id": campaign_id, "status": "skipped", "reason": f"{WORD} is away"}
        insert(superuser, "campaign_recipients", {"workspace_id": workspace.id, "fan_id": fan_id, **asked})


def _merge(superuser: psycopg.Connection[Any], workspace: Workspace, kept: UUID, merged: UUID) -> None:
    pair = {"kept_id": kept, "merged_id": merged, "merged_by": workspace.of("owner"), "currency": "USD"}
    insert(
        superuser, "fan_merges", {"workspace_id": workspace.id, "id": new_id(), **pair, "tags": [f"friend of {WORD}"]}
    )


def _outside(superuser: psycopg.Connection[Any], workspace: Workspace, fan_id: UUID) -> None:
    """What came from the platform, what was answered, and files."""
    ours = {"workspace_id": workspace.id}
    about = _about(workspace, fan_id, NAME)
    event = {"connection_id": workspace.of("account"), "kind": "message.received", "last_error": WORD}
    for number, payload in enumerate(
        (
            {"fan": {"id": about["platform_id"]}, "text": f"{WORD} here"},
            {"users": [{"username": f"@{about['handle']}".upper()}]},
            {"who": NAME, "text": WORD},
            {"mail": about["email"]},
        )
    ):
        insert(superuser, "webhook_events", {**ours, **event, "event_id": f"{number} {WORD}", "payload": payload})
    for key, headers, body in (
        ("json", {}, f'{{"fanId": "{fan_id}", "text": "{WORD}"}}'),
        ("page", {"Location": f"/fans/{fan_id}"}, NAME),
    ):
        kept = {"request_hash": bytes(32), "status_code": 201, "headers": headers, "body": body.encode()}
        insert(superuser, "idempotency_keys", {**ours, "subject": "owner", "key": key, **kept})
    asked = {"requested_by": workspace.of("owner")}
    insert(
        superuser,
        "exports",
        {**ours, "id": workspace.of("canary's export"), **asked, "filters": {"q": WORD}, "sort": "name"},
    )
    _imported(superuser, workspace, fan_id)


def _imported(superuser: psycopg.Connection[Any], workspace: Workspace, fan_id: UUID) -> None:
    """A file that was read: rows that are about the fan, or only say the same names, and one that nobody understood."""
    ours = {"workspace_id": workspace.id, "import_id": new_id(), "plan": 1}
    file = {"file_name": f"{WORD}.csv", "object_key": f"imports/{workspace.id}/{WORD}.csv"}
    layout = {"encoding": "utf-8", "delimiter": ",", "header": ["A"], "sample": [[WORD]], "mapping": {}}
    begun = {"requested_by": workspace.of("owner"), "rejected_key": f"imports/{workspace.id}/{WORD}-rejected.csv"}
    known = {**begun, **file, "mapping": {"name": WORD}, "layout": layout, "status": "planning", "plan": 1}
    insert(superuser, "imports", {"workspace_id": workspace.id, "id": ours["import_id"], **known})
    about = _about(workspace, fan_id, NAME)
    names = {"platform": "onlyfans", "platform_id": about["platform_id"], "handle": about["handle"], "name": NAME}
    told = {**names, "email": about["email"], "tier": WORD, "tags": [WORD]}
    for number, row in enumerate(
        (
            {"action": "skip", "reason": "known", "fan_id": fan_id, "name": WORD, "platform": "other"},
            {"action": "create", "fan_id": new_id(), **told},
            {"action": "reject", "reason": "bad_email", "cells": [WORD, NAME]},
            {**told, "action": "update", "fan_id": fan_id, "version": NOON, "changes": "{name}", "before": {"n": WORD}},
        ),
        1,
    ):
        insert(superuser, "import_rows", {**ours, "number": number, **row})
