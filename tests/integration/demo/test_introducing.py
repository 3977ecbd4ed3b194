"""The simulated platform knows the demo's creators by the ids, and the fans by the names, that the demo's data have."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from local.demo.introducing import introduce
from local.demo.workspaces import DEMO
from local.demo.writing import act_as
from local.people import ZOE
from local.simulator.tokens import token_of
from tests.conftest import Database
from tests.integration.demo.conftest import NOW
from tests.support.simulator import Caller, Simulator, running_simulator


@pytest.fixture(scope="module")
def platform(demo: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("platform")) as running:
        introduce(demo.app, running.client())
        yield running


def door_of_zoe(platform: Simulator) -> Caller:
    return Caller(platform.address, token_of("onlyfans", "demo-zoe-onlyfans"))


def fans_told(caller: Caller) -> dict[str, str]:
    fans, cursor = {}, ""
    while True:
        told = caller.ask("GET", f"/v1/fans?limit=200{cursor}").body
        fans |= {fan["id"]: fan["username"] for fan in told["fans"]}
        if told["nextCursor"] is None:
            return fans
        cursor = f"&cursor={told['nextCursor']}"


def test_every_account_of_the_demo_is_opened_by_its_token(demo: Database, platform: Simulator) -> None:
    with psycopg.connect(demo.superuser) as connection:
        rows = connection.execute("SELECT platform::text, platform_user_id FROM platform_connections").fetchall()
    assert len(rows) == sum(len(workspace.creator.accounts) for workspace in DEMO)
    for name, user in rows:
        said = Caller(platform.address, token_of(name, user)).ask("GET", "/v1/account").body
        assert (said["userId"], said["platform"], said["signedIn"]) == (user, name, True)


def test_its_fans_are_those_of_the_data(demo: Database, platform: Simulator) -> None:
    with psycopg.connect(demo.app) as connection:
        act_as(connection, str(ZOE))
        known = connection.execute("SELECT platform_id, handle FROM fans WHERE platform = 'onlyfans'").fetchall()
    assert fans_told(door_of_zoe(platform)) == dict(known)


def test_it_earned_what_the_data_say(demo: Database, platform: Simulator) -> None:
    with psycopg.connect(demo.app) as connection:
        act_as(connection, str(ZOE))
        rows = connection.execute(
            "SELECT kind::text, sum(amount_cents)::bigint FROM transactions WHERE platform = 'onlyfans' GROUP BY 1"
        ).fetchall()
    end = (NOW + timedelta(days=2)).isoformat().replace("+", "%2B")
    said = door_of_zoe(platform).ask("GET", f"/v1/statistics?to={end}").body
    assert {"subscription": said["subscriptionCents"], "ppv": said["messageCents"], "tip": said["tipCents"]} == dict(
        rows
    )


def test_a_second_introduction_changes_nothing(demo: Database, platform: Simulator) -> None:
    platform.client().make_account("demo-max-onlyfans", echo=True)
    before = platform.client().accounts()
    introduce(demo.app, platform.client())
    assert platform.client().accounts() == before
