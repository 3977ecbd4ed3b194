"""Messages on their way through the handler."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from huntaze.audit.model import Action
from huntaze.delivery.gate import Gate
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.members.model import Role
from huntaze.messages.model import Account, Status
from huntaze.outgoing.model import Today, Try
from tests.functions.conftest import Stage
from tests.support.fake_delivery import FakeDeadLetters, FakePaces, RecordedMeasures, dead_permit
from tests.support.fakes import FakeStores
from tests.support.functions import Answer, call
from tests.support.people import new_fan

MESSAGES = "/api/onlyfans/messages"
SEND = f"{MESSAGES}/send"
MEDIA = "https://media.example.com/1.jpg"
NEVER = "01900000-0000-7000-8000-00000000ffff"


def _ask(method: str, path: str, body: object = None, **more: Any) -> Answer:
    return call("onlyfans", method, path, body=body, **more)


@pytest.fixture
def stores(stage: Stage) -> FakeStores:
    """The caller's own workspace, which is connected to OnlyFans."""
    stores = stage.stores(stage.join(Role.MANAGER))
    stores.messages.accounts[Platform.ONLYFANS] = Account(new_id(), is_active=True)
    stage.parts.permit_queue = FakeDeadLetters()  # type: ignore[assignment]  # keeps the same Protocol
    return stores


@pytest.fixture
def fan_id(stores: FakeStores, stage: Stage) -> str:
    return str(stores.fans.add(new_fan(platform_id="robin-1"), new_id(), stage.parts.clock.now()).id)


def _message(stores: FakeStores, fan_id: str, status: str, **changes: Any) -> str:
    """A message of the caller's that came into this state."""
    sent = _ask("POST", SEND, {"recipientId": fan_id, "content": "Hello"}).json()["messageId"]
    kept = stores.messages.kept
    kept[UUID(sent)] = replace(kept[UUID(sent)], status=Status(status), **changes)
    stores.outbox.permits.clear()
    return str(sent)


@pytest.mark.parametrize("path", [SEND, "/api/onlyfans/send/manual"])
def test_a_fan_is_named_by_our_id_or_by_the_platforms(stores: FakeStores, fan_id: str, path: str) -> None:
    for name in (fan_id, "robin-1"):
        body = {"recipientId": name, "content": "Hello", "mediaUrls": [MEDIA], "priceCents": 900, "priority": 10}
        answer = _ask("POST", path, body)
        assert answer.status == 202
        assert answer.json().keys() == {"messageId", "status", "queuedAt", "estimatedSendTime"}
        message = stores.messages.kept[UUID(answer.json()["messageId"])]
        assert (message.content.text, message.content.price.cents, message.priority) == ("Hello", 900, 10)
        assert (str(message.fan_id), message.content.attachments) == (fan_id, [{"url": MEDIA}])
        assert (answer.json()["status"], answer.json()["queuedAt"][:10]) == ("queued", f"{message.queued_at:%Y-%m-%d}")


@pytest.mark.parametrize("name", [NEVER, "nobody"])
def test_an_unknown_fan_is_not_found(stores: FakeStores, name: str) -> None:
    assert _ask("POST", SEND, {"recipientId": name, "content": "Hello"}).status == 404
    assert stores.messages.kept == {}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"content": ""}, {"content"}),
        ({"content": " \n"}, {"content"}),
        ({"content": "x" * 5001, "priority": 11}, {"content", "priority"}),
        ({"content": "Hello", "priority": 0, "recipientId": ""}, {"priority", "recipientId"}),
        ({"content": "Hello", "priority": "5"}, {"priority"}),
        ({"content": "Hello", "mediaUrls": ["http://localhost/1.jpg", MEDIA]}, {"mediaUrls.0"}),
        ({"content": "Hello", "mediaUrls": [MEDIA] * 21}, {"mediaUrls"}),
        ({"content": "Hello", "priceCents": 900}, {"mediaUrls"}),
        ({"content": "Hello", "priceCents": 5, "mediaUrls": [MEDIA]}, {"priceCents"}),
        ({"content": "Hello", "text": "Hello"}, {"text"}),
    ],
)
def test_every_wrong_field_is_named_as_it_was_called(fan_id: str, wrong: dict[str, Any], fields: set[str]) -> None:
    refused = _ask("POST", SEND, {"recipientId": fan_id, **wrong})
    assert (refused.status, refused.failing) == (400, fields)


