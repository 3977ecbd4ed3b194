"""Thousands of accounts under a clock of their own; decision 36 says what of that is real."""

import argparse
import json
import logging
from dataclasses import asdict, fields, replace
from typing import Any

from bench.report import Row
from bench.virtual.figures import Figures, figures_of
from bench.virtual.world import Load, World

LOADS = (
    Load(accounts=1000),
    Load(accounts=3000, at_once=60),
    Load(accounts=300, campaign=1000, again=False),
)
REDIS_AWAY = Load(accounts=1000, minutes=11, redis_away=(3, 8))
BACK_WITHIN = 30  # seconds
UNHEARD = logging.NullHandler()
SHORTEST_MINUTES = 3.5
BUSY = 1000  # accounts


def measure(scale: float = 1) -> list[Row]:
    """Campaigns of 100 messages one after another, and replies behind campaigns of 1,000."""
    loads = [_scaled(load, scale) for load in LOADS]
    rows = [row for load in loads for row in _rows(load, _run(load), is_whole=scale == 1)]
    return [*rows, *_rows_of_the_outage(scale)]


def _run(load: Load) -> Figures:
    """What it comes to; what the relay logs while Redis is away is no figure."""
    logging.getLogger().addHandler(UNHEARD)
    return figures_of(World(load).run())


def _scaled(load: Load, scale: float) -> Load:
    """Fewer accounts and workers side by side; less than that says nothing about a minute's pace."""
    if scale == 1:
        return load
    smaller = {"accounts": max(int(load.accounts * scale), 10), "at_once": max(round(load.at_once * scale), 1)}
    return Load(**{**_words(load), **smaller, "minutes": max(load.minutes * scale, SHORTEST_MINUTES)})


def _rows_of_the_outage(scale: float) -> list[Row]:
    """Five minutes without Redis, whatever the scale: permits go round, and must neither die nor come too late."""
    load = replace(REDIS_AWAY, accounts=max(int(REDIS_AWAY.accounts * scale), 10))
    found = _run(load)
    return [
        Row("Redis away for 5 minutes: arrivals in the fullest window", found.fullest_window, None, "messages", 10),
        Row("Redis away for 5 minutes: dead letters", found.dead_letters, None, "messages", 0),
        Row("Redis away for 5 minutes: the last to send again", found.silent, None, "s", BACK_WITHIN),
    ]


def _rows(load: Load, found: Figures, *, is_whole: bool) -> list[Row]:
    """A few accounts for a few minutes have a few replies, and permits for the quarter of an hour behind them.

    How many calls a message takes is promised for a thousand accounts: where there are fewer, senders are idle.
    """
    name, most_calls = f"{load.accounts:,} accounts", 45 if is_whole and load.accounts >= BUSY else None
    return [
        Row(f"{name}: arrivals in the fullest window", found.fullest_window, None, "messages", 10),
        Row(f"{name}: allowed rate not used", 100 * (1 - found.use), None, "%", 4 if is_whole else None),
        Row(f"{name}: receives for 100 messages", 100 * found.receives, None, "", 110),
        Row(f"{name}: calls to the queue for 100", 100 * found.calls, None, "", most_calls),
        Row(f"{name}: a reply, median", found.reply_median, None, "s", 3.5),
        Row(f"{name}: a reply, p99", found.reply_p99, None, "s", 8 if is_whole else None),
        Row(f"{name}: dead letters", found.dead_letters, None, "messages", 0),
    ]


def _words(load: Load) -> dict[str, Any]:
    return {each.name: getattr(load, each.name) for each in fields(load)}


def main() -> None:
    """One run of a load of one's own: `python -m bench.delivery_virtual --accounts 1000 --minutes 60`."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery_virtual")
    usual = Load(accounts=100)
    for name in ("accounts", "campaign", "minutes", "at_once", "replies_a_minute", "seed", "flow_share"):
        value = getattr(usual, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--once", action="store_true", help="no campaign after the first")
    parser.add_argument("--lose-permits-at", type=float, default=None, help="minute at which the queue loses all")
    parser.add_argument("--redis-away", type=float, nargs=2, default=None, help="from which minute to which")
    words = vars(parser.parse_args())
    words["again"] = not words.pop("once")
    load = Load(**words)
    print(json.dumps({**words, **{name: round(value, 4) for name, value in asdict(_run(load)).items()}}))


if __name__ == "__main__":
    main()
