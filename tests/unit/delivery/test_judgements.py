"""The judge of fault tests sees each wrong by itself: a judge that finds nothing must be one that could have."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.judgements import ATTEMPTS, LEFT, MESSAGES, STEPS, Run, complaints

ACCOUNT, FAN = "account", "fan"


class Story:
    """Two messages of a thread that went well, until somebody tells it otherwise."""

    def __init__(self) -> None:
        self.messages = [["m1", "sent", 1, 0, "a1", None], ["m2", "sent", 1, 0, "a2", None]]
        way = [(None, "queued"), ("queued", "sending"), ("sending", "sent")]
        self.steps: list[tuple[Any, ...]] = [(name, *step, None) for name in ("m1", "m2") for step in way]
        self.claims: list[tuple[Any, ...]] = [("m1", 1, 0, 0), ("m2", 1, 0, 0)]
        self.permits = 0
        self.sends = [self.line("m1", 1.0), self.line("m2", 2.0)]
        self.attempts = [{**line, "status": 201} for line in self.sends]

    def line(self, reference: str, at: float) -> dict[str, Any]:
        return {"account": ACCOUNT, "recipient": FAN, "clientReference": reference, "text": reference, "at": at}

    def judged(self) -> set[str]:
        """The numbers of the judgements that were not kept."""
        answers: dict[str, Any] = {
            MESSAGES: self.messages,
            STEPS: self.steps,
            ATTEMPTS: self.claims,
            LEFT: [(self.permits,)],
        }
        approved, paces = {(ACCOUNT, FAN): ["m1", "m2"]}, {ACCOUNT: (2, 60.0)}
        run = Run(lambda query: answers[query], approved, paces, self.sends, self.attempts)
        return {complaint[0] for complaint in complaints(run)}

    def doubt(self, reason: str) -> None:
        """The second came into doubt on its way, and out of it again."""
        self.steps[5:] = [("m2", "sending", "unknown", reason), ("m2", "unknown", "sent", None)]


def missing(story: Story) -> None:
    del story.messages[1], story.steps[3:], story.claims[1], story.sends[1]


def never_arrived(story: Story) -> None:
    del story.sends[1]


def accepted_twice(story: Story) -> None:
    story.sends.append(story.line("m2", 3.0))


def changed_places(story: Story) -> None:
    story.sends[0]["at"] = 2.5


def too_fast(story: Story) -> None:
    story.attempts.append({**story.line("m1", 3.0), "status": 200})


def a_step_unwritten(story: Story) -> None:
    del story.steps[1]


def a_claim_uncounted(story: Story) -> None:
    story.claims[0] = ("m1", 2, 0, 0)


def permits_left(story: Story) -> None:
    story.permits = 1


def doubt_without_a_cut(story: Story) -> None:
    story.doubt("no_answer")


def sent_again(story: Story) -> None:
    story.attempts.append({**story.line("m2", 3.0), "status": 200})


def sent_unclaimed(story: Story) -> None:
    story.attempts.insert(0, {**story.line("m2", 0.5), "status": 429})


def cut_without_a_doubt(story: Story) -> None:
    story.attempts[1]["status"] = None


def a_worker_died_whom_nobody_killed(story: Story) -> None:
    story.doubt("sender_ended")


def test_what_went_well_is_not_complained_of() -> None:
    assert Story().judged() == set()


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        (missing, "1"),
        (never_arrived, "2"),
        (accepted_twice, "2"),
        (changed_places, "2"),
        (too_fast, "3"),
        (a_step_unwritten, "4"),
        (a_claim_uncounted, "5"),
        (permits_left, "6"),
        (sent_again, "2"),
        (sent_unclaimed, "5"),
        (cut_without_a_doubt, "7"),
        (doubt_without_a_cut, "7"),
        (a_worker_died_whom_nobody_killed, "7"),
    ],
)
def test_each_wrong_is_seen(wrong: Callable[[Story], None], number: str) -> None:
    story = Story()
    wrong(story)
    assert number in story.judged()


def test_a_cut_is_a_reason_for_doubt() -> None:
    story = Story()
    story.doubt("no_answer")
    story.attempts[1]["status"] = None
    assert story.judged() == set()
