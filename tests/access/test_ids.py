"""An id in the path of each operation, told to each role that may do it: of another workspace, of nothing, and none."""

from http import HTTPStatus

import pytest

from huntaze.members.model import Role
from tests.access.inputs import Valid
from tests.access.operations import Operation, operations
from tests.access.roles import MAY
from tests.access.stage import NEVER_WAS, Stage, member
from tests.support.workspaces import MAX, ZOE

WITH_IDS = [one for one in operations() if one.ids_in_path and MAY.get(one.id, frozenset()) is not None]
MALFORMED = ("x", "0", f"{NEVER_WAS}0", "' OR true --", "../..", "%00", "\N{FULLWIDTH DIGIT ZERO}")
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}


@pytest.mark.parametrize("operation", WITH_IDS, ids=str)
def test_of_another_workspace_it_is_like_one_that_never_was(stage: Stage, operation: Operation) -> None:
    ours, theirs, before = Valid(operation, ZOE), Valid(operation, MAX), stage.content()
    for role in sorted(MAY[operation.id] or frozenset(Role)):
        for name in operation.ids_in_path:
            asked = (ours.with_path(name, one) for one in (theirs.id_in_path(name), NEVER_WAS))
            answer, nothing = (stage.ask(operation, one, member(role)) for one in asked)
            assert (answer.status, answer.body) == (nothing.status, nothing.body), (role, name)
            assert answer.status == HTTPStatus.NOT_FOUND, (role, name, answer)
    assert stage.content() == before


@pytest.mark.parametrize("operation", WITH_IDS, ids=str)
def test_what_is_no_id_is_refused_alike(stage: Stage, operation: Operation) -> None:
    valid, before = Valid(operation, ZOE), stage.content()
    for name in operation.ids_in_path:
        answers = [stage.ask(operation, valid.with_path(name, one), member(Role.OWNER)) for one in MALFORMED]
        assert {answer.status for answer in answers} <= REFUSED, (name, answers)
    assert stage.content() == before
