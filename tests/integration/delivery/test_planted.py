"""Each bug that can be planted is caught by name, and what catches it finds nothing where nothing is planted."""

import re
from datetime import timedelta

import pytest

from chaos.planted import BUGS, planted
from huntaze.clock import SystemClock
from huntaze.delivery.model import Pace, Sender
from huntaze.delivery.permits import Permit
from tests.integration.delivery.test_claims import (
    test_many_at_once_claim_each_message_once_and_never_more_than_the_pace as many_at_once,
)
from tests.support import scenes
from tests.support.judgements import complaints
from tests.support.real_send_path import PostgresGround
from tests.support.scenes import played
from tests.support.send_path_contracts import AttemptsContract, ClaimsContract
from tests.support.troubled_office import TroubledOffice
from tests.support.worker_process import IMPATIENT, Times

# What is planted, the scene that brings it out, and what is then complained of: the number is that of the judgement.
SENT_AGAIN = "2: .* had been accepted, and was sent"
CAUGHT_BY_A_JUDGEMENT = (
    (
        "record_after_send",
        scenes.a_worker_dies_after_the_answer,
        (SENT_AGAIN, "5: .* arrived 2 times"),
    ),
    ("lapsed_goes_back", scenes.a_worker_dies_after_the_answer, (SENT_AGAIN,)),
    ("resend_on_timeout", scenes.an_answer_is_lost, (SENT_AGAIN, "7: .* was cut off, and nobody was in doubt")),
    ("reference_by_attempt", scenes.an_answer_is_lost, ("2: said 2 times",)),
    ("doubt_forgotten", scenes.an_answer_is_lost, ("7: .* is still in doubt",)),
    ("token_back_without_an_answer", scenes.a_whole_burst_is_lost, ("3: .* instead of 4 within 2 s",)),
    ("window_by_dispatch", scenes.the_way_is_long, ("3: .* instead of 4 within 2 s",)),
    ("bucket_born_full", scenes.redis_is_emptied, ("3: .* instead of 4 within 2 s",)),
    ("sends_past_its_deadline", scenes.a_worker_is_frozen, (SENT_AGAIN,)),
    ("relay_off", scenes.permits_are_lost, ("1: .* has come to no end: queued", "6: still there: {'queued': 2}")),
    ("overtakes_in_doubt", scenes.a_request_is_lost, ("2: out of order",)),
    ("claims_not_counted", scenes.all_is_well, ("5: .* counts 0 claims",)),
    ("refusals_not_counted", scenes.one_is_refused, ("5: .* 0 refusals, and had 2 and 1",)),
    ("duplicates_breed", scenes.permits_come_twice, ("6: nothing waits, and 1 permits",)),
)
SCENES = tuple(dict.fromkeys(scene for _, scene, _ in CAUGHT_BY_A_JUDGEMENT))
STEPS_UNWRITTEN = "messages_5_transition_on_update"


@pytest.fixture
def times() -> Times:
    return IMPATIENT


def named(value: object) -> str | None:
    """A case by its bug and its scene."""
    return value if isinstance(value, str) else getattr(value, "__name__", "")


@pytest.mark.parametrize(("bug", "scene", "expected"), CAUGHT_BY_A_JUDGEMENT, ids=named)
def test_a_judgement_catches(trouble: TroubledOffice, bug: str, scene: scenes.Scene, expected: tuple[str, ...]) -> None:
    found = played(scene, trouble, bug)
    for pattern in expected:
        assert any(re.match(pattern, complaint) for complaint in found), found or trouble.describe()


@pytest.mark.parametrize("scene", SCENES, ids=named)
def test_without_a_bug_it_complains_of_nothing(trouble: TroubledOffice, scene: scenes.Scene) -> None:
    assert played(scene, trouble) == [], trouble.describe()


def test_a_step_that_is_not_written_is_missed(trouble: TroubledOffice) -> None:
    scenes.a_table_forgets(trouble, STEPS_UNWRITTEN)
    scenes.live(trouble, lambda: trouble.ended)
    assert any(complaint.startswith("4: ") for complaint in complaints(trouble.seen()))


def test_a_text_in_the_log_is_found(trouble: TroubledOffice) -> None:
    played(scenes.all_is_well, trouble, "text_in_the_log")
    assert any("KANARI-TEXT" in leak for leak in trouble.leaks())
    (trouble.folder / "ours.log").write_text("")  # or it would be found again at the end of this test


@pytest.mark.parametrize("bug", ["claim_without_account_lock", "lock_released_before_commit"])
def test_many_who_claim_at_once_catch(ground: PostgresGround, bug: str) -> None:
    with planted(bug), pytest.raises(AssertionError):
        many_at_once(ground)


@pytest.mark.parametrize(
    ("bug", "contract", "promise"),
    [
        ("settle_without_guard", AttemptsContract, "test_an_answer_after_another_claim_changes_nothing_of_the_message"),
        # The table itself has no room for two lines of one conversation on their way.
        ("overtakes_on_its_way", ClaimsContract, "test_the_next_line_to_a_fan_waits_for_the_one_on_its_way"),
    ],
)
def test_a_contract_of_the_stores_catches(ground: PostgresGround, bug: str, contract: type, promise: str) -> None:
    def keep() -> None:
        suite = contract()
        suite.ground, suite.account = ground, ground.new_account(Pace(10, 60))
        getattr(suite, promise)()

    with planted(bug), pytest.raises(Exception, match=r"assert|messages_one_sending|unique"):
        keep()


def test_permits_that_meet_again_are_caught(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=10, seconds=60)
    sender = Sender(creator.workspace_id, creator.account_id, "onlyfans", Pace(10, 60))
    messages = trouble.send_many(creator, 10)
    now = SystemClock().now()
    words = ("somebody", "onlyfans", 5, now.isoformat())
    permits = [Permit(sender.workspace_id, sender.id, message_id, now, *words) for message_id in messages]

    def waits() -> list[timedelta]:
        """When ten who were refused at the same moment come again."""
        with trouble.parts.in_workspace_as_machine(creator.workspace_id) as stores:
            planner = trouble.parts.planner
            return [
                planned.wait
                for permit in permits
                for planned in planner.plan_again(stores.outbox, sender, permit, timedelta(seconds=1))
            ]

    assert len({wait // timedelta(seconds=1) for wait in waits()}) == 10, "each has a slot of its own"
    with planted("refused_to_the_next_token"):
        assert len({wait // timedelta(seconds=1) for wait in waits()}) == 1, "all meet at the next token"


def test_every_bug_has_somebody_who_catches_it() -> None:
    by_others = {
        "text_in_the_log",
        "claim_without_account_lock",
        "lock_released_before_commit",
        "settle_without_guard",
        "overtakes_on_its_way",
        "refused_to_the_next_token",
    }
    elsewhere = {
        "campaign_chunk_without_its_place",
        "import_chunk_without_its_place",
        "sums_added_up",
        "approval_not_compared",
    }
    assert {bug for bug, _, _ in CAUGHT_BY_A_JUDGEMENT} | by_others | elsewhere == set(BUGS)
