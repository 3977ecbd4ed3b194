"""The send path on a ground in memory."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from huntaze.delivery.dispatch import Dispatch
from huntaze.delivery.handing_over import HandingOver, Ticket
from huntaze.delivery.model import Asked, Pace
from huntaze.delivery.permits import Permit
from huntaze.delivery.planning import Planner
from huntaze.delivery.postponing import Postponing
from huntaze.delivery.settling import Settling
from huntaze.ids import new_id
from tests.support.fake_send_path import FakeGround
from tests.support.fake_senders import (
    FakeDoors,
    FakeMeasures,
    FakePlans,
    FakePlatform,
    FakeTokens,
    GroundClock,
    Published,
    permit_of,
)
from tests.support.send_path_contracts import PACE


@dataclass
class Sorting:
    """A worker whose every neighbour stands in memory."""

    ground: FakeGround = field(default_factory=FakeGround)
    plans: FakePlans = field(default_factory=FakePlans)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    platform: FakePlatform = field(default_factory=FakePlatform)
    doors: FakeDoors = field(default_factory=FakeDoors)
    measures: FakeMeasures = field(default_factory=FakeMeasures)
    published: Published = field(default_factory=Published)
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account = self.ground.new_account(PACE)
        clock = GroundClock(self.ground)
        planner = Planner(self.plans, clock, new_id)
        machine, publish = self.ground.transaction, self.published.publish
        self.settling = Settling(machine, planner, publish, self.measures)
        postponing = Postponing(machine, planner, publish, self.measures)
        self.handing_over = HandingOver(
            tokens=self.tokens,
            platform=self.platform,
            transactions=machine,
            settling=self.settling,
            postponing=postponing,
            measures=self.measures,
            clock=clock,
        )
        self.dispatch = Dispatch(
            tokens=self.tokens,
            accounts=self.ground,
            doors=self.doors,
            transactions=machine,
            handing_over=self.handing_over,
            postponing=postponing,
            clock=clock,
            new_id=new_id,
            sleep=self.slept.append,
        )

    def add(self, fan: int | None = None, account: UUID | None = None, **about: Any) -> UUID:
        """A message that waits, with its permit."""
        where = account or self.account
        message_id = self.ground.new_message(where, self.ground.new_fan() if fan is None else fan, **about)
        self.ground.stores.outbox.put_permit(new_id(), where, message_id, self.ground.now - self.ground.now)
        self.ground.go_on(0.001)
        return message_id

    def account_of_its_own(self) -> UUID:
        return self.ground.new_account(Pace(10, 60))

    def permit(self, message_id: UUID, account: UUID | None = None, **changes: Any) -> Permit:
        return permit_of(self.ground, account or self.account, message_id, **changes)

    def ticket(self, message_id: UUID, account: UUID | None = None) -> Ticket:
        sender = self.ground.sender(account or self.account)
        door = FakeDoors().open(sender.workspace_id, sender.id)
        return Ticket(self.permit(message_id, account), sender, door, Asked(sender.id, new_id(), sender.pace))

    def statuses(self, *messages: UUID) -> list[str]:
        return [self.ground.message(each).status for each in messages]


@pytest.fixture
def sorting() -> Sorting:
    return Sorting()
