"""The lists of the inbox as PostgreSQL answers them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from huntaze.conversations.model import Filters
from huntaze.errors import Forbidden
from huntaze.messages.model import InConversation, Words, Written
from tests.integration.conversations.conftest import Studio
from tests.integration.conversations.test_counting import NOON, _told
from tests.support.conversation_store_contract import ConversationStoreContract, Inbox


class TestPostgresConversations(ConversationStoreContract):
    @pytest.fixture
    def inbox(self, studio: Studio) -> Iterator[Inbox]:
        with studio.parts.in_workspace_as_machine(studio.workspace_id) as stores:
            yield stores


def test_an_answer_that_was_taken_back_was_none(studio: Studio) -> None:
    conversation_id = studio.conversation()
    studio.parts.receiving.receive(studio.workspace_id, _told(conversation_id, 1))
    waiting = Filters(unanswered=True)
    sent = studio.parts.messages.send(studio.owner, InConversation(conversation_id), Written(Words(text="Yes")))
    assert studio.parts.conversations.page(studio.owner, waiting, 10).items == ()
    studio.parts.outgoing.cancel(studio.owner, sent.message.id)
    assert [each.id for each in studio.parts.conversations.page(studio.owner, waiting, 10).items] == [conversation_id]


def test_who_was_merged_counts_as_who_is_shown_for_them(studio: Studio) -> None:
    kept, merged = studio.fan(tags=("vip",), value_cents=100), studio.fan(tags=("paris",), value_cents=50)
    theirs = [studio.parts.conversations.open(studio.owner, fan).conversation.id for fan in (merged, kept)]
    for hours, conversation_id in enumerate(theirs):
        told = _told(conversation_id, hours, NOON + timedelta(hours=hours))
        studio.parts.receiving.receive(studio.workspace_id, told)
    studio.parts.merges.merge(studio.owner, kept, merged)
    for asked in (Filters(tag="vip"), Filters(tag="paris", min_value_cents=150), Filters(min_value_cents=101)):
        found = studio.parts.conversations.page(studio.owner, asked, 10).items
        assert [each.id for each in found] == theirs[::-1]
        assert {each.fan_value.cents for each in found} == {150}


def test_who_may_not_see_fans_does_not_learn_what_they_spend(studio: Studio) -> None:
    studio.conversation(tags=("vip",), value_cents=100)
    assert studio.parts.conversations.page(studio.machine, Filters(unread=False), 10).items
    for asked in (Filters(tag="vip"), Filters(min_value_cents=0)):
        with pytest.raises(Forbidden):
            studio.parts.conversations.page(studio.machine, asked, 10)
