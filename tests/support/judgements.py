"""The seven judgements: the platform's own log, held against what the database says. Nothing here knows how it is sent.

Each is a list of complaints in words, empty where all is well. The number of each is that of docs: delivery.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.judge import (
    Line,
    Thread,
    accepted_twice,
    out_of_order,
    said_twice,
    sent_again,
    uncertain,
    windows_over,
)

ENDS = frozenset({"sent", "failed", "cancelled", "unknown"})

MESSAGES = """
SELECT id::text, status, claims, attempts, attempt_id::text, last_error FROM messages
WHERE direction = 'out' AND NOT sent_elsewhere
"""
STEPS = "SELECT message_id::text, from_status, to_status, reason FROM message_transitions ORDER BY message_id, id"
ATTEMPTS = """
SELECT message_id::text, count(*), count(*) FILTER (WHERE outcome = 'refused'), count(*) FILTER (WHERE outcome IS NULL)
FROM delivery_attempts GROUP BY message_id
"""
LEFT = "SELECT count(*) FROM outbox WHERE kind = 'permit' AND expires_at > clock_timestamp()"


@dataclass(frozen=True)
class Run:
    """What was let out, and under which circumstances."""

    ask: Callable[[str], Sequence[tuple[Any, ...]]]  # the database, all workspaces
    approved: Mapping[Thread, Sequence[str]]  # the client references of each thread, in the order of their approval
    paces: Mapping[str, tuple[int, float]]  # of each account: so many in so many seconds
    sends: Sequence[Line]
    attempts: Sequence[Line]
    look_up: bool = True  # whether the platform can be asked what became of a message
    most_lapses: int = 0  # so many claims may have been left behind by those who were killed
    most_late: int = 0  # so many may have heard too late what became of theirs: they stood still, or it was held up
    blind: Collection[str] = frozenset()  # messages of accounts whose platform cannot be asked, among others that can
    cut: Collection[str] = frozenset()  # messages whose sender was cut off from the platform, which may not know of it


def complaints(run: Run) -> list[str]:
    """Everything that is not as it must be."""
    messages = {row[0]: row for row in run.ask(MESSAGES)}
    steps: dict[str, list[tuple[str | None, str, str | None]]] = {}
    for message_id, *step in run.ask(STEPS):
        steps.setdefault(message_id, []).append((step[0], step[1], step[2]))
    return [
        *_one_end_each(run, messages),
        *_once_and_in_order(run, messages),
        *_within_the_pace(run),
        *_every_step_written(messages, steps),
        *_counters_are_right(run, messages),
        *_all_has_drained(run, messages),
        *_doubts_have_reasons(run, messages, steps),
    ]


def _one_end_each(run: Run, messages: Mapping[str, Any]) -> Iterator[str]:
    wanted = Counter(reference for thread in run.approved.values() for reference in thread)
    for reference in wanted - Counter(list(messages)):
        yield f"1: {reference} was approved and is missing"
    for message_id, row in messages.items():
        if row[1] not in ENDS:
            yield f"1: {message_id} has come to no end: {row[1]} ({row[5]})"


def _once_and_in_order(run: Run, messages: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"2: accepted {count} times: {what}" for what, count in accepted_twice(run.sends).items())
    yield from (f"2: said {count} times: {what[:2]}" for what, count in said_twice(run.sends).items())
    yield from (f"2: out of order: {thread}" for thread in out_of_order(run.sends, run.approved))
    for reference, count in sent_again(run.attempts, run.sends).items():
        yield f"2: {reference} had been accepted, and was sent {count} times more"
    arrived = {str(line["clientReference"]) for line in run.sends}
    for message_id, row in messages.items():
        if row[1] == "sent" and message_id not in arrived:
            yield f"2: {message_id} is called sent, and never arrived"
        if row[1] not in {"sent", "unknown"} and message_id in arrived:
            yield f"2: {message_id} arrived, and is called {row[1]} ({row[5]})"


def _within_the_pace(run: Run) -> Iterator[str]:
    for account, (limit, seconds) in run.paces.items():
        of_account = [line for line in run.attempts if line["account"] == account]
        for _, begin, count in windows_over(of_account, limit, seconds):
            yield f"3: {count} instead of {limit} within {seconds} s of {begin:.3f} through {account}"


def _every_step_written(messages: Mapping[str, Any], steps: Mapping[str, Any]) -> Iterator[str]:
    for message_id, row in messages.items():
        way = steps.get(message_id, [])
        begins = [None, *(step[1] for step in way)]
        if [step[0] for step in way] != begins[:-1] or begins[-1] != row[1]:
            yield f"4: {message_id} is {row[1]} and went {way}"


def _counters_are_right(run: Run, messages: Mapping[str, Any]) -> Iterator[str]:
    counted = {row[0]: row[1:] for row in run.ask(ATTEMPTS)}
    arrived = Counter(str(line["clientReference"]) for line in run.attempts)
    for message_id, row in messages.items():
        claims, refused, open_ = counted.get(message_id, (0, 0, 0))
        if (row[2], row[3]) != (claims, refused):
            yield f"5: {message_id} counts {row[2]} claims and {row[3]} refusals, and had {claims} and {refused}"
        if arrived[message_id] > claims:
            yield f"5: {message_id} arrived {arrived[message_id]} times and was claimed {claims} times"
        if open_:
            yield f"5: {message_id} has {open_} attempts without an end"


def _all_has_drained(run: Run, messages: Mapping[str, Any]) -> Iterator[str]:
    waiting = Counter(row[1] for row in messages.values() if row[1] in {"queued", "sending"})
    [(permits,)] = run.ask(LEFT)
    if waiting:
        yield f"6: still there: {dict(waiting)}"
    elif permits:
        yield f"6: nothing waits, and {permits} permits count as being on their way"


def _doubts_have_reasons(run: Run, messages: Mapping[str, Any], steps: Mapping[str, Any]) -> Iterator[str]:
    cut, lapsed, unexplained = uncertain(run.attempts), 0, list[str]()
    explained = cut | set(run.cut)
    for message_id, way in steps.items():
        reasons = [step[2] for step in way if step[1] == "unknown"]
        lapsed += reasons.count("sender_ended")
        if any(reason != "sender_ended" for reason in reasons) and message_id not in explained:
            unexplained.append(f"7: {message_id} was in doubt without a cut: {reasons}")
        if message_id in cut and not reasons:
            yield f"7: {message_id} was cut off, and nobody was in doubt"
    if len(unexplained) > run.most_late:
        yield from unexplained
    if lapsed > run.most_lapses:
        yield f"7: {lapsed} claims were left behind, by at most {run.most_lapses}"
    for message_id, row in messages.items():
        if row[1] == "unknown" and run.look_up and message_id not in run.blind:
            yield f"7: {message_id} is still in doubt"
