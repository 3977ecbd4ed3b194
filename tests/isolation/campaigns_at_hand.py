"""What the cases of campaigns have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from huntaze.campaigns.audiences import PostgresAudiences
from huntaze.campaigns.kept import Kept
from huntaze.campaigns.model import Campaign, Status
from huntaze.campaigns.recipients import PostgresRecipients
from huntaze.campaigns.store import PostgresCampaigns
from huntaze.campaigns.tending import PostgresTending
from huntaze.campaigns.waves import PostgresFlow
from tests.isolation.cases import World
from tests.support.workspaces import acting

LATE = datetime(2031, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NEW = Kept(
    name="New",
    template={"content": "New"},
    target_audience={"include": {}},
    schedule={},
    starts_at=None,
    ends_at=None,
    left_out={},
)


def campaigns(world: World) -> PostgresCampaigns:
    return PostgresCampaigns(world.connection, world.ours.id)


def recipients(world: World) -> PostgresRecipients:
    return PostgresRecipients(world.connection, world.ours.id)


def audiences(world: World) -> PostgresAudiences:
    return PostgresAudiences(world.connection, world.ours.id)


def flow(world: World) -> PostgresFlow:
    return PostgresFlow(world.connection, world.ours.id)


def tending(world: World) -> PostgresTending:
    return PostgresTending(world.connection, world.ours.id)


def our_campaign(world: World) -> UUID:
    return world.ours.of("campaign")


def status(world: World) -> Status:
    return campaigns(world).get(our_campaign(world)).status


def change_ours(world: World, change: str) -> None:
    world.connection.execute(
        f"UPDATE campaigns SET {change} WHERE workspace_id = %s AND id = %s",  # type: ignore[arg-type]  # noqa: S608
        [world.ours.id, our_campaign(world)],
    )


def known(world: World) -> Campaign:
    return campaigns(world).get(our_campaign(world))


@contextmanager
def by_the_manager(world: World) -> Iterator[UUID]:
    with acting(world.connection, world.ours.of("manager")):
        yield world.ours.of("manager")
