"""The queue of exports through the handler: the message as SQS hands it over, the file on moto."""

import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from huntaze import wiring
from huntaze.errors import Conflict, Unavailable
from huntaze.exports.model import Export, Status
from huntaze.fans.model import Filters, Sort
from huntaze.members.model import Principal, Role
from tests.functions.conftest import Stage
from tests.support.export_fakes import FakeExportDatabase, FakeFanPages, some_fans
from tests.support.functions import Context, load
from tests.support.people import principal

BUCKET = "exports-of-a-test"


@dataclass
class Office:
    """The process, its bucket and its queue."""

    parts: wiring.Wiring
    s3: Any
    sqs: Any
    queue_url: str
    who: Principal

    def ask(self) -> Export:
        return self.parts.exports.request(self.who, Filters(tag="vip"), Sort.NAME)

    def export(self, asked: Export) -> Export:
        return self.parts.exports.of(self.who, asked.id)

    def messages(self) -> list[dict[str, Any]]:
        found = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["All"])
        return list(found.get("Messages", []))

    def files(self) -> list[str]:
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.fixture
def office(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with mock_aws():
        s3, sqs, database = boto3.client("s3"), boto3.client("sqs"), FakeExportDatabase()
        s3.create_bucket(Bucket=BUCKET)
        queue_url = sqs.create_queue(QueueName="huntaze-exports")["QueueUrl"]
        monkeypatch.setenv("EXPORTS_BUCKET", BUCKET)
        monkeypatch.setenv("SQS_EXPORTS_QUEUE_URL", queue_url)
        parts = stage.parts
        parts.in_workspace = database.in_workspace
        parts.in_workspace_as_machine = database.as_machine
        parts.fans = FakeFanPages([some_fans(1_000, parts.clock.now()), some_fans(7, parts.clock.now(), name="=1+1")])
        yield Office(parts, s3, sqs, queue_url, principal(Role.ANALYST))


def _record(message_id: str, body: str) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": "handle",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795000000000"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:huntaze-exports",
        "awsRegion": "us-east-1",
    }


def _handled(*bodies: str, milliseconds: int = 900_000) -> list[str]:
    records = [_record(str(number), body) for number, body in enumerate(bodies)]
    answer = load("exports").handler(json.loads(json.dumps({"Records": records})), Context(milliseconds))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_what_is_asked_goes_through_the_queue_and_becomes_a_file(office: Office) -> None:
    asked = office.ask()
    (message,) = office.messages()
    assert message["Attributes"]["MessageGroupId"] == str(office.who.workspace_id), "served fairly by workspace"
    assert _handled(message["Body"]) == []
    export = office.export(asked)
    assert (export.status, export.rows) == (Status.READY, 1_007)
    stored = office.s3.get_object(Bucket=BUCKET, Key=export.object_key)
    content = stored["Body"].read()
    assert stored["ContentType"] == "text/csv; charset=utf-8"
    assert len(content) == export.bytes
    assert content.startswith(b"\xef\xbb\xbfDisplay Name,Username,")
    assert content.count(b"\r\n") == 1_008
    assert content.count(b"\r\n'=1+1,") == 7


def test_a_message_that_comes_twice_makes_one_file(office: Office) -> None:
    asked = office.ask()
    (message,) = office.messages()
    assert _handled(message["Body"], message["Body"]) == []
    assert _handled(message["Body"]) == []
    assert office.files() == [office.export(asked).object_key]


def test_a_link_is_signed_for_a_download_of_minutes(office: Office) -> None:
    asked = office.ask()
    with pytest.raises(Conflict):
        office.parts.exports.link(office.who, asked.id)
    _handled(office.messages()[0]["Body"])
    export = office.export(asked)
    address = urllib.parse.urlsplit(office.parts.exports.link(office.who, asked.id))
    query = dict(urllib.parse.parse_qsl(address.query))
    assert address.path.endswith(f"/{export.object_key}")
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-Expires"] == "300"
    assert query["response-content-disposition"] == f'attachment; filename="{export.file_name}"'
    assert query["response-content-type"] == "text/csv; charset=utf-8"


def test_a_bucket_that_is_away_is_told_to_who_waits_and_the_message_is_done(office: Office) -> None:
    office.s3.delete_bucket(Bucket=BUCKET)
    asked = office.ask()
    assert _handled(office.messages()[0]["Body"]) == []
    assert office.export(asked).status is Status.FAILED


def test_a_queue_that_is_away_is_told_at_once(office: Office) -> None:
    office.sqs.delete_queue(QueueUrl=office.queue_url)
    with pytest.raises(Unavailable):
        office.ask()
    assert [export.status for export in office.parts.exports.recent(office.who)] == [Status.FAILED]


def test_without_time_left_nothing_is_left_behind(office: Office) -> None:
    asked = office.ask()
    assert _handled(office.messages()[0]["Body"], milliseconds=1_000) == []
    assert office.export(asked).status is Status.FAILED
    assert office.files() == []
    assert office.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []


def test_poison_fails_alone(office: Office) -> None:
    asked = office.ask()
    assert _handled("poison", office.messages()[0]["Body"]) == ["0"]
    assert office.export(asked).status is Status.READY
