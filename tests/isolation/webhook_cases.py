"""The cases of what platforms tell: events, fans as platforms know them, and payments."""

from datetime import timedelta

from huntaze.followers.store import PostgresFollowers
from huntaze.payments.store import PostgresPayments
from huntaze.webhooks.model import Told
from huntaze.webhooks.store import PostgresWebhooks
from tests.isolation.cases import NOON, World

TOLD = Told("message.received", {"type": "message.received"})
FAR_AHEAD = NOON + timedelta(days=9_999)


def _webhooks(world: World) -> PostgresWebhooks:
    return PostgresWebhooks(world.connection, world.ours.id)


def _followers(world: World) -> PostgresFollowers:
    return PostgresFollowers(world.connection, world.ours.id)


def _payments(world: World) -> PostgresPayments:
    return PostgresPayments(world.connection, world.ours.id)
