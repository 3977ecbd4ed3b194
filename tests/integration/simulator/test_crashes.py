"""The log is only worth something if nothing that happened to the simulator itself can bend it."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from local.processes import StartFailed
from tests.support.judge import accepted_twice
from tests.support.simulator import Caller, Simulator, running_simulator, wait_for
from tests.support.webhooks import SECRET, Receiver


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Simulator]:
    """A simulator that may be killed."""
    with running_simulator(tmp_path / "own") as running:
        yield running


def caller_of(own: Simulator) -> Caller:
    return Caller(own.address, own.client().make_account("zoe", limits={"messages": 3, "seconds": 60})["token"])


def restart(own: Simulator) -> None:
    own.kill()
    own.start()


def test_killed_in_the_middle_it_has_kept_what_it_answered_and_still_accepts_each_once(own: Simulator) -> None:
    caller, answered, killed = caller_of(own), set[str](), Event()

    def send_many(sender: int) -> None:
        for number in range(1000):
            reference = f"{sender}-{number}"
            try:
                assert caller.send(f"{sender}", reference).status == 201
            except (OSError, http.client.HTTPException):
                return
            answered.add(reference)
            if len(answered) > 100 and not killed.is_set():
                killed.set()
                own.kill()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send_many, range(8)))
    own.start()

    accepted = {line["clientReference"] for line in own.client().log("zoe")}
    assert answered <= accepted
    assert len(accepted) - len(answered) <= 8  # the others were on their way back
    again = [caller.send("someone else", reference).status for reference in sorted(accepted)]
    assert again == [200] * len(accepted)
    assert len(own.client().log("zoe")) == len(accepted)
    assert accepted_twice(own.client().log()) == {}


def test_an_attempt_that_the_end_cut_off_stays_an_attempt(own: Simulator) -> None:
    caller = caller_of(own)
    own.client().break_down("slow", delay=60)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(caller.send, "4711", "one")
        wait_for(lambda: own.client().attempts("zoe"))
        own.kill()
        assert isinstance(sending.exception(), OSError | http.client.HTTPException)
    own.start()
    [attempt] = own.client().attempts("zoe")
    assert (attempt["clientReference"], attempt["outcome"], attempt["endedAt"]) == ("one", None, None)
    assert own.client().log() == []


def test_everything_is_the_same_after_a_restart(own: Simulator, webhook: Receiver) -> None:
    caller, control = caller_of(own), own.client()
    caller.ask("PUT", "/v1/webhook", {"url": webhook.url, "secret": SECRET})
    caller.send(reference="one")
    caller.send(reference="two", deadline=0)
    control.happen("message", "zoe", "4711", text="Hello", name="Robin")
    control.happen("tip", "zoe", "4711")
    control.happen("login-expired", "zoe")

    def everything() -> list[object]:
        asked = ("account", "messages", "fans", "statistics?to=2100-01-01T00:00:00Z")
        answers = [caller.ask("GET", f"/v1/{what}").body for what in asked]
        return [*answers, control.log(), control.attempts(), control.accounts()]

    before = everything()
    restart(own)
    assert everything() == before


def test_a_line_that_was_cut_off_is_forgotten_and_nothing_else(own: Simulator) -> None:
    caller = caller_of(own)
    caller.send(reference="one")
    own.kill()
    with own.journal.open("ab") as journal:
        journal.write(b'{"kind":"accepted","at":1,"acc')
    own.start()
    caller.send(reference="two")
    restart(own)
    assert [line["clientReference"] for line in own.client().log()] == ["one", "two"]


def test_moments_only_go_forward_across_a_restart(own: Simulator) -> None:
    caller = caller_of(own)
    for _ in range(3):
        caller.send()
        restart(own)
    moments = [line["at"] for line in own.client().log()]
    assert moments == sorted(set(moments))


def test_a_login_that_was_renewed_stays_renewed(own: Simulator) -> None:
    caller, control = caller_of(own), own.client()
    control.happen("login-expired", "zoe")
    control.renew_login("zoe")
    restart(own)
    assert caller.send().status == 201


def test_two_processes_never_share_a_journal(own: Simulator) -> None:
    with pytest.raises(StartFailed), running_simulator(own.journal.parent):
        pass


def test_told_to_stop_it_stops(own: Simulator) -> None:
    address = own.address
    own.__exit__(None, None, None)
    with pytest.raises(OSError, match="refused"):
        Caller(address).ask("GET", "/v1/time")
