"""The inbox through the handler: conversations, messages and drafts."""

from typing import Any
from uuid import UUID

import pytest

from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.members.model import Role
from huntaze.messages.model import Account, Content, Told
from huntaze.money import Money
from tests.functions.conftest import Stage
from tests.support.fakes import FakeStores
from tests.support.functions import CLAIMS, SUBJECT, Answer, call
from tests.support.people import new_fan

NEVER = "01900000-0000-7000-8000-00000000ffff"
CONVERSATIONS, MESSAGES, DRAFTS = "/api/crm/conversations", "/api/crm/messages", "/api/crm/drafts"
HOSTILE = "</textarea><script>alert(1)</script> {name} 🎉"
PICTURE = {"url": "https://media.example.com/1.jpg", "type": "image"}


def _ask(method: str, path: str, body: object = None, **more: Any) -> Answer:
    return call("conversations", method, path, body=body, **more)


@pytest.fixture
def stores(stage: Stage) -> FakeStores:
    """The caller's own workspace, which is connected to OnlyFans."""
    stores = stage.stores(stage.join())
    stores.messages.accounts[Platform.ONLYFANS] = Account(new_id(), is_active=True)
    return stores


@pytest.fixture
def fan_id(stores: FakeStores, stage: Stage) -> str:
    avatar = "https://media.example.com/robin.jpg"
    new = new_fan(name="Robin <b>", handle="robin", avatar=avatar, tags=("vip",), value_cents=12_000)
    return str(stores.fans.add(new, new_id(), stage.parts.clock.now()).id)


@pytest.fixture
def conversation(fan_id: str) -> dict[str, Any]:
    return dict(_ask("POST", CONVERSATIONS, {"fanId": fan_id}).json())


def _hear(stores: FakeStores, stage: Stage, conversation_id: str, text: str = "Hi") -> str:
    """The fan writes."""
    told = Told(
        conversation_id=UUID(conversation_id),
        platform_message_id=str(new_id()),
        content=Content(text, Money(0, "USD"), ()),
        occurred_at=stage.parts.clock.now(),
    )
    message_id = new_id()
    stores.messages.receive(message_id, stores.conversations.lock(UUID(conversation_id)), told)
    stores.conversations.heard(UUID(conversation_id), told.occurred_at)
    return str(message_id)


def test_a_conversation_is_opened_once_and_found_again(fan_id: str) -> None:
    opened, found = (_ask("POST", CONVERSATIONS, {"fanId": fan_id, "platform": "onlyfans"}) for _ in range(2))
    assert (opened.status, found.status) == (201, 200)
    assert opened.json() == found.json()
    assert opened.headers["ETag"] == found.headers["ETag"]
    elsewhere = _ask("POST", CONVERSATIONS, {"fanId": fan_id, "platform": "fansly"})
    assert (elsewhere.status, elsewhere.failing) == (400, {"platform"})


def test_the_inbox_shows_the_fan_and_what_was_said_last(
    stores: FakeStores, stage: Stage, conversation: dict[str, Any]
) -> None:
    assert conversation | {"lastMessage": None, "lastMessageAt": None, "unreadCount": 0} == conversation
    message_id = _hear(stores, stage, conversation["id"], HOSTILE + "x" * 300)
    (listed,) = _ask("GET", CONVERSATIONS).json()["conversations"]
    assert listed["lastMessage"] == {
        "id": message_id,
        "direction": "in",
        "text": (HOSTILE + "x" * 300)[:200],
        "status": "received",
        "occurredAt": listed["lastMessageAt"],
    }
    assert listed["fanName"] == "Robin <b>"
    assert (listed["fanHandle"], listed["fanAvatar"]) == ("robin", "https://media.example.com/robin.jpg")
    assert (listed["unreadCount"], listed["archived"]) == (1, False)
    assert _ask("GET", f"{CONVERSATIONS}/{conversation['id']}").json() == listed


