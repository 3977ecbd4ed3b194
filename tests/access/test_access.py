"""Each operation, each place an id can stand, each caller who may not: refused as the contract says, and nothing done.

The operations come from the API's own description, so one that is added tomorrow is tested tomorrow. What its schema
does not tell about valid input goes into `inputs.HINTS`, and who may use it into `roles.MAY`.
"""

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from huntaze.members.model import Role
from tests.access.inputs import HINTS, Input, Valid
from tests.access.operations import Operation, operations
from tests.access.roles import MAY
from tests.access.stage import (
    NEVER_WAS,
    OWNER_OF_BOTH,
    REMOVED,
    REMOVED_HERE,
    STRANGER,
    Claims,
    Stage,
    member,
    token,
)
from tests.support.functions import Answer
from tests.support.workspaces import MAX, ZOE

EACH = pytest.mark.parametrize("operation", operations(), ids=str)
BY_MEMBERS = pytest.mark.parametrize(
    "operation", [one for one in operations() if MAY.get(one.id, frozenset()) is not None], ids=str
)
NOBODY: dict[str, Claims] = {
    "no token": None,
    "an empty token": {},
    "of another issuer": token("owner", iss="https://example.com"),
    "of another client": token("owner", client_id="another"),
    "an ID token": token("owner", token_use="id"),
    "an expired token": token("owner", exp="1700000001"),
    "of nobody": token(""),
}


def _refused(
    stage: Stage, operation: Operation, said: Input, claims: Claims, workspace: str | None = str(ZOE.id)
) -> Answer:
    """The answer to what must not be done; that it was not done is seen in every table."""
    before = stage.content()
    answer = stage.ask(operation, said, claims, workspace)
    assert stage.content() == before, f"{operation} has changed something"
    return answer


def _allowed(operation: Operation) -> frozenset[Role]:
    return MAY.get(operation.id) or frozenset(Role)


def _nothing(stage: Stage) -> str:
    """What is answered about what never was: the same bytes everywhere."""
    reading = next(one for one in operations() if one.id == "readFan")
    answer = stage.ask(reading, Valid(reading, ZOE).with_path("id", NEVER_WAS), member(Role.OWNER))
    assert answer.status == HTTPStatus.NOT_FOUND
    return answer.body


@EACH
def test_who_may_do_it_is_written_down(operation: Operation) -> None:
    assert operation.id in MAY, f"{operation.method} {operation.path}: say in tests/access/roles.py who may do it"


@BY_MEMBERS
def test_who_may_can(stage: Stage, operation: Operation) -> None:
    """Without this the refusals would prove nothing: what is refused below is valid."""
    before = stage.content()
    for role in sorted(_allowed(operation)):
        with stage.taking_everything_back():
            answer = stage.ask(operation, Valid(operation, ZOE).input(), member(role))
        if operation.id not in HINTS and HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            pytest.skip(f"{operation.id} lacks a hint in tests/access/inputs.py: {answer.status} {answer.body}")
        assert answer.status < HTTPStatus.BAD_REQUEST, f"{role}: {answer.status} {answer.body}"
    assert stage.content() == before


@EACH
def test_nobody_can(stage: Stage, operation: Operation) -> None:
    for name, claims in NOBODY.items():
        answer = _refused(stage, operation, Valid(operation, ZOE).input(), claims)
        assert answer.status == HTTPStatus.UNAUTHORIZED, name


@BY_MEMBERS
def test_a_role_that_may_not_cannot(stage: Stage, operation: Operation) -> None:
    for role in sorted(frozenset(Role) - _allowed(operation)):
        answer = _refused(stage, operation, Valid(operation, ZOE).input(), member(role))
        assert answer.status == HTTPStatus.FORBIDDEN, f"{role}: {answer.status} {answer.body}"


