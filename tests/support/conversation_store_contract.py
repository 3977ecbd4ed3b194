"""What every store of conversations promises about its lists."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import pytest

from huntaze.conversations.model import Filters
from huntaze.conversations.service import ConversationStore
from huntaze.cursors import Position
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.messages.model import Content, Told
from huntaze.money import Money
from tests.support.people import new_fan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Inbox(Protocol):
    """The stores around conversations, real or not, in one transaction of a workspace."""

    conversations: Any
    messages: Any
    fans: Any


@dataclass(frozen=True)
class Talking:
    """Fans who talk with a creator."""

    inbox: Inbox

    @property
    def store(self) -> ConversationStore:
        """What keeps the promises."""
        store: ConversationStore = self.inbox.conversations
        return store

    def fan(self, name: str, hour: int, **about: Any) -> UUID:
        """A conversation that a fan of this name began."""
        fan = self.inbox.fans.add(new_fan(name=name, **about), new_id(), NOON)
        conversation_id = new_id()
        self.inbox.conversations.open(conversation_id, fan.id, fan.platform, NOON)
        self.hear(conversation_id, hour)
        return conversation_id

    def hear(self, conversation_id: UUID, hour: int) -> None:
        """The fan writes at this hour."""
        told = self._told(conversation_id, hour)
        self.inbox.messages.receive(new_id(), self.inbox.conversations.lock(conversation_id), told)
        self.inbox.conversations.heard(conversation_id, told.occurred_at)

    def say(self, conversation_id: UUID, hour: int) -> None:
        """The creator writes at this hour, in the platform's own app."""
        told = self._told(conversation_id, hour)
        self.inbox.messages.note_sent_elsewhere(new_id(), self.inbox.conversations.lock(conversation_id), told)
        self.inbox.conversations.said(conversation_id, told.occurred_at)

    def names(self, after: Position | None = None, limit: int = 100, **asked: Any) -> list[str]:
        """Who is in the list."""
        return [each.fan_name for each in self.store.matching(Filters(**asked), after, limit)]

    def _told(self, conversation_id: UUID, hour: int) -> Told:
        return Told(
            conversation_id=conversation_id,
            platform_message_id=str(new_id()),
            content=Content("Hi", Money(0, "USD"), ()),
            occurred_at=NOON + hour * HOUR,
        )


class ConversationStoreContract:
    """`inbox` is a fixture of the subclass: the stores of an empty workspace."""

    @pytest.fixture
    def talking(self, inbox: Inbox) -> Talking:
        """Four of them: the later in this order, the newer."""
        talking = Talking(inbox)
        talking.fan("Ada", 1, tags=("vip", "paris"), value_cents=50_000)
        talking.fan("Bea", 2, tags=("vip",), value_cents=100, platform=Platform.FANSLY)
        talking.fan("Cy", 3, tags=("Vip",), value_cents=50_000)
        talking.fan("Dan", 4, value_cents=0)
        return talking

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({}, ["Dan", "Cy", "Bea", "Ada"]),
            ({"tag": "vip"}, ["Bea", "Ada"]),
            ({"tag": "vi"}, []),
            ({"tag": '"] || "'}, []),
            ({"min_value_cents": 50_000}, ["Cy", "Ada"]),
            ({"min_value_cents": 0}, ["Dan", "Cy", "Bea", "Ada"]),
            ({"min_value_cents": 50_001}, []),
            ({"tag": "vip", "min_value_cents": 101}, ["Ada"]),
            ({"tag": "vip", "q": "BE"}, ["Bea"]),
            ({"q": "a", "min_value_cents": 1}, ["Bea", "Ada"]),
            ({"tag": "vip", "platform": Platform.FANSLY, "unread": True, "unanswered": True}, ["Bea"]),
            ({"tag": "vip", "archived": True}, []),
            ({"newest_from": NOON + 2 * HOUR, "newest_to": NOON + 3 * HOUR}, ["Cy", "Bea"]),
            ({"newest_from": NOON + 2 * HOUR, "min_value_cents": 1}, ["Cy", "Bea"]),
            ({"newest_to": NOON + 2 * HOUR, "tag": "vip", "min_value_cents": 101, "q": "ada"}, ["Ada"]),
        ],
        ids=str,
    )
    def test_conditions_hold_all_at_once(self, talking: Talking, asked: dict[str, Any], names: list[str]) -> None:
        assert talking.names(**asked) == names

    @pytest.mark.parametrize(
        "asked", [{"min_value_cents": 0}, {"unanswered": True}, {"q": "", "min_value_cents": 0}], ids=str
    )
    def test_a_narrowed_list_goes_on_where_a_page_ended(self, talking: Talking, asked: dict[str, Any]) -> None:
        seen: list[str] = []
        place: Position | None = None
        while page := talking.store.matching(Filters(**asked), place, 1):
            seen.append(page[0].fan_name)
            place = page[0].position
        assert seen == ["Dan", "Cy", "Bea", "Ada"]

    def test_a_row_tells_what_its_fan_is_worth(self, talking: Talking) -> None:
        [ada] = talking.store.matching(Filters(q="ada"), None, 1)
        assert ada.fan_value == Money(50_000, "USD")

    def test_who_has_the_last_word_decides_whether_an_answer_is_due(self, talking: Talking) -> None:
        eve = talking.fan("Eve", 5)
        assert talking.names(q="eve", unanswered=True) == ["Eve"]
        talking.say(eve, 6)
        assert talking.names(q="eve", unanswered=True) == []
        talking.hear(eve, 7)
        assert talking.names(limit=1, unanswered=True) == ["Eve"]

    def test_what_comes_late_is_not_the_last_word(self, talking: Talking) -> None:
        eve = talking.fan("Eve", 7)
        talking.say(eve, 6)
        assert talking.names(limit=1, unanswered=True) == ["Eve"]
        talking.say(eve, 8)
        talking.hear(eve, 5)
        assert "Eve" not in talking.names(unanswered=True)
