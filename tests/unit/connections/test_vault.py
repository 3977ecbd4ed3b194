"""Credentials under lock: for one row, for minutes, and never in sight."""

import pytest

from huntaze.connections.doors import Doors
from huntaze.connections.model import Asked, NewLogin, Opening, SealedDoor
from huntaze.connections.schema import LoginBody, NewConnectionBody
from huntaze.connections.vault import Vault
from huntaze.delivery.model import Pace
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.platforms.model import Credentials
from huntaze.runtime.keys import NotUnderThisKey
from tests.support.fake_connections import ZOE_S, FakeKeys

WORKSPACE, ZOE, MAX = new_id(), new_id(), new_id()
CREDENTIALS = Credentials("the-token", "whsec_c2VjcmV0")


class Seconds:
    """A clock that stands still until it is told otherwise."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys() -> FakeKeys:
    return FakeKeys()


def test_what_is_sealed_is_opened_again(keys: FakeKeys) -> None:
    vault = Vault(keys)
    sealed = vault.seal(WORKSPACE, ZOE, CREDENTIALS)
    assert vault.unseal(WORKSPACE, ZOE, sealed) == CREDENTIALS


def test_in_another_row_it_is_worthless_also_while_it_is_remembered(keys: FakeKeys) -> None:
    vault = Vault(keys)
    sealed = vault.seal(WORKSPACE, ZOE, CREDENTIALS)
    vault.unseal(WORKSPACE, ZOE, sealed)
    for row in ((WORKSPACE, MAX), (new_id(), ZOE)):
        with pytest.raises(NotUnderThisKey):
            vault.unseal(*row, sealed)


def test_it_is_opened_once_in_five_minutes(keys: FakeKeys) -> None:
    seconds = Seconds()
    vault = Vault(keys, seconds)
    sealed = vault.seal(WORKSPACE, ZOE, CREDENTIALS)
    for seconds.now in (0.0, 100.0, 299.9):
        vault.unseal(WORKSPACE, ZOE, sealed)
    assert keys.opened == 1
    seconds.now = 300.0
    vault.unseal(WORKSPACE, ZOE, sealed)
    assert keys.opened == 2


def test_a_renewed_seal_is_opened_anew(keys: FakeKeys) -> None:
    vault = Vault(keys)
    vault.unseal(WORKSPACE, ZOE, vault.seal(WORKSPACE, ZOE, CREDENTIALS))
    renewed = Credentials("another-token", CREDENTIALS.webhook_secret)
    assert vault.unseal(WORKSPACE, ZOE, vault.seal(WORKSPACE, ZOE, renewed)) == renewed


def test_nothing_that_opens_an_account_shows_itself(keys: FakeKeys) -> None:
    vault = Vault(keys)
    sealed = SealedDoor(ZOE, Platform.ONLYFANS, "https://bridge.example.com", vault.seal(WORKSPACE, ZOE, CREDENTIALS))
    door = Doors(lambda _: pytest.fail("no row is asked for"), vault).opened(WORKSPACE, sealed)
    typed = NewConnectionBody.model_validate({"bridgeUrl": "https://bridge.example.com", "token": "the-token"})
    shown = [
        *(CREDENTIALS, door, sealed, vault, vault._opened),  # noqa: SLF001  (what a debugger or a log might print)
        *(typed, typed.asked(), LoginBody(token="the-token"), NewLogin(token="the-token")),
        Asked(Platform.ONLYFANS, "https://bridge.example.com", "the-token"),
        Opening("https://bridge.example.com", sealed.credentials, ZOE_S, Pace()),
    ]
    for one in shown:
        assert "the-token" not in repr(one), type(one)
        assert CREDENTIALS.webhook_secret not in repr(one), type(one)