def test_filters_narrow_the_inbox(stores: FakeStores, stage: Stage, conversation: dict[str, Any]) -> None:
    _hear(stores, stage, conversation["id"])
    at = _ask("GET", CONVERSATIONS).json()["conversations"][0]["lastMessageAt"]
    for query, count in {
        "unread=true": 1,
        "unread=false": 1,
        "q=OBI": 1,
        "q=nobody": 0,
        "platform=onlyfans": 1,
        "platform=fansly": 0,
        "archived=true": 0,
        f"from={at}&to={at}": 1,
        "tag=vip": 1,
        "tag=vi": 0,
        "minValueCents=0": 1,
        "minValueCents=12000": 1,
        "minValueCents=12001": 0,
        "unanswered=true": 1,
        "tag=vip&minValueCents=1&unanswered=true&unread=true&platform=onlyfans&q=robin": 1,
        "tag=vip&minValueCents=12001&unanswered=true": 0,
        "from=2999-01-01T00:00:00Z": 0,
        "to=1999-01-01T00:00:00Z": 0,
    }.items():
        assert len(_ask("GET", CONVERSATIONS, query=query).json()["conversations"]) == count, query


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("minValueCents=-1", "minValueCents"),
        ("minValueCents=1.5", "minValueCents"),
        ("minValueCents=99999999999999999999", "minValueCents"),
        ("tag=", "tag"),
        (f"tag={'x' * 201}", "tag"),
        ("unanswered=perhaps", "unanswered"),
    ],
)
def test_filters_that_are_none_are_named(stores: FakeStores, query: str, field: str) -> None:
    assert stores
    refused = _ask("GET", CONVERSATIONS, query=query)
    assert (refused.status, refused.failing) == (400, {field})


def test_a_machine_does_not_learn_by_filters_what_fans_are_worth(stage: Stage) -> None:
    stage.join(role=Role.MACHINE)
    assert _ask("GET", CONVERSATIONS, query="unread=true&unanswered=true").status == 200
    for query in ("minValueCents=1", "tag=vip"):
        assert _ask("GET", CONVERSATIONS, query=query).status == 403


