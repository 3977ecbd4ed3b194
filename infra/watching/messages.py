"""Alarms of messages: they fail, nobody knows of them, or they do not get away."""

from huntaze.measures import Count, Gauge
from infra.constructs.alarms import Alarms, Severity
from infra.constructs.metrics import GAUGE_MINUTES, failure_rate, gauge, our_metric, share_away
from infra.stage import Stage

OLDEST_OVERDUE_PERMIT = 5 * 60  # seconds
MOST_FAILING, MOST_AWAY = 5, 50  # of a hundred
# Minutes. A worker that dies puts its permits back within three; what lasts longer is no accident.
STALLED_MINUTES = 5
LOOKS = 3  # in 15 minutes


def watch_messages(alarms: Alarms, stage: Stage) -> None:
    """What the functions write down about sending. Where schedules rest nobody misses the figures that they take."""
    if stage.alarms_compute:
        _watch_shares(alarms, stage.name)
    _watch_doubts(alarms, stage.name)
    _watch_sending(alarms, stage.name)
    if not stage.rests:
        _watch_figures(alarms, stage.name)


def _watch_shares(alarms: Alarms, stage: str) -> None:
    alarms.add(
        "messages-failing",
        Severity.WARNING,
        failure_rate(stage),
        above=MOST_FAILING,
        advice="More than 5 of a hundred messages fail. GET /api/onlyfans/messages/failed tells why; pause the"
        " account if it is one account's, and retry when the cause is mended.",
    )
    alarms.add(
        "accounts-away",
        Severity.WARNING,
        share_away(stage),
        above=MOST_AWAY,
        periods=LOOKS,
        advice="More than half of all accounts have something to send and may not, for 15 minutes. See at /operations"
        " whether their platform turns them away, their bridge is down, or their logins have ended.",
    )


def _watch_doubts(alarms: Alarms, stage: str) -> None:
    alarms.add(
        "messages-unknown",
        Severity.WARNING,
        gauge(stage, Gauge.UNKNOWN),
        above=0,
        periods=LOOKS,
        advice="Nobody knows of some messages for 15 minutes whether they arrived. Look at the platform, then"
        " decide each with POST /api/onlyfans/messages/{id}/resolution.",
    )


def _watch_sending(alarms: Alarms, stage: str) -> None:
    alarms.add(
        "outbox-age",
        Severity.CRITICAL,
        gauge(stage, Gauge.OUTBOX_AGE),
        above=OLDEST_OVERDUE_PERMIT,
        advice="A permit should have fired five minutes ago. See whether the relay and the rate limiter run and"
        " reach the queue, and whether RATE_LIMITER_ENABLED=false holds them on purpose.",
    )
    alarms.add(
        "sending-stalled",
        Severity.CRITICAL,
        our_metric(stage, Count.STALLED, "Sum", minutes=1),
        above=0,
        periods=STALLED_MINUTES,
        advice="Nothing leaves for five minutes, because the rate limiter does not reach the cache or the database."
        " See which of the two is away at /operations; sending goes on by itself when it is back.",
    )


def _watch_figures(alarms: Alarms, stage: str) -> None:
    alarms.expect(
        "nothing-measured",
        Severity.CRITICAL,
        gauge(stage, Gauge.OUTBOX_AGE),
        periods=LOOKS,
        advice=f"Nobody has looked for {LOOKS * GAUGE_MINUTES} minutes at what waits, so other alarms are blind. See"
        " whether huntaze-upkeep is started and reaches the database.",
    )
