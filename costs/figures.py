"""What is assumed where a template says nothing: each figure with its reason, and in docs/cost.md with both."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields


def _figure(value: float, why: str) -> float:
    return field(default=value, metadata={"why": why})


@dataclass(frozen=True)
class Figures:
    """Named figures. Whoever has measured a better one writes it here and runs `./dev cost`."""

    # A message.
    receives: float = _figure(1.1, "times that a permit is taken from its queue for each message sent: the goal")
    unbatched_calls: float = _figure(
        3.3, "calls of the queue for a message alone in its batch: send, receive, delete, 1.1 times each"
    )
    batched_calls: float = _figure(0.45, "the same where permits of campaigns come ten at a time: the goal")
    sending_seconds: float = _figure(1.0, "of the sender for each message: a platform's answer, a claim, a settlement")
    events: float = _figure(1.0, "that a platform tells for each message: an answer, a payment, somebody new")
    taking_seconds: float = _figure(0.05, "of the function that takes an event in")
    event_seconds: float = _figure(0.1, "of the function that does what an event says")
    recounts: float = _figure(0.05, "of a workspace's numbers for each message: many changes are counted at once")
    recount_seconds: float = _figure(1.0, "of a recount")
    egress_kb: float = _figure(4, "to the bridge and to AWS's own services for each message")
    zones_kb: float = _figure(40, "between functions, database and cache for each message; half of it changes zones")
    metric_lines: float = _figure(4, "of the log that count a message: queued, processed, its time, its delay")
    row_kb: float = _figure(6, "that stay in the database for each message: text, attempt, transitions, audit, indexes")
    ios: float = _figure(40, "writes and reads of Aurora's storage for each message, its event and its pages")
    acu_seconds: float = _figure(
        0.24, "of the database for each message: 60 ms of a processor; an ACU is a quarter of one"
    )
    acu_use: float = _figure(0.5, "of its capacity that Aurora lets be used before it grows")

    # People.
    people: float = _figure(5, "at their desks for each 10,000 messages a day: one message of five is typed")
    desk_hours: float = _figure(8, "that each has the inbox open")
    asks_an_hour: float = _figure(900, "for what is new: an open inbox asks every 4 seconds")
    pages: float = _figure(0.5, "requests for each message beside that: pages, approvals, campaigns")
    request_seconds: float = _figure(0.03, "of the pages' function for each request")
    response_kb: float = _figure(3, "of an answer: most say that nothing is new")
    access_log_kb: float = _figure(0.35, "in the gateway's log for each request")
    days: float = _figure(30.4, "in a month; people and messages come every day")

    # Standing still.
    schedule_seconds: float = _figure(0.15, "of a scheduled function that finds nothing to do")
    pollers: float = _figure(5, "with which Lambda listens to a queue")
    poll_seconds: float = _figure(20, "that each of them waits for a message")
    quiet_gauges: float = _figure(3, "metrics that are written with nothing to tell: what waits, and how long")
    log_kb: float = _figure(1.5, "in the log for each start of a function: Lambda's two lines and ours")
    metric_kb: float = _figure(0.3, "for each line that is a metric")
    log_compression: float = _figure(0.15, "of a log's size that is kept")
    refused_mb: float = _figure(75, "in the log of refused traffic: strangers try the one public address all the time")
    database_log_mb: float = _figure(50, "in PostgreSQL's own log")
    empty_gb: float = _figure(1, "of a database without messages, and of the bucket")
    idle_ios: float = _figure(20, "writes and reads of Aurora's storage in a minute, by schedules and by itself")
    secrets_kept_minutes: float = _figure(5, "that a process keeps a secret before it reads it again")
    secrets_each: float = _figure(2, "that a function reads: the database's and the cache's")
    busy_processes: float = _figure(10, "that run all through busy hours and read secrets again")
    keepalive_minutes: float = _figure(
        6,
        "until PostgreSQL hangs up on a frozen function (300 s and twice 30 s): connections prevent a pause",
    )
    waking_acu: float = _figure(1, "that a paused database has when it has woken up")
    waking_minutes: float = _figure(2, "to wake up and to do what all schedules want")
    busy_acu: float = _figure(1, "at least while people work: 0.5 ACU hold 1 GB, too little for 40 connections")
    months: float = _figure(12, "of messages that the database holds: a stage is priced at the end of its first year")
    alarm_mails: float = _figure(20, "that alarms send")


@dataclass(frozen=True)
class Explained:
    """A figure as people read it."""

    name: str
    value: float
    why: str


def explained() -> Iterator[Explained]:
    """Every figure in its order."""
    usual = Figures()
    for each in fields(Figures):
        yield Explained(each.name, getattr(usual, each.name), each.metadata["why"])
