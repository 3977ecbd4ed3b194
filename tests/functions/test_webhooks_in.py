"""POST /api/webhooks/… through the handler, with the queue on moto."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import boto3
import pytest
from moto import mock_aws

from huntaze.ids import new_id
from huntaze.webhooks.service import Webhooks
from tests.functions.conftest import Stage
from tests.support.fake_webhooks import Bridge, FakeConnections, FakeDoors, FakeEventDatabase, event
from tests.support.functions import Answer, call

CANARY = "xqcanaryx"
BODY = event("message.received", {"text": CANARY, "fan": {"id": "7", "name": CANARY}})


@dataclass
class Reception:
    """A workspace with one bridge, and the queue behind."""

    stage: Stage
    bridge: Bridge
    workspace_id: UUID
    database: FakeEventDatabase
    sqs: Any
    queue_url: str

    def hear(self, body: str = BODY, bridge: Bridge | None = None, **request: Any) -> Answer:
        signing = bridge or self.bridge
        headers = {**signing.headers(body, request.pop("event_id", None)), **request.pop("headers", {})}
        said = {name: value for name, value in headers.items() if value is not None}
        path = request.pop("path", signing.path)
        return call("webhooks_in", "POST", path, body=body, headers=said, claims=None, **request)

    def kept(self) -> list[str]:
        return [event_id for stores in self.database.workspaces.values() for _, event_id in stores.webhooks.kept]

    def queued(self) -> list[dict[str, Any]]:
        found = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["All"])
        return list(found.get("Messages", []))


@pytest.fixture
def reception(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reception]:
    with mock_aws():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="huntaze-webhooks")["QueueUrl"]
        monkeypatch.setenv("SQS_WEBHOOKS_QUEUE_URL", url)
        bridge, workspace_id, database = Bridge(), new_id(), FakeEventDatabase()
        stage.parts.webhooks = Webhooks(
            FakeConnections({(bridge.connection_id, "onlyfans"): workspace_id}),
            FakeDoors({(workspace_id, bridge.connection_id): bridge.secret}),
            database.as_machine,
            stage.parts.event_queue,
            clock=stage.parts.clock,
            new_id=new_id,
        )
        yield Reception(stage, bridge, workspace_id, database, sqs, url)


@pytest.mark.parametrize("encoded", [False, True])
def test_an_event_is_kept_and_answered_with_nothing(reception: Reception, *, encoded: bool) -> None:
    answer = reception.hear(encoded=encoded)
    assert (answer.status, answer.body) == (204, "")
    assert len(reception.kept()) == 1
    (message,) = reception.queued()
    assert json.loads(message["Body"]).keys() == {"v", "workspaceId", "eventId"}
    assert message["Attributes"]["MessageGroupId"] == str(reception.bridge.connection_id), "served fairly by account"


def test_the_body_is_proven_byte_for_byte(reception: Reception) -> None:
    odd = '{ "type" : "message.received",\n\t"data": {"text": "Zoë \\u00e9 🎉"} }\n'
    assert reception.hear(odd, encoded=True).status == 204
    assert reception.hear(odd, encoded=False).status == 204


def test_told_three_times_it_is_kept_and_put_on_the_queue_once(reception: Reception) -> None:
    for _ in range(3):
        assert reception.hear(event_id="msg_1").status == 204
    assert (reception.kept(), len(reception.queued())) == (["msg_1"], 1)


def test_a_queue_that_is_away_is_no_reason_to_tell_it_again(reception: Reception) -> None:
    reception.sqs.delete_queue(QueueUrl=reception.queue_url)
    assert reception.hear(event_id="msg_1").status == 204
    assert reception.kept() == ["msg_1"]


def test_all_that_is_wrong_gets_the_same_answer_byte_for_byte(reception: Reception) -> None:
    stranger = Bridge()
    good = reception.bridge.headers(BODY)
    answers = [
        reception.hear(bridge=stranger),
        reception.hear(path=f"/api/webhooks/fansly/{reception.bridge.connection_id}"),
        reception.hear(path=f"/api/webhooks/myspace/{reception.bridge.connection_id}"),
        reception.hear(path="/api/webhooks/onlyfans/nobody"),
        reception.hear(bridge=replace(reception.bridge, secret=stranger.secret)),
        *(reception.hear(headers={name: None}) for name in good),
        reception.hear(headers={"webhook-timestamp": "1614265330"}),
        reception.hear(headers={"webhook-signature": "v1,AAAA"}),
        call("webhooks_in", "POST", reception.bridge.path, headers=good, claims=None),
    ]
    assert {answer.status for answer in answers} == {401}
    assert len({(answer.body, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert answers[0].json()["code"] == "unsigned"
    assert (reception.kept(), reception.queued()) == ([], [])


def test_more_than_256_kilobytes_are_too_much_before_anything_is_asked(reception: Reception) -> None:
    large = event("message.received", {"text": "x" * 256 * 1024})
    for encoded in (False, True):
        answer = reception.hear(large, encoded=encoded)
        assert (answer.status, answer.json()["code"]) == (413, "too_large")
    assert reception.hear(event("message.received", {"text": "x" * 250 * 1024})).status == 204


@pytest.mark.parametrize(("body", "field"), [("[]", "body"), ("not json", "body"), ('{"at": "now"}', "type")])
def test_what_is_signed_and_no_event_names_the_field(reception: Reception, body: str, field: str) -> None:
    answer = reception.hear(body)
    assert (answer.status, answer.failing) == (400, {field})


def test_no_word_of_it_is_in_a_log_or_a_queue(reception: Reception, capsys: pytest.CaptureFixture[str]) -> None:
    assert reception.hear(event_id=f"msg_{CANARY}").status == 204
    reception.hear(headers={"webhook-signature": "v1,AAAA"})
    reception.hear(f"not json {CANARY}")
    printed = capsys.readouterr()
    assert "kept an event" in printed.out
    assert CANARY not in printed.out + printed.err
    assert reception.bridge.secret not in printed.out + printed.err
    assert CANARY not in json.dumps(reception.queued())
