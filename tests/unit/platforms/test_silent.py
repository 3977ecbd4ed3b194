"""Which platforms can be sent through."""

import pytest

from huntaze import wiring
from huntaze.errors import Conflict
from huntaze.platforms.bridge import Bridge


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


@pytest.mark.parametrize(
    ("environment", "private"), [({"STAGE": "local"}, True), ({"STAGE": "prod"}, False), ({}, False)]
)
def test_private_networks_are_open_only_where_the_stage_is_said_to_be_local(
    environment: dict[str, str],
    private: bool,  # noqa: FBT001
) -> None:
    from huntaze.platforms.model import NotAccepted, Reason  # noqa: PLC0415
    from tests.support.bridges import LETTER, ScriptedBridge, door, soon  # noqa: PLC0415

    with ScriptedBridge() as bridge:
        answer = wiring.Wiring(environment).platform("onlyfans").send(door(bridge.url), LETTER, soon())
    assert (answer == NotAccepted(Reason.ADDRESS_REFUSED, asked=False)) is not private
    assert bool(bridge.connections) is private
