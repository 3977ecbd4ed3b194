"""Every fault that the tests of sending cause, and the alarms that must tell of it: or why none must.

The list is held complete by `test_alarms.py`: faults are found where they are declared, never remembered.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.simulator.faults import KINDS
from tests.support.queue_stand_in import STATUS

TESTS = Path(__file__).parent.parent.parent
# A test of which fault is asked for with one of these.
TROUBLE = {"trouble", "person"}


@dataclass(frozen=True)
class Fires:
    """This run shows it, and these go off; no other does."""

    run: str
    alarms: frozenset[str] = frozenset()
    by_chance: frozenset[str] = frozenset()  # this may too: whether a look meets one of many short doubts

    @classmethod
    def of(cls, run: str, *alarms: str, by_chance: frozenset[str] = frozenset()) -> "Fires":
        return cls(run, frozenset(alarms), by_chance)


@dataclass(frozen=True)
class Quiet:
    """None must, and why."""

    why: str
    run: str = "once"


DOUBTS = frozenset({"messages-unknown"})
ONCE = Quiet("once is normal: it is tried again, looked up or held, and the next minute is a good one")
# What a platform does to every account, for a quarter of an hour.
STORMS: Mapping[str, Fires] = {
    # Too slow is refused by its deadline, and its account rests.
    "slow": Fires.of("storm", "accounts-away", by_chance=DOUBTS),
    "slow-reply": Fires.of("storm", "accounts-away", by_chance=DOUBTS),
    "refuse": Fires.of("storm", "messages-failing"),
    "forbid": Fires.of("storm", "accounts-away"),
    "429": Fires.of("storm", "accounts-away"),
    "5xx": Fires.of("storm", "accounts-away", "messages-unknown"),  # nor can it be asked what arrived
    "drop-reply": Fires.of("storm", "accounts-away", by_chance=DOUBTS),
    "drop-request": Fires.of("storm", "accounts-away", by_chance=DOUBTS),
    "expire-login": Fires.of("storm", "accounts-away"),
}
NO_REDIS = Fires.of("redis-away", "sending-stalled", "outbox-age")
NO_QUEUE = Fires.of("queue-away", "api-errors", "outbox-age")
NO_DATABASE = Fires.of(
    "database-away",
    *("api-errors", "nothing-measured", "sending-stalled"),
    *("flow-failing", "relay-failing", "upkeep-failing"),
)
POISON = Fires.of("poison", "dead-letters")
KILLED = Quiet("one worker less for a moment: its lease runs out, and another asks what became of it", "killed")
DOUBLED = Quiet("a person asks once more, or the queue has it twice: a permit that finds nothing dies")
PLANTED = Quiet("a bug that is planted for seconds is no fault of a running system: tests catch it")
# No test of sending causes these, and they are faults all the same.
MORE: Mapping[str, Fires] = {
    "database away": NO_DATABASE,
    "nobody serves": Fires.of("nobody-serves", "permits-waiting", "permits-old", "outbox-age"),
    "much poison": Fires.of("much-poison", "dead-letters", "many-dead-letters"),
}
CURED = Quiet("PostgreSQL has the last word: what Redis forgot delays, and nothing goes wrong", "redis-forgets")

FAULTS: Mapping[str, Fires | Quiet] = {
    **{f"platform, once: {kind}": ONCE for kind in KINDS},
    **{f"platform, all: {kind}": STORMS[kind] for kind in KINDS},
    **{f"queue says {code}": NO_QUEUE for code in STATUS},
    "test_account_troubles.test_a_login_that_expires_holds_all_and_loses_none": STORMS["expire-login"],
    "test_account_troubles.test_a_storm_of_429_fails_none_and_is_obeyed": STORMS["429"],
    "test_account_troubles.test_one_good_answer_does_not_end_the_wait_that_the_platform_asked_for": ONCE,
    "test_account_troubles.test_an_account_that_fails_rests_and_recovers": STORMS["5xx"],
    "test_account_troubles.test_a_bridge_that_is_down_costs_no_message": Fires.of("bridge-down", "accounts-away"),
    "test_account_troubles.test_where_nobody_can_tell_it_stays_unknown_and_stops_nobody": Fires.of(
        "no-look-up", "messages-unknown"
    ),
    "test_account_troubles.test_a_worker_that_was_frozen_never_sends_late": KILLED,
    "test_account_troubles.test_a_clock_that_is_wrong_changes_nothing": Quiet(
        "times are the database's, so nothing is late and nothing is lost"
    ),
    "test_account_troubles.test_poison_goes_to_the_dead_letters_and_its_message_says_why": POISON,
    "test_crash_points.test_a_worker_dies": KILLED,
    "test_campaigns.test_a_campaign_ends_through_kills_pauses_and_resumes": KILLED,
    "test_campaigns.test_a_login_that_expires_in_mid_campaign_makes_it_wait_and_costs_nobody_anything": STORMS[
        "expire-login"
    ],
    "test_queue_away.test_a_queue_that_says_no": NO_QUEUE,
    "test_queue_away.test_a_queue_that_cannot_be_reached": NO_QUEUE,
    "test_queue_away.test_after_five_failures_the_queue_is_left_alone_for_a_minute": NO_QUEUE,
    "test_queue_away.test_answers_that_are_lost_double_nothing": DOUBLED,
    "test_queue_away.test_the_same_request_sends_the_very_message_that_could_not_be_queued": DOUBLED,
    "test_queue_away.test_who_dies_between_the_commit_and_the_queue_leaves_a_message_that_the_relay_wakes": Quiet(
        "the relay makes the permit in the next minute"
    ),
    "test_planted.test_a_judgement_catches": PLANTED,
    "test_planted.test_without_a_bug_it_complains_of_nothing": ONCE,
    "test_planted.test_a_step_that_is_not_written_is_missed": PLANTED,
    "test_planted.test_a_text_in_the_log_is_found": PLANTED,
    "test_planted.test_permits_that_meet_again_are_caught": PLANTED,
    "test_redis_away.test_nothing_leaves_without_redis": NO_REDIS,
    "test_redis_away.test_a_redis_that_forgets_lets_none_too_many_through": CURED,
}


def every_fault() -> Iterator[str]:
    """What goes wrong anywhere: kinds of the platform, codes of the queue, and every test that makes trouble."""
    for kind in KINDS:
        yield from (f"platform, once: {kind}", f"platform, all: {kind}")
    yield from (f"queue says {code}" for code in STATUS)
    for path in TESTS.rglob("test_*.py"):
        source = path.read_text()
        if "TroubledOffice" in source:
            yield from (f"{path.stem}.{name}" for name in _asking_for_trouble(source))


def _asking_for_trouble(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if is_test and TROUBLE & {argument.arg for argument in node.args.args}:
            yield node.name
