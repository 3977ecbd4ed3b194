"""PostgreSQL, Redis, SQS and the simulated platform away in turn: each is named, and the rest answers as it should."""

import time

import pytest

from huntaze.messages.model import Status
from tests.integration.monitoring.conftest import House
from tests.support.functions import Answer

HEALTH = "/api/monitoring/onlyfans"
PARTS = ("database", "redis", "queue", "platform")
# By its own limits the answer takes less than three seconds (tests/unit/monitoring): this only notices when somebody
# waits for a driver's own time, which is ten seconds and more, and leaves room for a machine that is busy elsewhere.
SECONDS_OF_A_BUSY_MACHINE = 8
READS = (
    ("fans", "/api/crm/fans"),
    ("conversations", "/api/crm/conversations"),
    ("onlyfans", "/api/onlyfans/messages/status"),
    ("onlyfans", "/api/onlyfans/messages/failed"),
    ("campaigns", "/api/crm/campaigns"),
    ("insights", "/api/crm/analytics/overview"),
    ("connections", "/api/onlyfans/connections"),
)


def _health(house: House) -> Answer:
    began = time.monotonic()
    answer = house.ask("monitoring", "GET", HEALTH)
    assert time.monotonic() - began < SECONDS_OF_A_BUSY_MACHINE
    return answer


def _away(answer: Answer) -> set[str]:
    body = answer.json()
    away = {name for name, part in body.items() if isinstance(part, dict) and part["status"] == "away"}
    return away | {"platform" for one in body["platforms"] if one["status"] == "away"}


def _must_become_well(house: House) -> None:
    """All by itself, after what was away came back."""
    answer = _health(house)
    for _ in range(40):
        if answer.status == 200:
            return
        time.sleep(0.5)
        answer = _health(house)
    assert answer.status == 200, answer.body


def _send(house: House, key: str) -> Answer:
    body = {"recipientId": str(house.creator.fans[0]), "content": "Hello"}
    return house.ask("onlyfans", "POST", "/api/onlyfans/messages/send", body=body, headers={"Idempotency-Key": key})


def _is_a_problem(answer: Answer, status: int) -> None:
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("how", ["stop", "hang"])
@pytest.mark.parametrize("name", PARTS)
def test_what_is_away_is_named_and_nothing_else(house: House, name: str, how: str) -> None:
    _must_become_well(house)
    come_back = getattr(house, how)(name)
    try:
        first, second = _health(house), _health(house)
    finally:
        come_back()

    for answer in (first, second):
        assert answer.status == 503
        assert answer.headers["Content-Type"] == "application/json"
        assert _away(answer) - {"deadLetters"} == {name}  # dead letters lie in a queue
        assert (answer.json()["platforms"] == []) is (name == "database")
        assert not {"127.0.0.1", "Traceback", "SELECT"} & set(answer.body.split())
    _must_become_well(house)


@pytest.mark.parametrize("name", ["redis", "queue", "platform"])
def test_everything_is_read_while_the_database_is_there(house: House, name: str) -> None:
    come_back = house.stop(name)
    try:
        answers = {path: house.ask(function, "GET", path) for function, path in READS}
    finally:
        come_back()
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(answers, 200)


def test_without_the_database_everything_says_when_to_ask_again(house: House) -> None:
    come_back = house.stop("database")
    try:
        for function, path in READS:
            _is_a_problem(house.ask(function, "GET", path), 503)
        _is_a_problem(_send(house, "no database"), 503)
    finally:
        come_back()
    assert _send(house, "no database").status == 202


def test_what_is_sent_while_the_queue_is_away_fails_and_can_be_sent_again(house: House) -> None:
    come_back = house.stop("queue")
    try:
        refused = _send(house, "no queue")
    finally:
        come_back()

    _is_a_problem(refused, 503)
    message_id = refused.json()["messageId"]
    listed = house.ask("onlyfans", "GET", "/api/onlyfans/messages/failed").json()["messages"]
    assert (message_id, "failed") in {(one["id"], one["status"]) for one in listed}
    again = _send(house, "no queue")
    assert (again.status, again.json()["messageId"]) == (202, message_id)


def test_what_is_sent_while_redis_or_the_platform_is_away_is_kept(house: House) -> None:
    for name in ("redis", "platform"):
        come_back = house.stop(name)
        try:
            sent = _send(house, f"no {name}")
        finally:
            come_back()
        assert (sent.status, sent.json()["status"]) == (202, Status.QUEUED)