def test_cursors_lead_through_the_inbox_of_their_filters(stores: FakeStores, stage: Stage) -> None:
    for number in range(7):
        fan = stores.fans.add(new_fan(name=f"Fan {number}"), new_id(), stage.parts.clock.now())
        _ask("POST", CONVERSATIONS, {"fanId": str(fan.id)})
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = _ask("GET", CONVERSATIONS, query="limit=3" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [each["fanName"] for each in page["conversations"]]
        cursor = page["nextCursor"]
    assert seen == [f"Fan {number}" for number in reversed(range(7))]
    first = _ask("GET", CONVERSATIONS, query="limit=3").json()["nextCursor"]
    for others in ("q=fan", "minValueCents=0", "unanswered=true"):
        elsewhere = _ask("GET", CONVERSATIONS, query=f"limit=3&{others}&cursor={first}")
        assert (elsewhere.status, elsewhere.failing) == (400, {"cursor"})


def test_a_conversation_is_read_and_archived_by_version(
    stores: FakeStores, stage: Stage, conversation: dict[str, Any]
) -> None:
    _hear(stores, stage, conversation["id"])
    path = f"{CONVERSATIONS}/{conversation['id']}"
    named = {"if-match": _ask("GET", path).headers["ETag"]}
    assert _ask("GET", f"{MESSAGES}/unread-count").json() == {"unreadCount": 1, "conversationCount": 1}
    assert _ask("PUT", path, {"read": True}, headers=named).json()["unreadCount"] == 0
    assert _ask("GET", f"{MESSAGES}/unread-count").json() == {"unreadCount": 0, "conversationCount": 0}
    assert _ask("PUT", path, {"archived": True}, headers=named).status == 412
    assert _ask("PUT", path, {"archived": True}).json()["archived"] is True
    assert _ask("GET", CONVERSATIONS).json()["conversations"] == []
    refused = _ask("PUT", path, {"read": False})
    assert (refused.status, refused.failing) == (400, {"read"})


def test_a_message_goes_in_and_comes_back_unchanged(stores: FakeStores, conversation: dict[str, Any]) -> None:
    body = {"text": HOSTILE, "priceCents": 1500, "attachments": [PICTURE, {"url": "https://a.example.com"}]}
    path = f"{CONVERSATIONS}/{conversation['id']}/messages"
    sent = _ask("POST", path, body)
    assert sent.status == 202
    assert {name: sent.json()[name] for name in body} == body
    assert (sent.json()["status"], sent.json()["currency"]) == ("queued", "USD")
    assert sent.json()["estimatedSendTime"] >= sent.json()["queuedAt"]
    (listed,) = _ask("GET", path).json()["messages"]
    assert listed == {name: value for name, value in sent.json().items() if name != "estimatedSendTime"}
    assert _ask("GET", f"{MESSAGES}/{listed['id']}").json() == listed
    assert [str(message_id) for message_id in stores.outbox.permits] == [listed["id"]]


def test_a_thread_is_read_backwards_by_cursor_or_by_number(conversation: dict[str, Any]) -> None:
    path = f"{CONVERSATIONS}/{conversation['id']}/messages"
    for number in range(5):
        _ask("POST", path, {"text": str(number)})
    first = _ask("GET", path, query="limit=2").json()
    second = _ask("GET", path, query=f"limit=2&cursor={first['nextCursor']}").json()
    assert [each["text"] for each in first["messages"] + second["messages"]] == ["4", "3", "2", "1"]
    assert _ask("GET", path, query="limit=2&offset=2").json()["messages"] == second["messages"]
    both = _ask("GET", path, query=f"offset=1&cursor={first['nextCursor']}")
    assert (both.status, both.failing) == (400, {"offset", "cursor"})
    assert _ask("GET", MESSAGES, query=f"cursor={first['nextCursor']}").failing == {"cursor"}


def test_messages_are_found_across_conversations(fan_id: str, stores: FakeStores, stage: Stage) -> None:
    sent = _ask("POST", MESSAGES, {"fanId": fan_id, "text": "Hello"}).json()
    heard = _hear(stores, stage, sent["conversationId"])
    _ask("POST", MESSAGES, {"conversationId": sent["conversationId"], "text": "Again", "priority": 10})
    for query, texts in {
        "": ["Again", "Hi", "Hello"],
        f"fanId={fan_id}&status=queued": ["Again", "Hello"],
        f"conversationId={sent['conversationId']}&limit=1": ["Again"],
        f"fanId={NEVER}": [],
        "status=received": ["Hi"],
        f"approvedBy={sent['approvedBy']}": ["Again", "Hello"],
        f"approvedBy={sent['approvedBy']}&status=sent": [],
        f"approvedBy={NEVER}": [],
    }.items():
        assert [each["text"] for each in _ask("GET", MESSAGES, query=query).json()["messages"]] == texts, query
    assert _ask("POST", f"{MESSAGES}/{heard}/read").json()["read"] is True
    assert _ask("POST", f"{MESSAGES}/{sent['id']}/read").json()["read"] is False
    assert _ask("GET", f"{MESSAGES}/unread-count").json()["unreadCount"] == 0


def test_a_machines_draft_is_let_out_by_a_person_who_has_seen_it(stage: Stage, conversation: dict[str, Any]) -> None:
    stage.memberships.known["a-machine"] = [
        type(own)(own.workspace_id, own.workspace_name, new_id(), Role.MACHINE)
        for own in stage.memberships.known[SUBJECT]
    ]
    machine = {"claims": {**CLAIMS, "sub": "a-machine"}}
    body = {"conversationId": conversation["id"], "text": HOSTILE, "priceCents": 700, "attachments": [PICTURE]}
    draft = _ask("POST", DRAFTS, body, **machine)
    assert draft.status == 201
    assert {name: draft.json()[name] for name in body} == body
    assert (draft.json()["author"], draft.json()["authorId"]) == ("machine", None)
    path = f"{DRAFTS}/{draft.json()['id']}"
    approval = {"contentHash": draft.json()["contentHash"]}
    assert _ask("POST", f"{path}/approval", approval, **machine).status == 403
    assert _ask("POST", f"{path}/approval", {}).failing == {"contentHash"}
    changed = _ask("PUT", path, {"priceCents": 900}, headers={"if-match": draft.headers["ETag"]})
    assert changed.json()["contentHash"] != approval["contentHash"]
    assert _ask("PUT", path, {"text": "x"}, headers={"if-match": draft.headers["ETag"]}).status == 412
    assert _ask("POST", f"{path}/approval", approval).status == 412
    assert _ask("POST", f"{path}/approval", {}, headers={"if-match": draft.headers["ETag"]}).status == 412
    assert _ask("GET", DRAFTS, query=f"conversationId={conversation['id']}").json()["drafts"] == [changed.json()]
    sent = _ask("POST", f"{path}/approval", {}, headers={"if-match": changed.headers["ETag"]})
    assert (sent.status, sent.json()["text"], sent.json()["priceCents"]) == (202, HOSTILE, 900)
    assert sent.json()["sentByAi"] is True
    assert _ask("GET", path).status == 404


def test_a_draft_is_dismissed_and_comes_back(conversation: dict[str, Any]) -> None:
    draft = _ask("POST", DRAFTS, {"conversationId": conversation["id"], "text": "Hello"}).json()
    path = f"{DRAFTS}/{draft['id']}"
    assert _ask("DELETE", path).status == 204
    assert _ask("GET", DRAFTS).json() == {"drafts": [], "nextCursor": None}
    assert _ask("POST", f"{path}/approval", {"contentHash": draft["contentHash"]}).status == 404
    back = _ask("POST", f"{path}/restore")
    assert (back.status, back.json()["contentHash"]) == (200, draft["contentHash"])
    assert [each["id"] for each in _ask("GET", DRAFTS).json()["drafts"]] == [draft["id"]]
    assert _ask("POST", f"{path}/restore").status == 404


ROUTES: list[tuple[str, str, object]] = [
    ("GET", "/api/crm/conversations/{conversation}", None),
    ("PUT", "/api/crm/conversations/{conversation}", {"read": True}),
    ("GET", "/api/crm/conversations/{conversation}/messages", None),
    ("POST", "/api/crm/conversations/{conversation}/messages", {"text": "x"}),
    ("GET", "/api/crm/messages/{message}", None),
    ("POST", "/api/crm/messages/{message}/read", None),
    ("GET", "/api/crm/drafts/{draft}", None),
    ("PUT", "/api/crm/drafts/{draft}", {"text": "x"}),
    ("DELETE", "/api/crm/drafts/{draft}", None),
    ("POST", "/api/crm/drafts/{draft}/approval", {"contentHash": "0" * 64}),
]
LISTS: list[tuple[str, str, object]] = [
    ("GET", CONVERSATIONS, None),
    ("POST", CONVERSATIONS, {"fanId": NEVER}),
    ("GET", MESSAGES, None),
    ("POST", MESSAGES, {"fanId": NEVER, "text": "x"}),
    ("GET", f"{MESSAGES}/unread-count", None),
    ("GET", DRAFTS, None),
    ("POST", DRAFTS, {"conversationId": NEVER, "text": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=str)
def test_what_is_theirs_is_as_absent_as_what_never_was(
    stage: Stage, conversation: dict[str, Any], method: str, path: str, body: object
) -> None:
    where = {"conversation": conversation["id"]}
    where["message"] = _ask("POST", f"{CONVERSATIONS}/{conversation['id']}/messages", {"text": "Hello"}).json()["id"]
    where["draft"] = _ask("POST", DRAFTS, {"conversationId": conversation["id"], "text": "Hello"}).json()["id"]
    own = {"x-workspace": str(stage.join().workspace_id)}
    answers = [
        _ask(method, path.format_map(chosen), body, headers=own) for chosen in (where, dict.fromkeys(where, NEVER))
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body


@pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=str)
def test_an_id_that_is_none_is_refused_by_name(stage: Stage, method: str, path: str, body: object) -> None:
    stage.join()
    answer = _ask(method, path.format(conversation="x", message="x", draft="x"), body)
    assert (answer.status, answer.failing) == (400, {"id"})


BY_A_MACHINE = {
    "GET /api/crm/conversations",
    "GET /api/crm/conversations/{conversation}",
    "GET /api/crm/conversations/{conversation}/messages",
    "GET /api/crm/messages",
    "GET /api/crm/messages/{message}",
    "GET /api/crm/messages/unread-count",
    "GET /api/crm/drafts",
    "POST /api/crm/drafts",
    "GET /api/crm/drafts/{draft}",
    "PUT /api/crm/drafts/{draft}",
    "DELETE /api/crm/drafts/{draft}",
}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.CHATTER, {f"{method} {path}" for method, path, _ in ROUTES + LISTS}),
        (Role.MACHINE, BY_A_MACHINE),
        (Role.ANALYST, set()),
    ],
)
def test_each_role_may_what_the_contract_says(stage: Stage, role: Role, may: set[str]) -> None:
    stage.join(role)
    nowhere = {"conversation": NEVER, "message": NEVER, "draft": NEVER}
    refused = {
        f"{method} {path}"
        for method, path, body in ROUTES + LISTS
        if _ask(method, path.format_map(nowhere), body).status == 403
    }
    assert refused == {f"{method} {path}" for method, path, _ in ROUTES + LISTS} - may


