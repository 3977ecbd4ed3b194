"""The inbox deployed: one story of a conversation, in which every route of it does what it documents."""

import secrets
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from huntaze.fans.model import Platform
from huntaze.ids import new_id
from local.demo.writing import act_as
from local.people import ZOE
from tests.e2e.test_fans_api import Caller
from tests.support.deployed import Deployed

CONVERSATIONS, MESSAGES, DRAFTS = "/api/crm/conversations", "/api/crm/messages", "/api/crm/drafts"
HOSTILE = "</textarea><script>alert('x')</script> {name} 🎉"
PICTURE = {"url": "https://media.example.com/zoe/001.jpg", "type": "image"}
PATHS = (CONVERSATIONS, MESSAGES, DRAFTS)
TAGS = {"Conversations", "Messages", "Drafts"}

PLAYS = """
UPDATE members SET role = %(role)s WHERE workspace_id = %(workspace_id)s AND email = 'chatter@demo.huntaze.test'
"""
# What a webhook will do one day: the fan writes.
HEAR = """
WITH said AS (
    INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text)
    SELECT workspace_id, %(message)s, id, fan_id, 'in', 'received', 'Hi?' FROM conversations
    WHERE workspace_id = %(workspace_id)s AND id = %(id)s
    RETURNING conversation_id, occurred_at
)
UPDATE conversations SET unread_count = unread_count + 1, last_message_at = occurred_at FROM said
WHERE workspace_id = %(workspace_id)s AND id = conversation_id
"""


@pytest.fixture(scope="module")
def owner(deployed: Deployed, owner_token: str) -> Caller:
    return Caller(deployed, owner_token)


@pytest.fixture
def machine(deployed: Deployed) -> Iterator[Caller]:
    """The chatter's account, which is a machine for the time being."""
    _in_zoes(deployed, PLAYS, role="machine")
    yield Caller(deployed, str(deployed.tokens("chatter@demo.huntaze.test")["AccessToken"]))
    _in_zoes(deployed, PLAYS, role="chatter")


def _in_zoes(deployed: Deployed, statement: LiteralString, **values: object) -> None:
    with psycopg.connect(deployed.servers.database()) as connection:
        act_as(connection, str(ZOE))
        assert connection.execute(statement, {"workspace_id": ZOE, **values}).rowcount == 1


def test_a_conversation_from_its_opening_to_its_archive(owner: Caller, machine: Caller, deployed: Deployed) -> None:
    new_fan = {"name": "Robin", "platform": Platform.ONLYFANS, "platformId": secrets.token_hex(8)}
    fan_id = owner("POST /api/crm/fans", body=new_fan).json()["id"]
    opened = owner(f"POST {CONVERSATIONS}", body={"fanId": fan_id})
    assert (opened.status, owner(f"POST {CONVERSATIONS}", body={"fanId": fan_id}).status) == (201, 200)
    by_id = {"id": opened.json()["id"]}

    content = {"text": HOSTILE, "priceCents": 1500, "attachments": [PICTURE]}
    sent = owner(f"POST {CONVERSATIONS}/{{id}}/messages", body=content, **by_id)
    assert (sent.status, sent.json()["status"]) == (202, "queued")
    assert sent.json()["estimatedSendTime"] is not None
    assert {name: sent.json()[name] for name in content} == content
    again = owner(f"POST {MESSAGES}", body={"fanId": fan_id, "text": "And this"})
    assert again.json()["conversationId"] == by_id["id"]

    draft = machine(f"POST {DRAFTS}", body={"conversationId": by_id["id"], "text": "Good night"}).json()
    drafted = {"id": draft["id"]}
    approval = {"contentHash": draft["contentHash"]}
    assert machine(f"POST {DRAFTS}/{{id}}/approval", body=approval, **drafted).status == 403
    seen = owner(f"GET {DRAFTS}/{{id}}", **drafted)
    changed = owner(f"PUT {DRAFTS}/{{id}}", body={"text": "Good night!"}, If_Match=seen.headers["etag"], **drafted)
    assert owner(f"POST {DRAFTS}/{{id}}/approval", body=approval, **drafted).status == 412
    approval = {"contentHash": changed.json()["contentHash"]}
    approved = owner(f"POST {DRAFTS}/{{id}}/approval", body=approval, **drafted)
    assert (approved.status, approved.json()["text"]) == (202, "Good night!")
    other = owner(f"POST {DRAFTS}", body={"conversationId": by_id["id"], "text": "Never mind"}).json()
    assert owner(f"GET {DRAFTS}", query=f"?conversationId={by_id['id']}").json()["drafts"] == [other]
    owner(f"DELETE {DRAFTS}/{{id}}", id=other["id"])
    assert owner(f"POST {DRAFTS}/{{id}}/restore", id=other["id"]).json()["text"] == "Never mind"
    owner(f"DELETE {DRAFTS}/{{id}}", id=other["id"])

    heard = str(new_id())
    _in_zoes(deployed, HEAR, message=heard, **by_id)
    thread = owner(f"GET {CONVERSATIONS}/{{id}}/messages", **by_id).json()["messages"]
    assert [message["text"] for message in thread] == ["Hi?", "Good night!", "And this", HOSTILE]
    listed = owner(f"GET {CONVERSATIONS}", query=f"?unread=true&limit=1&from={thread[0]['occurredAt']}")
    assert listed.json()["conversations"][0]["lastMessage"]["text"] == "Hi?"
    unread = owner(f"GET {MESSAGES}/unread-count").json()["unreadCount"]
    assert owner(f"GET {MESSAGES}/{{id}}", id=heard).json()["read"] is False
    assert owner(f"POST {MESSAGES}/{{id}}/read", id=heard).json()["read"] is True
    assert owner(f"GET {MESSAGES}/unread-count").json()["unreadCount"] == unread - 1
    assert owner(f"GET {MESSAGES}", query=f"?fanId={fan_id}&status=received").json()["messages"][0]["id"] == heard

    assert owner(f"PUT {CONVERSATIONS}/{{id}}", body={"archived": True, "read": True}, **by_id).json()["archived"]
    assert owner(f"GET {CONVERSATIONS}/{{id}}", **by_id).json()["unreadCount"] == 0
    assert _missing(owner, deployed) == set()


def _missing(call: Caller, deployed: Deployed) -> set[tuple[str, int]]:
    openapi = deployed.call("GET", "/api/openapi.json").json()
    documented = {
        (f"{method.upper()} {path}", int(status))
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
        if status.startswith("2") and path.startswith(PATHS) and operation["tags"][0] in TAGS
    }
    return documented - call.reached
