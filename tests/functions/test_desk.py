"""What people have on their desk, through the handler."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Membership, Role
from tests.functions.conftest import Stage
from tests.support.functions import Answer, call
from tests.support.people import new_fan

REPLIES, TEMPLATES = "/api/crm/quick-replies", "/api/crm/templates"
NEVER = "01900000-0000-7000-8000-00000000ffff"
TEXTS = [(REPLIES, {"template": "Hi {name|there}"}), (TEMPLATES, {"name": "Welcome", "text": "Hi {name|there}"})]


def _ask(method: str, path: str, body: object = None, **more: Any) -> Answer:
    return call("desk", method, path, body=body, **more)


@pytest.fixture
def joined(stage: Stage) -> Membership:
    return stage.join()


@pytest.fixture
def fan_id(stage: Stage, joined: Membership) -> UUID:
    new = new_fan(name="Robin {handle} Smith")
    return stage.stores(joined).fans.add(new, new_id(), stage.parts.clock.now()).id


@pytest.fixture
def conversation(stage: Stage, joined: Membership) -> str:
    conversation_id = new_id()
    stage.stores(joined).rooms.known.add(conversation_id)
    return f"/api/crm/conversations/{conversation_id}"


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(("path", "body"), TEXTS)
def test_a_text_from_its_writing_to_its_restoring(path: str, body: dict[str, Any]) -> None:
    created = _ask("POST", path, {**body, "category": "hello"})
    text = created.json()
    assert created.status == 201
    assert text | body == text
    assert (text["category"], text["usageCount"]) == ("hello", 0)
    one = f"{path}/{text['id']}"
    read = _ask("GET", one)
    assert read.json() == text
    named = {"if-match": read.headers["ETag"]}
    changed = _ask("PUT", one, {"category": None}, headers=named)
    assert changed.json() == {**text, "category": None, "updatedAt": changed.json()["updatedAt"]}
    assert _ask("PUT", one, {"category": "x"}, headers=named).status == 412
    assert (_ask("DELETE", one).status, _ask("GET", one).status) == (204, 404)
    assert _ask("POST", f"{one}/restore").status == 200
    assert _ask("GET", one).json()["category"] is None
    assert _ask("GET", f"{path}/categories").json() == {"categories": [{"category": None, "count": 1}]}


@pytest.mark.parametrize(("path", "body"), TEXTS)
def test_a_use_is_filled_in_and_counted_and_a_preview_is_not(fan_id: UUID, path: str, body: dict[str, Any]) -> None:
    text = "{{}} {name}, {full_name}, {handle|you}, {platform|here}: {creator}"
    created = _ask("POST", path, {**body, list(body)[-1]: text}).json()
    one = f"{path}/{created['id']}"
    version = _ask("GET", one).headers["ETag"]
    expected = "{} Robin, Robin {handle} Smith, you, OnlyFans: Luna Vale"
    previewed = _ask("GET", f"{one}/preview", query=f"fanId={fan_id}").json()
    assert (previewed["text"], previewed["missing"], previewed["usageCount"]) == (expected, ["handle"], 0)
    used = _ask("POST", f"{one}/uses", {"fanId": str(fan_id)}).json()
    assert (used["text"], used["usageCount"]) == (expected, 1)
    assert _ask("GET", one).headers["ETag"] == version, "being used is no change of the text"


@pytest.mark.parametrize(("path", "body"), TEXTS)
def test_for_nobody_nothing_is_filled_in_or_counted(joined: Membership, path: str, body: dict[str, Any]) -> None:
    assert joined
    one = f"{path}/{_ask('POST', path, body).json()['id']}"
    assert _ask("GET", f"{one}/preview", query=f"fanId={NEVER}").status == 404
    assert _ask("POST", f"{one}/uses", {"fanId": NEVER}).status == 404
    assert _ask("GET", one).json()["usageCount"] == 0
    assert (_ask("GET", f"{one}/preview").failing, _ask("POST", f"{one}/uses", {}).failing) == ({"fanId"}, {"fanId"})


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(("path", "body"), TEXTS)
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Hi {nmae|there}", "{nmae}"),
        ("Hi {name|there", "{name"),
        ("Hi name}", "name"),
        ("Hi {handle}", "{handle}"),
        ("Hi {}", "{}"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_by_field_and_variable(
    path: str, body: dict[str, Any], text: str, named: str
) -> None:
    field = list(body)[-1]
    answer = _ask("POST", path, {**body, field: text})
    assert (answer.status, answer.failing) == (400, {field})
    assert named in answer.json()["fields"][0]["message"]


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(("path", "body"), TEXTS)
def test_cursors_lead_through_all_once_and_only_with_their_filters(path: str, body: dict[str, Any]) -> None:
    for number in range(5):
        _ask("POST", path, {**body, **({"name": str(number)} if "name" in body else {}), "category": "hello"})
    seen: list[str] = []
    query, key = "limit=2&category=hello", path.rpartition("/")[2].replace("quick-replies", "quickReplies")
    while True:
        page = _ask("GET", path, query=query).json()
        seen += [one["id"] for one in page[key]]
        if page["nextCursor"] is None:
            break
        query = f"limit=2&category=hello&cursor={page['nextCursor']}"
    assert len(seen) == len(set(seen)) == 5
    assert _ask("GET", path, query=query.replace("category=hello", "q=h")).failing == {"cursor"}


@pytest.mark.usefixtures("joined")
def test_a_template_has_its_own_name_and_says_something() -> None:
    first = _ask("POST", TEMPLATES, {"name": "Welcome", "text": "Hi", "priceCents": 500}).json()
    assert (first["priceCents"], first["currency"], first["attachments"]) == (500, "USD", [])
    assert _ask("POST", TEMPLATES, {"name": "WELCOME", "text": "Hi"}).status == 409
    assert _ask("POST", TEMPLATES, {"name": "Empty"}).failing == {"text"}
    assert _ask("PUT", f"{TEMPLATES}/{first['id']}", {"text": " "}).failing == {"text"}
    shown = _ask(
        "PUT", f"{TEMPLATES}/{first['id']}", {"text": "", "attachments": [{"url": "https://media.example.com/1"}]}
    )
    assert (shown.status, shown.json()["attachments"]) == (200, [{"url": "https://media.example.com/1"}])
    for address in ("http://media.example.com/1", "ftp://x", "https://", "https://a b", "https://127.0.0.1/1", 7):
        bad = {"name": "x", "attachments": [{"url": address}]}
        assert _ask("POST", TEMPLATES, bad).failing == {"attachments.0.url"}


@pytest.mark.usefixtures("joined")
def test_a_profile_begins_empty_is_changed_in_parts_and_goes() -> None:
    path = "/api/crm/profile"
    empty = _ask("GET", path)
    assert empty.json() == {
        **dict.fromkeys(["displayName", "bio", "timezone", "niche", "avatarUrl", "updatedAt"]),
        "goals": [],
    }
    named = {"if-match": empty.headers["ETag"]}
    saved = _ask("PUT", path, {"displayName": "Zoë", "timezone": "Europe/Paris", "goals": ["rest"]}, headers=named)
    assert (saved.status, saved.json()["displayName"]) == (200, "Zoë")
    assert _ask("PUT", path, {"bio": "x"}, headers=named).status == 412
    assert _ask("PUT", path, {"bio": "x"}).json()["goals"] == ["rest"]
    assert _ask("DELETE", path).status == 204
    assert _ask("GET", path).json() == empty.json()
    bad = {"timezone": "Europe/Nowhere", "niche": "x" * 101, "avatarUrl": "javascript:x", "goals": [""]}
    assert _ask("PUT", path, bad).failing == {"timezone", "niche", "avatarUrl", "goals.0"}


@pytest.mark.usefixtures("joined")
def test_the_workspace_is_renamed_and_its_clock_is_set() -> None:
    path = "/api/crm/workspace"
    before = _ask("GET", path)
    named = {"if-match": before.headers["ETag"]}
    changed = _ask("PUT", path, {"name": "Luna", "timezone": "Asia/Tokyo", "currency": "EUR"}, headers=named)
    assert changed.json() | {"name": "Luna", "timezone": "Asia/Tokyo", "currency": "EUR"} == changed.json()
    assert _ask("PUT", path, {"name": "Sol"}, headers=named).status == 412
    assert _ask("PUT", path, {"name": "", "timezone": "posix/UTC", "currency": "eur"}).failing == {
        "name",
        "timezone",
        "currency",
    }


@pytest.mark.usefixtures("joined")
def test_the_ai_configuration_takes_only_what_the_model_knows() -> None:
    path = "/api/crm/ai-config"
    assert _ask("GET", path).json()["enabled"] is False
    whole = {
        "personality": "Warm.",
        "responseStyle": "direct",
        "tone": "casual",
        "responseLength": "short",
        "platforms": ["fansly"],
        "customResponses": [{"trigger": "meet", "response": "I do not meet anybody."}],
        "pricing": {"customVideoFromCents": 12_000},
        "enabled": True,
    }
    saved = _ask("PUT", path, whole).json()
    assert saved | whole == saved
    assert _ask("PUT", path, {"enabled": False}).json()["tone"] == "casual"
    bad = {
        "responseStyle": "shouting",
        "tone": "coy",
        "responseLength": "endless",
        "platforms": ["patreon"],
        "customResponses": [{"trigger": "x"}],
        "pricing": {"video": 1.5},
    }
    assert _ask("PUT", path, bad).failing == {
        *("responseStyle", "tone", "responseLength", "platforms.0", "customResponses.0.response", "pricing.video"),
    }
    assert (_ask("DELETE", path).status, _ask("GET", path).json()["updatedAt"]) == (204, None)


def test_what_is_being_written_is_kept_until_it_is_dropped(conversation: str) -> None:
    path = f"{conversation}/composer"
    assert _ask("GET", path).json() == {
        "text": "",
        "priceCents": 0,
        "currency": "USD",
        "attachments": [],
        "updatedAt": None,
    }
    kept = _ask("PUT", path, {"text": "Hello {name}, I was", "priceCents": 5})
    assert (kept.status, _ask("GET", path).json()) == (200, kept.json())
    assert _ask("PUT", path, {}).json()["text"] == ""
    assert (_ask("DELETE", path).status, _ask("DELETE", path).status) == (204, 204)
    assert _ask("GET", path).json()["updatedAt"] is None
    assert _ask("PUT", path, {"text": "x" * 5_001, "priceCents": -1}).failing == {"text", "priceCents"}


def test_one_answers_and_the_other_is_told_who(stage: Stage, joined: Membership, conversation: str) -> None:
    path = f"{conversation}/presence"
    mine = _ask("PUT", path, {"answering": True}).json()
    assert (mine["others"], mine["answering"]["memberId"]) == ([], str(joined.member_id))
    rooms = stage.stores(joined)
    other = new_id()
    rooms.rooms.names[other] = "Nadia"
    rooms.presence.arrive(UUID(conversation.rpartition("/")[2]), other, stage.parts.clock.now().replace(year=2999))
    again = _ask("PUT", path, {"answering": False}).json()
    assert ([one["name"] for one in again["others"]], again["answering"]) == (["Nadia"], None)
    assert _ask("DELETE", path).status == 204
    assert _ask("PUT", path, {"answering": False, "takeOver": True}).failing == {"takeOver"}


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(("method", "end"), [("GET", "composer"), ("PUT", "composer"), ("DELETE", "composer")])
def test_in_a_conversation_that_is_not_there_nothing_is_written(method: str, end: str) -> None:
    body = {} if method == "PUT" else None
    assert _ask(method, f"/api/crm/conversations/{NEVER}/{end}", body).status == 404


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(("method", "body"), [("PUT", {"answering": True}), ("DELETE", None)])
def test_at_a_conversation_that_is_not_there_is_nobody(method: str, body: object) -> None:
    assert _ask(method, f"/api/crm/conversations/{NEVER}/presence", body).status == 404


ONE_REPLY, ONE_TEMPLATE, TALK = f"{REPLIES}/{NEVER}", f"{TEMPLATES}/{NEVER}", f"/api/crm/conversations/{NEVER}"
USING = [
    *(("GET", REPLIES, None), ("GET", f"{REPLIES}/categories", None), ("GET", ONE_REPLY, None)),
    *(("GET", TEMPLATES, None), ("GET", f"{TEMPLATES}/categories", None), ("GET", ONE_TEMPLATE, None)),
    *(("POST", f"{ONE_REPLY}/uses", {"fanId": NEVER}), ("POST", f"{ONE_TEMPLATE}/uses", {"fanId": NEVER})),
    ("GET", "/api/crm/ai-config", None),
]
WRITING = [
    *(("POST", REPLIES, TEXTS[0][1]), ("PUT", ONE_REPLY, {}), ("DELETE", ONE_REPLY, None)),
    *(("POST", TEMPLATES, TEXTS[1][1]), ("PUT", ONE_TEMPLATE, {}), ("DELETE", ONE_TEMPLATE, None)),
    *(("POST", f"{ONE_REPLY}/restore", None), ("POST", f"{ONE_TEMPLATE}/restore", None)),
]
ANSWERING = [
    *(("GET", f"{TALK}/composer", None), ("PUT", f"{TALK}/composer", {}), ("DELETE", f"{TALK}/composer", None)),
    *(("PUT", f"{TALK}/presence", {"answering": True}), ("DELETE", f"{TALK}/presence", None)),
]
CONFIGURING = [
    ("PUT", "/api/crm/workspace", {}),
    ("PUT", "/api/crm/ai-config", {}),
    ("DELETE", "/api/crm/ai-config", None),
]
OWN = [
    *(("GET", "/api/crm/profile", None), ("PUT", "/api/crm/profile", {}), ("DELETE", "/api/crm/profile", None)),
    ("GET", "/api/crm/workspace", None),
]
MAY = {
    Role.OWNER: [*USING, *WRITING, *ANSWERING, *CONFIGURING, *OWN],
    Role.MANAGER: [*USING, *WRITING, *ANSWERING, *CONFIGURING, *OWN],
    Role.CHATTER: [*USING, *WRITING, *ANSWERING, *OWN],
    Role.ANALYST: OWN,
    Role.MACHINE: [*USING, *OWN],
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_contract_says(stage: Stage, role: Role) -> None:
    stage.join(role)
    everything: list[tuple[str, str, Any]] = [*USING, *WRITING, *ANSWERING, *CONFIGURING, *OWN]
    allowed = [route for route in everything if _ask(*route).status != 403]
    assert allowed == [route for route in everything if route in MAY[role]]


def test_the_handler_keeps_what_was_done(stage: Stage, joined: Membership) -> None:
    steps: list[Callable[[], Answer]] = [
        lambda: _ask("POST", REPLIES, TEXTS[0][1]),
        lambda: _ask("PUT", "/api/crm/profile", {"bio": "secret"}),
        lambda: _ask("PUT", "/api/crm/workspace", {"name": "secret"}),
        lambda: _ask("PUT", "/api/crm/ai-config", {"personality": "secret"}),
        lambda: _ask("PUT", "/api/crm/profile", {}),
    ]
    assert {step().status for step in steps} == {200, 201}
    trail = stage.stores(joined).audit
    assert trail.actions == ["quick_reply.created", "profile.changed", "workspace.changed", "ai_config.changed"]
    assert "secret" not in str(trail.entries), "what somebody wrote is never in the log"
