"""What a run says: from the platform's log, the queue's own counts, and the moments at which people asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.virtual.time import SECOND
from bench.virtual.world import MINUTE, World
from tests.support.judge import most_in_any_window

SETTLED_AFTER = 2 * MINUTE  # first everybody launches at once, which is nobody's usual minute


@dataclass(frozen=True)
class Figures:
    """One run in numbers."""

    sent: int
    fullest_window: int
    use: float  # of the rate that is allowed, while campaigns wait; 0 to 1
    receives: float  # of the queue's messages, for each that was sent
    calls: float  # to the queue, for each that was sent
    batch: float  # messages in a receive that was not empty
    replies: int
    reply_median: float
    reply_p99: float
    late_median: float  # from a permit's slot to its claim
    late_p99: float
    unanswered: int  # replies that were not there when the run ended, ten seconds after they were approved or later
    dead_letters: int
    round_trips: float  # to Redis, for each that was sent
    most_due: int
    longest_round: float
    transactions: float  # for each that was sent
    silent: float  # seconds that one account sent nothing after its permits were lost, or Redis back, at the longest


def figures_of(world: World) -> Figures:
    """All of them."""
    record, queue = world.record, world.queue
    sent = max(record.sent, 1)
    latencies = sorted(latency for approved, latency in record.answered if approved >= MINUTE)
    late = sorted(delay for at, delay in record.slot_delays if at >= MINUTE)
    end = world.load.minutes * MINUTE
    calls = sum(queue.counts[each] for each in ("sends", "receives", "deletes"))
    return Figures(
        sent=record.sent,
        fullest_window=max(most_in_any_window(_lines(world), world.load.pace.seconds * SECOND).values(), default=0),
        use=_use(world),
        receives=queue.counts["received"] / sent,
        calls=calls / sent,
        batch=queue.counts["received"] / max(queue.counts["receives"], 1),
        replies=len(latencies),
        reply_median=share_of(latencies, 0.5),
        reply_p99=share_of(latencies, 0.99),
        late_median=share_of(late, 0.5),
        late_p99=share_of(late, 0.99),
        unanswered=sum(approved < end - 10 for approved in record.replies.values()),
        dead_letters=len(queue.dead),
        round_trips=world.redis.counts["round trips"] / sent,
        most_due=queue.most_due,
        longest_round=max((took for _, took, _ in record.rounds), default=0),
        transactions=world.ground.transactions_begun / sent,
        silent=_silent(world),
    )


def share_of(ordered: Sequence[float], share: float) -> float:
    """The value below which this share lies; 0 where there is none."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _lines(world: World) -> Iterator[dict[str, Any]]:
    """As the simulated platform writes them down, in whole microseconds."""
    for account_id, arrivals in world.record.arrivals.items():
        for at in arrivals:
            yield {"account": str(account_id), "at": round(at * SECOND)}


def _use(world: World) -> float:
    """What arrived of what was allowed to, wherever a campaign waited."""
    arrived, allowed = 0, 0.0
    for account_id, backlog in world.record.backlog.items():
        spans = [(max(begin, SETTLED_AFTER), end) for begin, end in backlog if end > SETTLED_AFTER]
        arrived += sum(any(begin < at <= end for begin, end in spans) for at in world.record.arrivals[account_id])
        allowed += sum(end - begin for begin, end in spans) * world.load.pace.messages / world.load.pace.seconds
    return arrived / allowed if allowed else 0.0


def _silent(world: World) -> float:
    lost, away = world.load.lose_permits_at, world.load.redis_away
    if away:
        since, settled = away[1] * MINUTE, 0.0
    elif lost is not None:
        since, settled = lost * MINUTE, 5.0
    else:
        return 0.0
    end = world.load.minutes * MINUTE
    first = (min((at for at in found if at > since + settled), default=end) for found in world.record.arrivals.values())
    return max(first) - since
