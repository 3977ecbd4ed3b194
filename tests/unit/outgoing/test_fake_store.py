"""The stand-in keeps the promises of the real store."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import pytest

from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.messages.model import Account, Content, Message, Outgoing, Status
from huntaze.money import Money
from huntaze.outgoing.model import Try
from tests.support.fake_outgoing import FakeOutgoing
from tests.support.fakes import FakeStores
from tests.support.outgoing_store_contract import OutgoingStoreContract
from tests.support.people import new_fan
from tests.support.workspaces import NOON


@dataclass
class FakeStage:
    stores: FakeStores = field(default_factory=FakeStores)

    def __post_init__(self) -> None:
        self.store: FakeOutgoing = self.stores.outgoing
        self.fan_id = self.stores.fans.add(new_fan(platform_id="robin"), new_id(), NOON).id
        self.account = Account(new_id(), is_active=True)
        self.stores.messages.accounts[Platform.ONLYFANS] = self.account

    def message(self, status: str) -> UUID:
        words = Content("Hello", Money(0, "USD"), ())
        new = Outgoing(conversation_id=new_id(), fan_id=self.fan_id, account_id=self.account.id, content=words)
        message = self.stores.messages.queue(new_id(), new, new_id(), NOON)
        known = replace(message, status=Status(status), last_error="price", attempts=2)
        self.stores.messages.kept[message.id] = known
        self.stores.outgoing.tried[message.id] = (Try(NOON, "unknown", None),)
        return message.id

    def read(self, message_id: UUID) -> Message:
        return self.stores.messages.get(message_id)

    def leave_alone(self) -> None:
        fans = self.stores.fans.kept
        fans[self.fan_id] = replace(fans[self.fan_id], do_not_contact=True)

    def tried_at(self, message_id: UUID) -> datetime | None:
        return self.stores.outgoing.tried[message_id][-1].at


class TestFakeOutgoing(OutgoingStoreContract):
    @pytest.fixture
    def stage(self) -> FakeStage:
        return FakeStage()
