"""Imports through the API and through the function of their queue, from the form to the undoing."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from huntaze import wiring
from huntaze.imports import service
from huntaze.measures import Count
from huntaze.runtime import stored
from tests.conftest import Database
from tests.support.fake_delivery import send_without_servers
from tests.support.functions import Context, load
from tests.support.import_office import BUCKET, IMPORTS, Office, notification, record, settings
from tests.support.logs import forget_logger
from tests.support.workspaces import ZOE, seed_two_workspaces


@pytest.fixture
def office(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    seed_two_workspaces(database.hand.connection)
    database.run("UPDATE members SET subject = replace(subject, ' ', '-')")
    with mock_aws():
        for name, value in settings(database.app).items():
            monkeypatch.setenv(name, value)
        s3, sqs = boto3.client("s3"), boto3.client("sqs")
        s3.create_bucket(Bucket=BUCKET)
        queue_url = sqs.create_queue(QueueName="huntaze-imports")["QueueUrl"]
        monkeypatch.setenv("IMPORTS_QUEUE_URL", queue_url)
        wiring.current.cache_clear()
        parts = wiring.current()
        send_without_servers(parts)
        yield Office(s3, sqs, queue_url, database)
        parts.postgres.close()
        wiring.current.cache_clear()
        forget_logger()


def _sheet(rows: int) -> str:
    return "Username,Total Spent\n" + "".join(f"api-{number},{number % 7}\n" for number in range(rows))


def test_a_file_goes_its_way_from_the_form_to_its_undoing(office: Office) -> None:
    import_id = office.upload(_sheet(50) + "api-bad,lots\n", policy="fill")
    path, planned = f"{IMPORTS}/{import_id}", office.read(import_id)
    assert (planned["status"], planned["planned"]["created"], planned["planned"]["rejected"]) == ("planned", 50, 1)
    assert planned["choices"]["policy"] == "fill"
    assert office.fans() == 0

    again = office.ask("POST", f"{path}/plan", {"mapping": {"username": "Username"}})
    assert (again.status, again.json()["status"], again.json()["choices"]["policy"]) == (202, "planning", "fill")
    office.work()
    other = office.read(import_id)
    assert (other["plan"], other["planned"]["created"]) == (2, 51), "nobody reads the amounts any more"
    assert office.ask("POST", f"{path}/commit", {"planHash": planned["planHash"]}).status == 409

    assert office.ask("POST", f"{path}/commit", {"planHash": other["planHash"]}).status == 202
    office.work()
    assert office.read(import_id)["status"] == "committed"
    assert office.fans() == 51
    office.edit("api-7")
    assert office.ask("POST", f"{path}/undo").status == 202
    office.work()
    undone = office.read(import_id)["undone"]
    assert (undone["created"], undone["skipped"], office.fans()) == (50, 1, 1)
    [kept] = office.ask("GET", f"{path}/rows", query="outcome=since_edited").json()["rows"]
    assert (kept["name"], kept["message"]) == ("api-7", "The fan was edited, written to or paid since the import.")


def test_what_the_worker_is_told_of_under_a_key_is_there_when_it_looks(office: Office) -> None:
    """The whole request is one transaction: told within it, a worker would find the import as it was before."""
    import_id = office.upload(_sheet(3))
    seen = {"planHash": office.read(import_id)["planHash"]}
    told: list[str] = []
    send = wiring.current().import_queue.put

    def put(ticket: Any) -> None:
        [(status,)] = office.database.run("SELECT status FROM imports WHERE id = %s", ticket.import_id)
        told.append(str(status))
        send(ticket)

    wiring.current().import_queue.put = put  # type: ignore[method-assign]  # watched
    for _ in range(2):
        answer = office.ask("POST", f"{IMPORTS}/{import_id}/commit", seen, idempotency_key="once")
        assert (answer.status, answer.json()["status"]) == (202, "committing")
    assert told == ["committing"]


def test_a_small_file_is_done_once_under_its_key(office: Office) -> None:
    first = office.send(_sheet(20), idempotency_key="monday")
    assert (first.status, first.json()["summary"]["successfulInserts"]) == (200, 20), first.body
    assert office.send(_sheet(20), idempotency_key="monday").json() == first.json()
    same = office.send(_sheet(20))
    assert same.json()["summary"] == {
        "totalRows": 20,
        "successfulInserts": 0,
        "updated": 0,
        "skipped": 20,
        "errors": 0,
    }
    assert office.waiting() == []


def test_new_fans_are_taken_down_and_known_ones_are_not(office: Office) -> None:
    for _ in range(2):
        assert office.send(_sheet(20)).status == 200
    taken_down: Any = wiring.current().measures
    assert [each for each in taken_down.counted if each[0] is Count.IMPORTED] == [(Count.IMPORTED, 20, "onlyfans")]


def test_what_a_request_has_no_time_for_goes_on_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SECONDS_IN_ALL", -1)
    answer = office.send(_sheet(12_000))
    assert (answer.status, answer.json()["status"]) == (202, "committing")
    assert 0 < office.fans() < 12_000
    office.work()
    done = office.read(answer.json()["importId"])
    assert (done["status"], done["done"]["created"], office.fans()) == ("committed", 12_000, 12_000)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("", "file"),
        ("Username\n", "file"),
        ("PK\x03\x04zip", "file"),
        ('Username\n"open', "file"),
        ("A,B\n1,2\n", "mapping"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name(office: Office, content: str, field: str) -> None:
    answer = office.send(content)
    assert (answer.status, answer.failing) == (400, {field}), answer.body
    [kept] = [each for each in office.ask("GET", IMPORTS).json()["imports"] if each["fileName"] == "fans.csv"][:1]
    assert kept["status"] in {"failed", "mapping"}
    assert office.waiting() == []


def test_rejected_rows_come_as_a_file_and_many_by_a_link(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    few = office.upload("Username,Total Spent\n=api-1,lots\n")
    answer = office.ask("GET", f"{IMPORTS}/{few}/rejected.csv")
    [row] = csv.DictReader(io.StringIO(answer.body.removeprefix("\ufeff")))
    assert (answer.status, row["Username"], row["Total Spent"]) == (200, "'=api-1", "lots")

    monkeypatch.setattr("huntaze.imports.rejected.MOST_BYTES_AT_ONCE", 10)
    many = office.upload("Username,Total Spent\n" + "api-1,lots\n" * 500)
    answer = office.ask("GET", f"{IMPORTS}/{many}/rejected.csv")
    assert (answer.status, answer.body) == (303, "")
    assert f"/{many}/" in answer.headers["Location"]
    assert "X-Amz-Signature" in answer.headers["Location"]


def test_a_worker_without_time_puts_a_new_message_and_ends(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "BLOCK_BYTES", 10_000)
    content = _sheet(16_000)
    begun = office.ask("POST", IMPORTS, {"fileName": "fans.csv", "fileBytes": len(content)}).json()
    key = begun["upload"]["fields"]["key"]
    office.s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())
    message = record("1", json.dumps(notification(key)))
    assert load("imports").handler({"Records": [message]}, Context(5_000)) == {"batchItemFailures": []}
    halfway = office.read(begun["import"]["id"])
    assert (halfway["status"], 0 < halfway["progress"] < 1) == ("planning", True)
    office.work()
    assert office.read(begun["import"]["id"])["planned"]["created"] == 16_000


def test_what_s3_says_to_try_the_queue_and_what_it_tells_twice_does_no_harm(office: Office) -> None:
    office.work(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}))
    import_id = office.upload(_sheet(3))
    planned = office.read(import_id)
    office.work(json.dumps(notification(f"imports/{ZOE.id}/{import_id}/file.csv")))
    assert office.read(import_id) == planned


def test_poison_is_given_back(office: Office) -> None:
    answer = load("imports").handler({"Records": [record("7", "poison")]}, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert office.waiting() == []
