"""Deadlines by the bridge's clock: ahead, behind, stepping, silent, and learnt by many threads at once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import Accepted, NotAccepted, Reason
from tests.support.bridges import (
    LETTER,
    NOW,
    Act,
    Heard,
    Line,
    ScriptedBridge,
    answers,
    client,
    door,
    near,
    refuses,
    soon,
    told,
)

HOUR = 3_600_000


class ABridgeWithAClock(ScriptedBridge):
    """Tells its own time with every answer, and accepts nothing after a deadline."""

    offset = 0  # milliseconds, to the clock of this machine

    def __post_init__(self) -> None:
        super().__post_init__()
        self.time, self.act = self._tell, self.judge

    def now(self) -> int:
        return int(time.time() * 1000) + self.offset

    def _tell(self, line: Line, _: Heard) -> None:
        line.say(told(200, {"now": self.now()}, Bridge_Time=str(self.now())))

    def judge(self, line: Line, heard: Heard) -> None:
        if heard.json()["deadline"] < self.now():
            problem = {"Content_Type": "application/problem+json", "Bridge_Time": str(self.now())}
            line.say(told(409, {"code": "deadline_passed"}, **problem))
        else:
            line.say(told(201, {"messageId": "m-1"}, Bridge_Time=str(self.now())))

    def asked_for_time(self) -> int:
        return sum(each.target == "/v1/time" for each in self.heard)


@pytest.fixture
def bridge() -> Iterator[ABridgeWithAClock]:
    with ABridgeWithAClock() as listening:
        yield listening


@pytest.mark.parametrize("offset", [0, HOUR, -HOUR, 24 * HOUR])
def test_no_common_clock_is_needed(bridge: ABridgeWithAClock, offset: int) -> None:
    bridge.offset = offset
    sending = client()
    for _ in range(3):
        assert sending.send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
    assert bridge.asked_for_time() == 1
    first = bridge.messages[0].json()["deadline"]
    assert 2000 < first - bridge.now() <= 4000  # five seconds, one of them for the answer


def test_a_bridge_that_sets_its_clock_forward_refuses_once(bridge: ABridgeWithAClock) -> None:
    sending = client()
    assert sending.send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
    bridge.offset = HOUR
    assert sending.send(door(bridge.url), LETTER, soon()) == NotAccepted(Reason.DEADLINE_PASSED, asked=True)
    assert sending.send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
    assert bridge.asked_for_time() == 1


def test_one_that_sets_it_back_gets_a_late_deadline_once(bridge: ABridgeWithAClock) -> None:
    """The contract has it refuse what is more than two minutes ahead; this one does not, and tells its time anew."""
    sending = client()
    sending.send(door(bridge.url), LETTER, soon())
    bridge.offset = -HOUR
    sending.send(door(bridge.url), LETTER, soon())
    sending.send(door(bridge.url), LETTER, soon())
    late, right = (heard.json()["deadline"] - bridge.now() for heard in bridge.messages[1:])
    assert late > HOUR
    assert right < 5000


def test_a_refusal_that_does_not_tell_the_time_has_it_asked_for_again(bridge: ABridgeWithAClock) -> None:
    sending = client()
    sending.send(door(bridge.url), LETTER, soon())
    bridge.act = answers(409, {"code": "deadline_passed"}, Content_Type="application/problem+json", Bridge_Time="soon")
    assert sending.send(door(bridge.url), LETTER, soon()) == NotAccepted(Reason.DEADLINE_PASSED, asked=True)
    bridge.act = bridge.judge
    assert sending.send(door(bridge.url), LETTER, soon()) == Accepted("m-1")
    assert bridge.asked_for_time() == 2


def _hangs(line: Line, _: Heard) -> None:
    line.hang()


def _drops(line: Line, _: Heard) -> None:
    line.reset()


@pytest.mark.parametrize(
    "act",
    [
        answers(500, None, Bridge_Time=""),
        answers(200, {"now": "noon"}, Bridge_Time=""),
        answers(200, {"now": -5}, Bridge_Time="-5"),
        answers(200, {"now": 10**20}, Bridge_Time="9" * 30),
        answers(200, b"12:00", Bridge_Time="12:00"),
        answers(302, None, Bridge_Time="", Location="https://time.example.com"),
        _hangs,
        _drops,
    ],
)
def test_without_its_time_nothing_is_handed_over(bridge: ABridgeWithAClock, act: Act) -> None:
    bridge.time = act
    assert client().send(door(bridge.url), LETTER, soon(0.5)) == NotAccepted(Reason.CLOCK_UNKNOWN, asked=False)
    assert not bridge.messages


def test_the_question_for_the_time_carries_no_token(bridge: ABridgeWithAClock) -> None:
    client().send(door(bridge.url), LETTER, soon())
    assert "authorization" not in bridge.heard[0].headers


def test_the_time_in_the_body_is_enough(bridge: ABridgeWithAClock) -> None:
    bridge.time = answers(200, {"now": NOW}, Bridge_Time="")
    client().send(door(bridge.url), LETTER, soon())
    assert NOW < bridge.messages[0].json()["deadline"] < NOW + 5000


def test_every_answer_tells_the_time(bridge: ABridgeWithAClock) -> None:
    sending = client()
    bridge.act = refuses(401, "login_expired")
    sending.send(door(bridge.url), LETTER, soon())
    bridge.act = answers(200, {"fans": [], "nextCursor": None}, Bridge_Time=str(NOW + HOUR))
    sending.fans(door(bridge.url))
    bridge.act = answers(201, {"messageId": "m-1"})
    sending.send(door(bridge.url), LETTER, soon())
    assert bridge.messages[-1].json()["deadline"] > NOW + HOUR


def test_an_answer_that_travelled_long_makes_a_deadline_earlier_and_never_later(bridge: ABridgeWithAClock) -> None:
    def slow(line: Line, _: Heard) -> None:
        answer = told(200, {"now": bridge.now()}, Bridge_Time=str(bridge.now()))
        time.sleep(0.6)
        line.say(answer)

    bridge.time = slow
    sending = client()
    before = time.monotonic()
    began = bridge.now()
    sending.send(door(bridge.url), LETTER, before + 5)
    deadline = bridge.messages[0].json()["deadline"]
    assert deadline <= began + 4000 - 500  # at least what the answer took is missing


def test_threads_share_what_was_learnt(bridge: ABridgeWithAClock) -> None:
    """A batch: ten sends side by side, three times; each is accepted, and the bridge is hardly asked for the time."""
    bridge.offset = -HOUR
    sending = Bridge(near())
    together = Barrier(10)

    def send(_: int) -> object:
        together.wait(10)
        return sending.send(door(bridge.url), LETTER, soon(20))

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(send, range(30))) == [Accepted("m-1")] * 30
    assert len(bridge.messages) == 30
    assert bridge.asked_for_time() <= 10
