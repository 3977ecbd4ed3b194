"""Opens the demo's accounts at the simulated platform, as their owners would: by the product's own use case."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from huntaze.connections.model import NewLogin
from huntaze.errors import HuntazeError
from huntaze.members.model import Principal, Role
from huntaze.runtime.keys import Keys, NotUnderThisKey
from huntaze.wiring import Wiring
from local.demo.workspaces import DEMO, DemoWorkspace
from local.demo.writing import act_as
from local.local_aws import client
from local.simulator.client import Client
from local.simulator.tokens import token_of
from local.stack import Servers

_ACTIVE = "SELECT id FROM platform_connections WHERE workspace_id = %s AND id = ANY(%s) AND status = 'active'"


def connect_creators(servers: Servers, key_arn: str) -> None:
    """Give every account of the demo that is in use a login that opens it; safe to repeat.

    The local AWS forgets its keys when it is killed, and ports may change: what does not open any more is renewed.
    """
    wiring = _process(servers, key_arn)
    told = {(account["platform"], account["account"]): account for account in Client(servers.platform).accounts()}
    try:
        for workspace in DEMO:
            for platform, account_id in _in_use(servers, workspace):
                user_id = workspace.creator.user_on(platform)
                if not _is_open(wiring, servers, workspace, account_id, told.get((platform, user_id), {})):
                    login = NewLogin(servers.platform, token_of(platform, user_id))
                    wiring.connecting.renew(_owner(workspace), account_id, login)
    finally:
        wiring.postgres.close()


def _process(servers: Servers, key_arn: str) -> Wiring:
    """A process of ours beside the deployed ones; it sends nothing."""
    environment = {
        "STAGE": "local",
        "DATABASE_URL": servers.database(),
        "PUBLIC_URL": servers.url,
        "RATE_LIMITER_ENABLED": "false",
    }
    wiring = Wiring(environment)
    wiring.keys = Keys(lambda: key_arn, lambda: client("kms", servers.aws_endpoint))
    return wiring


def _in_use(servers: Servers, workspace: DemoWorkspace) -> Iterator[tuple[str, UUID]]:
    accounts = {UUID(account_id): platform for platform, account_id in workspace.creator.accounts.items()}
    with psycopg.connect(servers.database(), row_factory=dict_row) as connection:
        act_as(connection, workspace.creator.workspace_id)
        rows = connection.execute(_ACTIVE, [workspace.creator.workspace_id, list(accounts)]).fetchall()
    return iter([(accounts[row["id"]], row["id"]) for row in rows])


def _is_open(
    wiring: Wiring, servers: Servers, workspace: DemoWorkspace, account_id: UUID, told: Mapping[str, object]
) -> bool:
    try:
        door = wiring.doors.open(UUID(workspace.creator.workspace_id), account_id)
    except (HuntazeError, NotUnderThisKey):
        return False
    events = f"{servers.url}/api/webhooks/{door.platform}/{account_id}"
    return (door.bridge_url, told.get("webhook")) == (servers.platform, events)


def _owner(workspace: DemoWorkspace) -> Principal:
    return Principal("the demo", UUID(workspace.creator.workspace_id), UUID(workspace.owner_id), Role.OWNER)