THREAD = "/api/crm/conversations/{id}/messages"
BAD: list[tuple[str, str, object, set[str]]] = [
    ("POST", THREAD, {}, {"text"}),
    ("POST", THREAD, {"text": "a\0b"}, {"text"}),
    ("POST", THREAD, {"text": "\ud800"}, {"text"}),
    ("POST", THREAD, {"text": "x" * 5_001}, {"text"}),
    ("POST", THREAD, {"text": 1, "priceCents": "5", "priority": 11}, {"text", "priceCents", "priority"}),
    ("POST", THREAD, {"text": "x", "priceCents": 299, "currency": "EUR"}, {"priceCents", "currency", "attachments"}),
    ("POST", THREAD, {"text": "x", "priceCents": -1, "priority": 0}, {"priceCents", "priority"}),
    ("POST", THREAD, {"text": "x", "attachments": [{"url": "https://10.0.0.1/"}]}, {"attachments.0.url"}),
    ("POST", THREAD, {"text": "x", "attachments": [PICTURE] * 21}, {"attachments"}),
    ("POST", THREAD, {"text": "x", "attachments": [{**PICTURE, "type": "pdf"}]}, {"attachments.0.type"}),
    ("POST", THREAD, {"text": "x", "attachments": [{**PICTURE, "size": 1}]}, {"attachments.0.size"}),
    ("POST", THREAD, {"text": "x", "approvedBy": NEVER, "status": "sent"}, {"approvedBy", "status"}),
    ("POST", MESSAGES, {"text": "x"}, {"conversationId", "fanId"}),
    ("POST", MESSAGES, {"text": "x", "conversationId": NEVER, "fanId": NEVER}, {"conversationId", "fanId"}),
    ("POST", CONVERSATIONS, {"platform": "myspace"}, {"fanId", "platform"}),
    ("POST", DRAFTS, {"text": "x"}, {"conversationId"}),
    ("GET", CONVERSATIONS + "?limit=101&unread=yes&from=now&archived=1", None, {"limit", "unread", "from", "archived"}),
    ("GET", CONVERSATIONS + "?cursor=x", None, {"cursor"}),
    ("GET", THREAD + "?limit=0&offset=10001", None, {"limit", "offset"}),
    ("GET", MESSAGES + "?status=lost&fanId=x&conversationId=y", None, {"status", "fanId", "conversationId"}),
    ("GET", MESSAGES + "?approvedBy=x", None, {"approvedBy"}),
]


@pytest.mark.parametrize(("method", "path", "body", "fields"), BAD, ids=lambda part: str(part)[:60])
def test_bad_input_is_refused_by_the_names_of_its_fields(
    conversation: dict[str, Any], method: str, path: str, body: object, fields: set[str]
) -> None:
    address, _, query = path.format(id=conversation["id"]).partition("?")
    answer = _ask(method, address, body, query=query)
    assert (answer.status, answer.failing) == (400, fields)
    assert _ask("GET", MESSAGES).json()["messages"] == []