@BY_MEMBERS
def test_somebody_who_was_removed_is_like_somebody_who_never_was_there(stage: Stage, operation: Operation) -> None:
    said = Valid(operation, ZOE).input()
    for workspace in (str(ZOE.id), None):
        stranger = _refused(stage, operation, said, token(STRANGER), workspace)
        removed = _refused(stage, operation, said, token(REMOVED), workspace)
        assert removed.status == HTTPStatus.FORBIDDEN
        assert removed.body == stranger.body
    elsewhere = _refused(stage, operation, said, token(REMOVED_HERE))
    assert (elsewhere.status, elsewhere.body) == (HTTPStatus.NOT_FOUND, _nothing(stage))


@BY_MEMBERS
def test_another_workspace_is_like_one_that_never_was(stage: Stage, operation: Operation) -> None:
    for workspace in (str(MAX.id), str(NEVER_WAS)):
        for theirs in (ZOE, MAX):
            said = Valid(operation, theirs).input()
            answer = _refused(stage, operation, said, member(Role.OWNER), workspace)
            assert (answer.status, answer.body) == (HTTPStatus.NOT_FOUND, _nothing(stage))
    answer = _refused(stage, operation, Valid(operation, ZOE).input(), member(Role.OWNER), "not an id")
    assert answer.status == HTTPStatus.BAD_REQUEST


@BY_MEMBERS
def test_what_belongs_to_another_workspace_is_like_what_never_was(stage: Stage, operation: Operation) -> None:
    """Asked by somebody who owns both: what they may see there must not show here."""
    claims = token(OWNER_OF_BOTH)
    for place, theirs, never in _about_theirs(operation):
        answer = _refused(stage, operation, theirs, claims)
        nothing = _refused(stage, operation, never, claims)
        assert (answer.status, answer.body) == (nothing.status, nothing.body), place
        if place.startswith("query") and answer.status == HTTPStatus.OK:
            assert str(MAX.id) not in answer.body
            continue  # a list narrowed to what is not there is empty
        assert (answer.status, answer.body) == (HTTPStatus.NOT_FOUND, _nothing(stage)), place


@pytest.mark.parametrize("operation", [one for one in operations() if one.has_cursor], ids=str)
def test_a_cursor_of_another_workspace_is_like_what_never_was(stage: Stage, operation: Operation) -> None:
    valid, claims = Valid(operation, ZOE), token(OWNER_OF_BOTH)
    assert stage.ask(operation, valid.input(), claims).status == HTTPStatus.OK
    answer = _refused(stage, operation, valid.with_query("cursor", stage.cursors.of_another(MAX)), claims)
    assert (answer.status, answer.body) == (HTTPStatus.NOT_FOUND, _nothing(stage))
    made_up = _refused(stage, operation, valid.with_query("cursor", "bWFkZSB1cA"), claims)
    assert made_up.status == HTTPStatus.BAD_REQUEST


def _about_theirs(operation: Operation) -> Iterator[tuple[str, Input, Input]]:
    """Each place of an id: the same request with an id of theirs in it, and with one that never was."""
    ours, theirs = Valid(operation, ZOE), Valid(operation, MAX)
    for name in operation.ids_in_path:
        yield f"path {name}", ours.with_path(name, theirs.id_in_path(name)), ours.with_path(name, NEVER_WAS)
    for name in operation.ids_in_query:
        other = str(theirs.id_of_field(name))
        yield f"query {name}", ours.with_query(name, other), ours.with_query(name, str(NEVER_WAS))
    for way in operation.ids_in_body:
        other_id = theirs.id_of_field(next(str(step) for step in reversed(way) if isinstance(step, str)))
        yield f"body {way}", ours.with_body(way, other_id), ours.with_body(way, NEVER_WAS)


def test_every_kind_of_place_is_there_to_be_tested() -> None:
    """Should the description change its manner, these would silently be tested no longer."""
    found = operations()
    assert any(one.ids_in_path for one in found)
    assert any(one.ids_in_query for one in found)
    assert any(one.ids_in_body for one in found)
    assert any(one.has_cursor for one in found)
    assert ("ids", 0) in next(one for one in found if one.id == "tagFans").ids_in_body
