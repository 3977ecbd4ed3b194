"""What the cases of numbers have in common."""

from datetime import date, timedelta

from huntaze.analytics.best import PostgresBest
from huntaze.analytics.figures import Compared
from huntaze.analytics.model import Among, Period
from huntaze.analytics.recounts import PostgresRecounts
from huntaze.analytics.stale import Topic
from huntaze.analytics.store import PostgresAnalytics
from huntaze.ids import new_id
from tests.isolation.cases import World
from tests.isolation.numbers_of_theirs import THEIR_DAY, all_of_it
from tests.support.workspaces import acting

ALL, TAGGED = Among("UTC"), Among("UTC", tag="vip")
EVER = Period(*all_of_it())
ONCE = Compared(EVER, EVER)
JUNE = date(2026, 6, 1)
DAYS_OF_THEIRS = {THEIR_DAY + timedelta(days=number) for number in range(12)} | {date(2031, 1, 2), date(2020, 1, 1)}

PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (%s, %s, %s, 'onlyfans', 'paid just now', 'tip', 700, %s)
"""
SELL = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text, price_cents, bought_at, sent_at,
    platform_message_id, occurred_at, approved_by
) VALUES (%s, %s, %s, %s, 'out', 'sent', true, 'Look', 600, now(), now(), 'sold just now', clock_timestamp(), %s)
"""


def numbers(world: World) -> PostgresAnalytics:
    return PostgresAnalytics(world.connection, world.ours.id)


def best(world: World) -> PostgresBest:
    return PostgresBest(world.connection, world.ours.id)


def recounts(world: World) -> PostgresRecounts:
    return PostgresRecounts(world.connection, world.ours.id)


def sell(world: World) -> None:
    """The chatter sells something to our fan."""
    ours, chatter = world.ours, world.ours.of("chatter")
    with acting(world.connection, chatter):
        world.connection.execute(SELL, (ours.id, new_id(), ours.of("conversation"), ours.of("fan"), chatter))


def count(world: World, topic: Topic) -> None:
    """Everything of a topic, also of the days that only they have."""
    days = {*recounts(world).days(topic)} if topic is not Topic.VALUES else set()
    recounts(world).recount(topic, sorted(days | DAYS_OF_THEIRS))


def sums(world: World, *metrics: str) -> dict[str, tuple[int, int]]:
    rows = world.connection.execute(
        "SELECT metric, sum(occurrences)::integer AS many, sum(amount_cents)::integer AS cents FROM daily_rollups"
        " WHERE workspace_id = %s AND metric = ANY(%s) GROUP BY metric",
        (world.ours.id, list(metrics)),
    )
    return {row["metric"]: (row["many"], row["cents"]) for row in rows}
