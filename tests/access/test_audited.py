"""Whatever a person changes, or takes along, leaves exactly its entry in the audit log, and a refusal leaves none."""

from http import HTTPStatus

import pytest

from huntaze.members.model import Role
from tests.access.audited import LEAVES, Nothing
from tests.access.inputs import HINTS, Valid
from tests.access.operations import Operation, operations
from tests.access.roles import MAY
from tests.access.stage import Stage, member
from tests.support.workspaces import ZOE

SAFE = {"GET", "HEAD"}
TAKES_ALONG = {"exportFan", "exportCampaign", "exportNumbers"}
UNSAFE = [one for one in operations() if one.method not in SAFE or one.id in TAKES_ALONG]
OF_MEMBERS = [one for one in UNSAFE if MAY.get(one.id, frozenset()) is not None]

ENTRIES = "SELECT action, actor_id FROM audit_log WHERE workspace_id = %(workspace_id)s AND position > %(position)s"


def _entries(stage: Stage, after: int = 0) -> list[dict[str, object]]:
    with stage.parts.postgres.transaction(ZOE.id) as connection:
        return connection.execute(ENTRIES, {"workspace_id": ZOE.id, "position": after}).fetchall()


@pytest.mark.parametrize("operation", UNSAFE, ids=str)
def test_what_it_leaves_is_written_down(operation: Operation) -> None:
    assert operation.id in LEAVES, (
        f"{operation.method} {operation.path}: say in tests/access/audited.py which Action it leaves, or why none"
    )


@pytest.mark.parametrize("operation", OF_MEMBERS, ids=str)
def test_it_leaves_its_entry_in_the_callers_name(stage: Stage, operation: Operation) -> None:
    leaves = LEAVES[operation.id]
    before = len(_entries(stage))
    with stage.taking_everything_back():
        answer = stage.ask(operation, Valid(operation, ZOE).input(), member(Role.OWNER))
        left = _entries(stage, before)
    if operation.id not in HINTS and HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        pytest.skip(f"{operation.id} lacks a hint in tests/access/inputs.py: {answer.status} {answer.body}")
    assert answer.status < HTTPStatus.BAD_REQUEST, answer.body
    wanted = () if isinstance(leaves, Nothing) else (leaves,) if isinstance(leaves, str) else leaves
    assert left == [{"action": str(action), "actor_id": ZOE.of("owner")} for action in wanted]


@pytest.mark.parametrize("operation", OF_MEMBERS, ids=str)
def test_what_is_refused_leaves_none(stage: Stage, operation: Operation) -> None:
    before = len(_entries(stage))
    for role in sorted(frozenset(Role) - (MAY.get(operation.id) or frozenset(Role))):
        stage.ask(operation, Valid(operation, ZOE).input(), member(role))
    assert len(_entries(stage)) == before
