import json

import pytest

from huntaze.edge import problem
from huntaze.errors import (
    Conflict,
    FieldError,
    Forbidden,
    HuntazeError,
    Invalid,
    KeyReused,
    Misconfigured,
    NotFound,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unsigned,
)
from huntaze.migrations.errors import MigrationError

STATUSES: list[tuple[HuntazeError, int]] = [
    (Invalid.field("name", "Must be text"), 400),
    (Unauthenticated(), 401),
    (Unsigned(), 401),
    (Forbidden("Not you."), 403),
    (NotFound(), 404),
    (Conflict("Taken."), 409),
    (Stale(), 412),
    (KeyReused(), 422),
    (TooMany(retry_after=7), 429),
    (TooLarge("Too much."), 413),
    (Unavailable("Away.", retry_after=7), 503),
]


@pytest.mark.parametrize(("error", "status"), STATUSES, ids=lambda part: type(part).__name__)
def test_each_error_has_its_status_and_a_whole_body(error: HuntazeError, status: int) -> None:
    told = problem.of(error)
    body = json.loads(told.body)
    assert told.status == body["status"] == status
    assert body["code"] == error.code
    assert body["type"] == f"urn:huntaze:problem:{error.code}"
    assert body["detail"] == error.detail
    assert body["title"]


def test_every_failing_field_is_named() -> None:
    told = problem.of(Invalid([FieldError("name", "Must be text"), FieldError("tags.0", "Too long")]))
    assert json.loads(told.body)["fields"] == [
        {"field": "name", "message": "Must be text"},
        {"field": "tags.0", "message": "Too long"},
    ]


def test_a_field_name_that_is_not_even_unicode_can_be_told() -> None:
    assert json.loads(problem.of(Invalid.field("\ud800", "Unknown")).body)["fields"][0]["field"] == "\ud800"
    problem.of(Invalid.field("\ud800", "Unknown")).body.encode()


def test_whoever_may_try_again_is_told_when() -> None:
    for error in (Unavailable("Away.", retry_after=7), TooMany(retry_after=7)):
        assert problem.of(error).headers == {"Retry-After": "7"}


@pytest.mark.parametrize("error", [ValueError("row 5: secret"), KeyError("secret"), Misconfigured("secret")])
def test_what_is_not_the_callers_business_is_told_without_detail(error: Exception) -> None:
    told = problem.of(error)
    assert told.status == 500
    assert "secret" not in told.body


def test_a_wrong_method_is_told_the_right_ones() -> None:
    told = problem.method_not_allowed("GET, POST")
    assert told.status == 405
    assert told.headers == {"Allow": "GET, POST"}


def test_every_error_of_the_tree_but_the_operators_has_a_status() -> None:
    known = {type(error) for error, _ in STATUSES}
    assert known == set(HuntazeError.__subclasses__()) - {Misconfigured, MigrationError}