def test_while_sending_is_held_nothing_is_written(stores: FakeStores, fan_id: str, stage: Stage) -> None:
    failed = _message(stores, fan_id, "failed")
    stage.parts.gate = Gate("RATE_LIMITER_ENABLED is false.")
    for part in ("sending", "messages", "outgoing", "drafts", "watching", "redriving"):
        stage.parts.__dict__.pop(part, None)
    for path, body in (
        (SEND, {"recipientId": fan_id, "content": "Hello"}),
        (f"{MESSAGES}/{failed}/retry", None),
        (f"{MESSAGES}/redrive", None),
    ):
        answer = _ask("POST", path, body)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60"), path
    sent = call("conversations", "POST", "/api/crm/messages", body={"fanId": fan_id, "text": "Hello"})
    assert sent.status == 503
    assert len(stores.messages.kept) == 1
    assert _ask("GET", f"{MESSAGES}/status").json()["held"] == "RATE_LIMITER_ENABLED is false."


def test_the_switch_closes_these_routes_and_no_others(
    stores: FakeStores, fan_id: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONLYFANS_CRM_ENABLED", "false")
    stage.parts.__dict__.pop("settings", None)
    for method, path in (("GET", f"{MESSAGES}/status"), ("GET", f"{MESSAGES}/failed"), ("POST", SEND)):
        answer = _ask(method, path, {"recipientId": fan_id, "content": "Hello"} if method == "POST" else None)
        assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert _ask("GET", f"{MESSAGES}/status", claims=None).status == 401
    assert call("conversations", "POST", "/api/crm/messages", body={"fanId": fan_id, "text": "Hello"}).status == 202
    assert len(stores.messages.kept) == 1


def test_what_failed_is_sent_again(stores: FakeStores, fan_id: str) -> None:
    failed = _message(stores, fan_id, "failed", attempts=3, last_error="price")
    answer = _ask("POST", f"{MESSAGES}/{failed}/retry")
    assert (answer.status, answer.json()["status"], answer.json()["messageId"]) == (202, "queued", failed)
    assert answer.json()["estimatedSendTime"]
    assert [str(message_id) for message_id in stores.outbox.permits] == [failed]
    again = _ask("POST", f"{MESSAGES}/{failed}/retry")
    assert (again.status, "queued now" in again.json()["detail"]) == (409, True)
    assert _ask("POST", f"{MESSAGES}/{NEVER}/retry").status == 404


def test_what_waits_is_withdrawn(stores: FakeStores, fan_id: str) -> None:
    waiting = _message(stores, fan_id, "queued")
    answer = _ask("POST", f"{MESSAGES}/{waiting}/cancel")
    assert (answer.status, answer.json()["status"], answer.json()["estimatedSendTime"]) == (202, "cancelled", None)
    assert _ask("POST", f"{MESSAGES}/{waiting}/cancel").status == 409
    assert _ask("POST", f"{MESSAGES}/{_message(stores, fan_id, 'sending')}/cancel").status == 409


def test_a_person_decides_what_nobody_knows(stores: FakeStores, fan_id: str) -> None:
    there, lost = (_message(stores, fan_id, "unknown") for _ in range(2))
    assert _ask("POST", f"{MESSAGES}/{there}/resolution", {"decision": "arrived"}).json()["status"] == "sent"
    assert stores.outbox.permits == {}
    assert _ask("POST", f"{MESSAGES}/{lost}/resolution", {"decision": "send-again"}).json()["status"] == "queued"
    assert [str(message_id) for message_id in stores.outbox.permits] == [lost]
    for decided in (there, lost):
        assert _ask("POST", f"{MESSAGES}/{decided}/resolution", {"decision": "arrived"}).status == 409
    assert _ask("POST", f"{MESSAGES}/{lost}/resolution", {"decision": "perhaps"}).failing == {"decision"}


def test_what_waits_or_was_not_sent_gets_other_words(stores: FakeStores, fan_id: str) -> None:
    waiting, failed = _message(stores, fan_id, "queued"), _message(stores, fan_id, "failed")
    body = {"content": "Better", "priceCents": 900, "mediaUrls": [MEDIA]}
    answer = _ask("PUT", f"{MESSAGES}/{waiting}", body)
    assert (answer.status, answer.json()["status"], stores.outbox.permits) == (202, "queued", {})
    assert answer.json()["estimatedSendTime"]
    assert _ask("PUT", f"{MESSAGES}/{failed}", {"content": "Better"}).json()["status"] == "queued"
    assert [str(message_id) for message_id in stores.outbox.permits] == [failed]
    content = stores.messages.kept[UUID(waiting)].content
    assert (content.text, content.price.cents, content.attachments) == ("Better", 900, [{"url": MEDIA}])
    assert stores.audit.actions[-2:] == [Action.MESSAGE_REWORDED] * 2
    wrong = _ask("PUT", f"{MESSAGES}/{waiting}", {"content": "", "priceCents": 5})
    assert wrong.failing == {"content", "priceCents", "mediaUrls"}
    stale = _ask("PUT", f"{MESSAGES}/{waiting}", {"content": "Worse"}, headers={"if-match": '"old"'})
    assert stale.status == 412
    assert _ask("PUT", f"{MESSAGES}/{NEVER}", {"content": "Better"}).status == 404


@pytest.mark.parametrize("status", ["sending", "sent", "unknown", "cancelled"])
def test_what_has_left_keeps_its_words(stores: FakeStores, fan_id: str, status: str) -> None:
    message = _message(stores, fan_id, status)
    refused = _ask("PUT", f"{MESSAGES}/{message}", {"content": "Better"})
    assert (refused.status, f"is {status} now" in refused.json()["detail"]) == (409, True)
    assert stores.messages.kept[UUID(message)].content.text == "Hello"


def test_what_may_have_arrived_keeps_its_words(stores: FakeStores, fan_id: str) -> None:
    message = _message(stores, fan_id, "queued")
    stores.outgoing.handed_over.add(UUID(message))
    assert _ask("PUT", f"{MESSAGES}/{message}", {"content": "Better"}).status == 409


def test_a_campaigns_message_says_what_the_campaign_says(stores: FakeStores, fan_id: str) -> None:
    message = _message(stores, fan_id, "queued", campaign_id=new_id())
    assert _ask("PUT", f"{MESSAGES}/{message}", {"content": "Better"}).status == 409


def test_the_platform_is_asked_again_where_it_can_tell(stores: FakeStores, fan_id: str) -> None:
    unknown = _message(stores, fan_id, "unknown")
    answer = _ask("POST", f"{MESSAGES}/{unknown}/check")
    assert (answer.status, answer.json()["status"]) == (202, "unknown")
    assert stores.audit.actions[-1] is Action.MESSAGE_CHECKED
    stores.outgoing.can_find = False
    assert _ask("POST", f"{MESSAGES}/{unknown}/check").status == 409
    assert _ask("POST", f"{MESSAGES}/{_message(stores, fan_id, 'failed')}/check").status == 409


def test_nothing_is_said_again_to_who_is_not_to_be_contacted(stores: FakeStores, fan_id: str) -> None:
    failed, unknown = _message(stores, fan_id, "failed"), _message(stores, fan_id, "unknown")
    fans = stores.fans.kept
    fans[UUID(fan_id)] = replace(fans[UUID(fan_id)], do_not_contact=True)
    for path, body in ((f"{failed}/retry", None), (f"{unknown}/resolution", {"decision": "send-again"})):
        refused = _ask("POST", f"{MESSAGES}/{path}", body)
        assert (refused.status, refused.json()["detail"]) == (409, "This fan is not to be contacted.")
    assert _ask("POST", f"{MESSAGES}/{unknown}/resolution", {"decision": "arrived"}).status == 202


def test_nothing_is_sent_again_through_an_account_that_is_signed_out(stores: FakeStores, fan_id: str) -> None:
    failed = _message(stores, fan_id, "failed")
    accounts = stores.messages.accounts
    accounts[Platform.ONLYFANS] = replace(accounts[Platform.ONLYFANS], is_active=False)
    refused = _ask("POST", f"{MESSAGES}/{failed}/retry")
    assert (refused.status, "Connect it again" in refused.json()["detail"]) == (409, True)


def test_a_campaigns_message_is_decided_about_by_who_runs_campaigns(
    stores: FakeStores, fan_id: str, stage: Stage
) -> None:
    failed = _message(stores, fan_id, "failed", campaign_id=new_id())
    (own,) = stage.memberships.known.values()
    own[0] = replace(own[0], role=Role.CHATTER)
    assert _ask("POST", f"{MESSAGES}/{failed}/retry").status == 403
    assert _ask("POST", f"{MESSAGES}/{_message(stores, fan_id, 'failed')}/retry").status == 202
    own[0] = replace(own[0], role=Role.MANAGER)
    assert _ask("POST", f"{MESSAGES}/{failed}/retry").status == 202


def test_what_needs_a_person_is_listed_with_reason_and_tries(stores: FakeStores, fan_id: str, stage: Stage) -> None:
    at = stage.parts.clock.now()
    made = [
        _message(stores, fan_id, status, last_error="price", attempts=2, occurred_at=at + timedelta(seconds=number))
        for number, status in enumerate(["failed", "unknown", "failed", "queued", "sent"])
    ]
    stores.outgoing.tried[UUID(made[1])] = (Try(at, "refused", "price"), Try(at, "unknown", None))
    first = _ask("GET", f"{MESSAGES}/failed", query="limit=2").json()
    second = _ask("GET", f"{MESSAGES}/failed", query=f"limit=2&cursor={first['nextCursor']}").json()
    assert [each["id"] for each in first["messages"] + second["messages"]] == made[2::-1]
    assert second["nextCursor"] is None
    shown = first["messages"][1]
    assert (shown["status"], shown["reason"], shown["attempts"], shown["text"]) == ("unknown", "price", 2, "Hello")
    assert [(one["outcome"], one["detail"]) for one in shown["tries"]] == [("refused", "price"), ("unknown", None)]
    assert _ask("GET", f"{MESSAGES}/failed", query="limit=101").failing == {"limit"}


def test_the_status_tells_queue_day_and_accounts(stores: FakeStores, fan_id: str, stage: Stage) -> None:
    _message(stores, fan_id, "queued")
    stage.parts.permit_queue = FakeDeadLetters([dead_permit()] * 2, [dead_permit()])  # type: ignore[assignment]
    stage.parts.watching._paces = FakePaces()  # noqa: SLF001 - there is no Redis here
    stores.outgoing.today = Today(queued=5, processed=4, failed=1)
    stores.outgoing.ended_at = stage.parts.clock.now()
    told = _ask("GET", f"{MESSAGES}/status").json()
    assert (told["queueDepth"], told["messagesInFlight"], told["dlqCount"]) == (1, 0, 2)
    assert told["metrics"] == {"messagesQueuedToday": 5, "messagesProcessedToday": 4, "failureRate": 0.25}
    assert (told["backlog"], told["held"], bool(told["lastProcessedAt"])) == (1, None, True)
    (account,) = told["accounts"]
    assert (account["tokensLeft"], account["backlog"], account["status"]) == (7, 1, "active")
    assert account["nextSlotAt"] > told["lastProcessedAt"]
    assert account["pace"] == {"messages": 10, "seconds": 60, "gapSeconds": 0}


def test_what_is_away_takes_its_own_figures_along(stores: FakeStores, fan_id: str, stage: Stage) -> None:
    _message(stores, fan_id, "queued")
    stage.parts.permit_queue = FakeDeadLetters(is_away=True)  # type: ignore[assignment]
    stage.parts.watching._paces = FakePaces(is_away=True)  # noqa: SLF001
    told = _ask("GET", f"{MESSAGES}/status").json()
    assert (told["queueDepth"], told["messagesInFlight"], told["dlqCount"], told["backlog"]) == (None, None, None, 1)
    assert [(each["tokensLeft"], each["nextSlotAt"], each["backlog"]) for each in told["accounts"]] == [(None, None, 1)]


def test_dead_letters_go_back(stores: FakeStores, stage: Stage) -> None:
    assert stores.messages.kept == {}
    stage.parts.permit_queue = FakeDeadLetters([dead_permit()])  # type: ignore[assignment]
    answer = _ask("POST", f"{MESSAGES}/redrive")
    assert (answer.status, answer.json()) == (202, {"moved": 1, "left": 0})


def test_what_is_let_out_is_measured(stores: FakeStores, fan_id: str, stage: Stage) -> None:
    _message(stores, fan_id, "queued")
    assert isinstance(stage.parts.measures, RecordedMeasures)
    assert [(str(what), times, platform) for what, times, platform in stage.parts.measures.counted] == [
        ("OnlyFansMessagesQueued", 1, "onlyfans")
    ]
