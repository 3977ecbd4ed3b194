"""What people have on their desk, deployed: each of its routes is reached, and what was there is put back."""

import secrets

import pytest

from tests.e2e.test_fans_api import Caller
from tests.support.deployed import Deployed

CRM = "/api/crm"
NEVER = "01900000-0000-7000-8000-00000000ffff"


@pytest.fixture(scope="module")
def call(deployed: Deployed, owner_token: str) -> Caller:
    return Caller(deployed, owner_token)


@pytest.mark.parametrize(
    ("path", "field"),
    [(f"{CRM}/quick-replies", "template"), (f"{CRM}/templates", "text")],
    ids=["replies", "templates"],
)
def test_a_text_is_written_used_and_deleted(call: Caller, path: str, field: str) -> None:
    fan = call(f"POST {CRM}/fans", body={"name": "Robin", "platform": "onlyfans", "platformId": secrets.token_hex(8)})
    fan_id, category = fan.json()["id"], secrets.token_hex(4)
    named = {"name": category} if field == "text" else {}
    body = {**named, field: "Hi {name|there}, {handle|you}", "category": category}
    text = call(f"POST {path}", body=body).json()
    by_id = {"id": text["id"]}
    one = f"{path}/{{id}}"
    etag = call(f"GET {one}", **by_id).headers["etag"]
    assert call(f"GET {one}/preview", query=f"?fanId={fan_id}", **by_id).json()["text"] == "Hi Robin, you"
    assert call(f"POST {one}/uses", body={"fanId": fan_id}, **by_id).json()["usageCount"] == 1
    assert call(f"PUT {one}", body={field: "Bye {name|there}"}, If_Match=etag, **by_id).status == 200
    assert call(f"PUT {one}", body={field: "Bye"}, If_Match=etag, **by_id).status == 412
    listed = call(f"GET {path}", query=f"?category={category}").json()
    assert [each[field] for each in listed["templates" if named else "quickReplies"]] == ["Bye {name|there}"]
    assert {"category": category, "count": 1} in call(f"GET {path}/categories").json()["categories"]
    assert call(f"DELETE {one}", **by_id).status == 204
    assert call(f"GET {one}", **by_id).status == 404
    assert call(f"POST {one}/restore", **by_id).status == 200
    assert call(f"DELETE {one}", **by_id).status == 204
    assert call(f"POST {path}", body={**body, field: "Hi {nmae}"}).json()["fields"][0]["field"] == field


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"{CRM}/profile", {"bio": "Changed by a test"}),
        (f"{CRM}/workspace", {"name": "Changed by a test"}),
        (f"{CRM}/ai-config", {"personality": "Changed by a test"}),
    ],
    ids=["profile", "workspace", "ai-config"],
)
def test_what_is_there_once_is_changed_and_put_back(call: Caller, path: str, change: dict[str, str]) -> None:
    before = call(f"GET {path}")
    changed = call(f"PUT {path}", body=change, If_Match=before.headers["etag"])
    assert changed.json() | change == changed.json()
    assert call(f"PUT {path}", body=change, If_Match=before.headers["etag"]).status == 412
    [name] = change
    assert call(f"PUT {path}", body={name: before.json()[name]}).json()[name] == before.json()[name]


def test_a_reply_is_begun_and_answered_by_one(call: Caller) -> None:
    fan = call(f"POST {CRM}/fans", body={"name": "Robin", "platform": "onlyfans", "platformId": secrets.token_hex(8)})
    opened = call(f"POST {CRM}/conversations", body={"fanId": fan.json()["id"]})
    by_id = {"id": opened.json()["id"]}
    composer, presence = f"{CRM}/conversations/{{id}}/composer", f"{CRM}/conversations/{{id}}/presence"
    assert call(f"GET {composer}", **by_id).json()["updatedAt"] is None
    assert call(f"PUT {composer}", body={"text": "Hello, I"}, **by_id).status == 200
    assert call(f"GET {composer}", **by_id).json()["text"] == "Hello, I"
    assert call(f"DELETE {composer}", **by_id).status == 204
    company = call(f"PUT {presence}", body={"answering": True}, **by_id).json()
    assert (company["others"], bool(company["answering"]["name"])) == ([], True)
    assert call(f"DELETE {presence}", **by_id).status == 204


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_in_a_conversation_that_is_not_there_nothing_is_kept(call: Caller, method: str) -> None:
    body = {} if method == "PUT" else None
    assert call(f"{method} {CRM}/conversations/{{id}}/composer", body=body, id=NEVER).status == 404


@pytest.mark.parametrize(("method", "body"), [("PUT", {"answering": True}), ("DELETE", None)])
def test_at_a_conversation_that_is_not_there_is_nobody(call: Caller, method: str, body: object) -> None:
    assert call(f"{method} {CRM}/conversations/{{id}}/presence", body=body, id=NEVER).status == 404
