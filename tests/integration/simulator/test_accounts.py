import pytest

from local.simulator.client import Refused
from local.simulator.tokens import token_of
from tests.support.simulator import Caller, Client


def test_an_account_is_opened_by_the_token_that_its_name_gives(control: Client, account: str) -> None:
    made = control.make_account(account)
    assert made["token"] == token_of("onlyfans", account) == f"demo-onlyfans-{account}"


def test_a_token_can_be_chosen_and_changed(caller: Caller, control: Client, account: str) -> None:
    control.make_account(account, token="another")
    assert caller.ask("GET", "/v1/account").body["code"] == "bad_token"
    assert Caller(caller.address, "another").ask("GET", "/v1/account").body["userId"] == account


def test_what_is_not_said_stays_as_it_was(control: Client, account: str) -> None:
    control.make_account(account, limits={"messages": 3}, find=False, username="zoe")
    changed = control.make_account(account, strict=True)
    assert changed["limits"] == {"messages": 3, "seconds": 60}
    assert (changed["find"], changed["strict"], changed["username"]) == (False, True, "zoe")
    assert changed in control.accounts()


def test_fansly_speaks_the_same_contract(caller: Caller, control: Client) -> None:
    made = control.make_account("on fansly", platform="fansly")
    said = Caller(caller.address, made["token"]).ask("GET", "/v1/account").body
    assert (said["platform"], made["token"]) == ("fansly", "demo-fansly-on fansly")


@pytest.mark.parametrize(
    "settings",
    [
        {"platform": "patreon"},
        {"platform": "fansly"},  # an id is one account here
        {"limits": {"messages": 0}},
        {"limits": {"hours": 1}},
        {"echo": "yes"},
        {"surprise": 1},
        {"token": "taken"},
    ],
)
def test_what_cannot_be_is_refused(control: Client, account: str, settings: dict[str, object]) -> None:
    control.make_account("the holder", token="taken")
    before = control.accounts()
    with pytest.raises(Refused):
        control.make_account(account, **settings)
    assert control.accounts() == before


def test_nobody_unknown_can_do_anything(control: Client) -> None:
    for ask in (
        lambda: control.happen("message", "nobody", "4711"),
        lambda: control.renew_login("nobody"),
        lambda: control.add_fans("nobody", []),
        lambda: control.break_down("429", "nobody"),
    ):
        with pytest.raises(Refused):
            ask()
