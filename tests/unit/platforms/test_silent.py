"""Which platforms can be sent through."""

import pytest

from huntaze import wiring
from huntaze.errors import Conflict
from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import Accepted, NotAccepted, Reason
from tests.support.bridges import LETTER, ScriptedBridge, door, soon


@pytest.fixture
def parts() -> wiring.Wiring:
    return wiring.Wiring({"STAGE": "prod"})


def test_two_stand_behind_one_bridge_client(parts: wiring.Wiring) -> None:
    assert isinstance(parts.platform("onlyfans"), Bridge)
    assert parts.platform("fansly") is parts.platform("onlyfans")  # what was learnt of clocks is shared


def test_patreon_says_what_a_creator_can_do_instead(parts: wiring.Wiring) -> None:
    with pytest.raises(Conflict, match="write to them on Patreon itself"):
        parts.platform("patreon")


@pytest.mark.parametrize("name", ["other", "", "myspace", "OnlyFans"])
def test_nothing_is_sent_anywhere_else(parts: wiring.Wiring, name: str) -> None:
    with pytest.raises(Conflict, match="Nothing can be sent"):
        parts.platform(name)


@pytest.mark.parametrize("environment", [{"STAGE": "prod"}, {"STAGE": "staging"}, {}])
def test_private_networks_are_closed_unless_the_stage_is_said_to_be_local(environment: dict[str, str]) -> None:
    with ScriptedBridge() as bridge:
        answer = wiring.Wiring(environment).platform("onlyfans").send(door(bridge.url), LETTER, soon())
    assert answer == NotAccepted(Reason.ADDRESS_REFUSED, asked=False)
    assert not bridge.connections


def test_on_the_local_stage_a_bridge_may_stand_beside_us() -> None:
    with ScriptedBridge() as bridge:
        parts = wiring.Wiring({"STAGE": "local"})
        assert parts.platform("onlyfans").send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
