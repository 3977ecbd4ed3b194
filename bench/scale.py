"""The tables of docs/scale.md: `python -m bench.scale` reckons, `--simulate` lets limits be met under a clock of ours.

Reckoned is from what `infra/functions.py` allows and what one message or one account costs. Simulated is with fewer
accounts beside the same part of what serves them, so that a limit is met in minutes: it says so in its command.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from bench.virtual.figures import Figures, figures_of
from bench.virtual.queue import CALL_SECONDS, MOST_IN_FLIGHT
from bench.virtual.redis import ROUND_TRIP_SECONDS
from bench.virtual.stores import TRANSACTION_SECONDS
from bench.virtual.world import (
    AT_MOST_CAMPAIGNS,
    CAMPAIGN_SECONDS,
    FLOW_SPARE_SECONDS,
    MINUTE,
    RELAY_SHARE,
    RELAY_SPARE_SECONDS,
    SPECS,
    Load,
    World,
)
from huntaze.analytics.counting import AT_MOST as MOST_WORKSPACES
from huntaze.delivery.model import HORIZON, Pace
from infra.functions import FUNCTIONS, Need

CREATORS = (10, 1_000, 100_000)
SHARES = (1.0, 0.1)  # of all creators, whose campaign is under way at the same moment

# Simulated with 1,000 accounts (docs/scale.md has the runs): what one message costs, and what one worker sends.
TRANSACTIONS, SCRIPTS = 2.2, 3.2
MESSAGES_A_WORKER = 9.4  # a second: a full batch takes as long as its slowest answer
# Of AWS: the default of an account, Aurora's own table for 4 ACU, and what is usual elsewhere (assumed, not measured).
LAMBDA_CONCURRENCY = 1_000
CONNECTIONS, MOST_OF_THEM = 823, 0.8
CORES = 1.0  # 4 ACU: 8 GiB, as much as comes with one core elsewhere
CORE_SECONDS_A_TRANSACTION = 0.0015
SCRIPTS_A_SECOND = 5_000  # a cache.t4g.micro that has spent its credits
COUNT_SECONDS = 1.0  # to count a workspace again
EVENTS_A_MESSAGE, EVENT_SECONDS = 1.5, 0.015  # "it was sent", and every second one is answered


@dataclass(frozen=True)
class Limit:
    """Something that there is only so much of."""

    name: str
    campaigns: float  # so many accounts whose campaigns are under way at once
    by: str  # how that was found
    lifted_by: str


def limits() -> list[Limit]:
    """All that were looked at, the narrowest first."""
    rate = 1 / Pace().spacing.total_seconds()  # messages a second of an account
    sender, flow, relay = SPECS["rate_limiter"], SPECS["flow"], SPECS["relay"]
    at_once = sum(spec.at_once or 0 for spec in FUNCTIONS)
    to_database = sum(spec.at_once or 0 for spec in FUNCTIONS if {Need.DATABASE, Need.DATABASE_ADMIN} & {*spec.needs})
    ahead = HORIZON // Pace().spacing
    waking = TRANSACTION_SECONDS + ahead * ROUND_TRIP_SECONDS + -(-ahead // 10) * CALL_SECONDS
    seen_to = CAMPAIGN_SECONDS + TRANSACTION_SECONDS + waking
    rounds = HORIZON.total_seconds() / MINUTE
    a_round = min((flow.timeout_s - FLOW_SPARE_SECONDS) / seen_to, AT_MOST_CAMPAIGNS)
    woken = (relay.timeout_s - RELAY_SPARE_SECONDS) * RELAY_SHARE / waking
    workers = sender.at_once or 1
    a_worker = MESSAGES_A_WORKER / rate
    free = CONNECTIONS * MOST_OF_THEM - to_database
    found = [
        Limit("senders at once", workers * a_worker, "simulated", "`at_once` of rate_limiter: 60 for 3,000"),
        Limit("the flow's minute", a_round * rounds, "reckoned, simulated", "the flow by queue, account by account"),
        Limit("waking all anew in 15 minutes", woken * rounds, "reckoned", "an account planned in one script"),
        Limit("events of platforms", 10 / EVENT_SECONDS / rate / EVENTS_A_MESSAGE, "reckoned", "`at_once` of webhooks"),
        Limit("Aurora, 4 ACU", CORES / CORE_SECONDS_A_TRANSACTION / TRANSACTIONS / rate, "reckoned", "max_acu"),
        Limit("Redis", SCRIPTS_A_SECOND / SCRIPTS / rate, "reckoned", "a larger node, then a cluster: keys are ready"),
        Limit(
            "database connections, 80 %", (workers + free) * a_worker, "reckoned", "max_acu; min_acu of 1 beyond 2,000"
        ),
        Limit("Lambda's 1,000 at once", (workers + LAMBDA_CONCURRENCY - at_once) * a_worker, "reckoned", "a quota"),
        Limit("messages in flight in SQS", MOST_IN_FLIGHT / 10 * a_worker, "reckoned", "more queues"),
    ]
    return sorted(found, key=lambda limit: limit.campaigns)


def reckoned() -> Iterator[str]:
    """The first table, line by line."""
    yield "| what there is only so much of | campaigns at once | found by | " + " | ".join(_heads()) + " | lifted by |"
    yield "|---|---:|---|" + "---:|" * len(_heads()) + "---|"
    for limit in limits():
        used = [f"{creators * share / limit.campaigns:.0%}" for creators in CREATORS for share in SHARES]
        yield f"| {limit.name} | {limit.campaigns:,.0f} | {limit.by} | {' | '.join(used)} | {limit.lifted_by} |"


def numbers() -> str:
    """What does not go by campaigns: workspaces in which something changed are counted again."""
    workers = SPECS["analytics"].at_once or 1
    a_minute = min(workers * MINUTE / COUNT_SECONDS, MOST_WORKSPACES)
    ages = ", ".join(f"{creators:,} after {creators / a_minute:,.1f} minutes" for creators in CREATORS)
    return f"Numbers: {a_minute:.0f} workspaces a minute are counted again, so each of {ages}."


def _heads() -> list[str]:
    return [f"{creators:,}, {share:.0%}" for creators in CREATORS for share in SHARES]


MET = {
    "senders: 50 accounts each": Load(accounts=200, at_once=4, minutes=5),
    "senders: 60 accounts each": Load(accounts=240, at_once=4, minutes=5),
    "senders: 70 accounts each": Load(accounts=280, at_once=4, minutes=5),
    "lifted: 47 accounts each": Load(accounts=280, at_once=6, minutes=5),
    "flow, a fiftieth: 30 campaigns": Load(
        accounts=30, at_once=2, minutes=35, campaign=1000, again=False, flow_share=0.02
    ),
    "flow, a fiftieth: 40 campaigns": Load(
        accounts=40, at_once=2, minutes=35, campaign=1000, again=False, flow_share=0.02
    ),
    "flow, a fiftieth: 60 campaigns": Load(
        accounts=60, at_once=2, minutes=35, campaign=1000, again=False, flow_share=0.02
    ),
    "lifted: 60, two fiftieths": Load(accounts=60, at_once=2, minutes=35, campaign=1000, again=False, flow_share=0.04),
}


def simulated() -> Iterator[str]:
    """The second table."""
    yield "| met | rate used | late, median and p99 | a reply, median and p99 | receives | calls |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, load in MET.items():
        yield told(name, figures_of(World(load).run()))


def told(name: str, found: Figures) -> str:
    """One line of it."""
    late = f"{found.late_median:.1f} and {found.late_p99:.1f} s"
    reply = f"{found.reply_median:.1f} and {found.reply_p99:.1f} s"
    return f"| {name} | {found.use:.1%} | {late} | {reply} | {found.receives:.3f} | {found.calls:.2f} |"


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--simulate", action="store_true")
    lines = [*reckoned(), "", numbers()] if not parser.parse_args().simulate else simulated()
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
