"""How often a person may ask, and what an Idempotency-Key does, through a handler."""

from typing import NoReturn

import pytest

from huntaze.clock import FixedClock
from huntaze.errors import Unavailable
from huntaze.limits.service import OwnCounter, RequestLimit
from huntaze.members.model import Role
from tests.functions.conftest import Stage
from tests.support.functions import CLAIMS, Answer, call

PATH = "/api/crm/fans"
BODY = {"name": "Robin", "platform": "onlyfans", "platformId": "robin-1"}


def _create(key: str = "k1", body: object = BODY, **headers: str) -> Answer:
    return call("fans", "POST", PATH, body=body, headers={"idempotency-key": key, **headers})


def test_one_request_too_many_is_refused_with_when_to_come_back(stage: Stage) -> None:
    stage.join()
    stage.parts.request_limit = RequestLimit(2, None, OwnCounter())
    left = [call("fans", "GET", PATH).headers["RateLimit"] for _ in range(2)]
    assert left == ['"person";r=1;t=60', '"person";r=0;t=60']
    refused = call("fans", "GET", PATH)
    assert (refused.status, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["RateLimit-Policy"] == '"person";q=2;w=60'
    assert call("fans", "GET", PATH, claims={**CLAIMS, "sub": "somebody-else"}).status == 403, "others may still ask"


def test_also_what_is_refused_counts_and_tells_what_is_left(stage: Stage) -> None:
    stage.join()
    assert "r=999;" in call("fans", "POST", PATH, body="{").headers["RateLimit"]
    assert "r=998;" in call("fans", "GET", "/nothing").headers["RateLimit"]


@pytest.mark.usefixtures("stage")
def test_without_a_good_token_nothing_is_counted() -> None:
    assert "RateLimit" not in call("fans", "GET", PATH, claims=None).headers


@pytest.mark.parametrize("word", ["0", "-1", "many", "1.5"])
def test_a_limit_that_is_none_is_the_operators_business(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    stage.join()
    monkeypatch.setenv("REQUESTS_PER_MINUTE", word)
    assert call("fans", "GET", PATH).status == 500


def test_the_same_key_gets_the_first_answer_again_byte_for_byte(stage: Stage) -> None:
    joined = stage.join()
    first, again = _create(), _create()
    assert (first.status, again.status) == (201, 201)
    assert (again.body, again.headers["ETag"]) == (first.body, first.headers["ETag"])
    assert len(stage.stores(joined).fans.kept) == 1
    for kept in (_create("k2"), _create("k2")):
        assert (kept.status, kept.json()["code"]) == (409, "conflict")


def test_the_key_written_in_any_case_is_the_same(stage: Stage) -> None:
    stage.join()
    first = _create()
    assert call("fans", "POST", PATH, body=BODY, headers={"Idempotency-Key": "k1"}).body == first.body


def test_another_request_under_the_key_is_refused(stage: Stage) -> None:
    stage.join()
    _create()
    other_body = _create(body={**BODY, "name": "Sam"})
    other_path = call("fans", "POST", f"{PATH}/tags", body=BODY, headers={"idempotency-key": "k1"})
    other_method = call("fans", "DELETE", PATH, body=BODY, headers={"idempotency-key": "k1"})
    for answer in (other_body, other_path, other_method):
        assert (answer.status, answer.json()["code"]) == (422, "key_reused")


def test_after_a_day_the_key_stands_for_something_new(stage: Stage) -> None:
    stage.join()
    now = stage.parts.clock.now()
    stage.parts.clock = FixedClock(now)
    assert _create().status == 201
    stage.parts.clock = FixedClock(now.replace(year=now.year + 1))
    del stage.parts.idempotency  # it was given the clock of before
    assert _create().status == 409, "done anew, and so a conflict"


def test_keys_belong_to_a_person_in_a_workspace(stage: Stage) -> None:
    first, second = stage.join(), stage.join()
    ids = {_create(**{"x-workspace": str(joined.workspace_id)}).json()["id"] for joined in (first, second)}
    assert len(ids) == 2


def test_reading_takes_no_key(stage: Stage) -> None:
    stage.join()
    keyed = {"idempotency-key": "k1"}
    before = call("fans", "GET", PATH, headers=keyed).json()
    _create("k2")
    assert call("fans", "GET", PATH, headers=keyed).json() != before


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "é", "a\0b"])
def test_a_key_that_cannot_be_one_is_refused_by_name(stage: Stage, key: str) -> None:
    stage.join()
    answer = _create(key)
    assert (answer.status, answer.failing) == (400, {"Idempotency-Key"})


def test_a_key_helps_nobody_without_a_place(stage: Stage) -> None:
    assert _create().status == 403
    stage.join()
    assert _create().status == 201


def test_what_failed_on_our_side_is_tried_anew(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.join()

    def create(*_: object) -> NoReturn:
        raise Unavailable("Away.", retry_after=5)

    with monkeypatch.context() as away:
        away.setattr(stage.parts.fans, "create", create)
        assert _create().status == 503
    assert _create().status == 201


def test_who_called_before_is_forgotten_also_when_no_route_was_asked(stage: Stage) -> None:
    ours, theirs = stage.join(Role.OWNER), stage.join(Role.OWNER, subject="somebody-else")
    _create()
    assert _create(body={**BODY, "name": "Sam"}).status == 422
    answer = call("fans", "POST", PATH, body=BODY, claims={**CLAIMS, "sub": "somebody-else"})
    assert answer.status == 201
    assert [len(stage.stores(joined).fans.kept) for joined in (ours, theirs)] == [1, 1]


def test_an_answer_too_large_for_one_request_is_told_as_that(stage: Stage) -> None:
    joined = stage.join()
    created = _create().json()
    stage.stores(joined).dossiers.told = {"text": "x" * 6_000_000}
    answer = call("fans", "GET", f"{PATH}/{created['id']}/export")
    assert (answer.status, answer.json()["code"]) == (413, "too_large")
