"""Who is at a conversation, and who answers it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from huntaze.clock import FixedClock
from huntaze.composer.model import Content
from huntaze.composer.service import Composer
from huntaze.errors import Conflict, Forbidden, Invalid
from huntaze.members.model import Principal
from huntaze.presence.model import LEASE
from huntaze.presence.service import Presence, nobody_else_answers
from tests.support.fakes import FakeDatabase, FakeStores
from tests.unit.desk.people import ANALYST, CHATTER, MACHINE, NOON, OTHER


@pytest.fixture
def presence(database: FakeDatabase, clock: FixedClock) -> Presence:
    return Presence(database.in_workspace, clock)


def test_one_answers_until_they_stop_leave_or_fall_silent(
    presence: Presence, clock: FixedClock, conversation_id: UUID
) -> None:
    def holder() -> UUID | None:
        found = presence.holder(MACHINE, conversation_id)
        return found.member_id if found else None

    presence.be_there(CHATTER, conversation_id, answering=True)
    company = presence.be_there(OTHER, conversation_id, answering=True)
    assert [somebody.member_id for somebody in company.others] == [CHATTER.member_id]
    assert company.answering is not None
    assert (company.answering.member_id, company.answering.until) == (CHATTER.member_id, NOON + LEASE)
    clock.advance(timedelta(seconds=40))
    presence.be_there(CHATTER, conversation_id, answering=True)
    clock.advance(timedelta(seconds=40))
    assert holder() == CHATTER.member_id, "a heartbeat renews it"
    clock.advance(timedelta(seconds=20))
    assert holder() is None, "silence ends it"
    presence.be_there(OTHER, conversation_id, answering=True)
    presence.be_there(CHATTER, conversation_id)
    assert holder() == OTHER.member_id, "who does not hold it gives nothing back"
    presence.be_there(OTHER, conversation_id)
    assert holder() is None
    presence.be_there(CHATTER, conversation_id, answering=True)
    presence.leave(CHATTER, conversation_id)
    assert holder() is None
    assert presence.be_there(OTHER, conversation_id).others == ()


def test_who_looks_away_for_now_answers_still(presence: Presence, conversation_id: UUID) -> None:
    presence.be_there(CHATTER, conversation_id, answering=True)
    presence.leave(CHATTER, conversation_id, for_now=True)
    company = presence.company(OTHER, conversation_id)
    assert company.others == ()
    assert company.answering is not None
    presence.leave(CHATTER, conversation_id)
    assert presence.company(OTHER, conversation_id).answering is None


def test_who_lets_go_is_still_there(presence: Presence, conversation_id: UUID) -> None:
    presence.be_there(CHATTER, conversation_id, answering=True)
    presence.let_go(CHATTER, conversation_id)
    company = presence.company(OTHER, conversation_id)
    assert [somebody.member_id for somebody in company.others] == [CHATTER.member_id]
    assert company.answering is None


def test_answering_is_taken_over_on_purpose_only(presence: Presence, stores: FakeStores, conversation_id: UUID) -> None:
    stores.rooms.names[OTHER.member_id] = "Nadia"
    presence.be_there(CHATTER, conversation_id, answering=True)
    nobody_else_answers(stores.presence, CHATTER, conversation_id, NOON)
    taken = presence.be_there(OTHER, conversation_id, answering=True, take_over=True).answering
    assert taken is not None
    assert taken.member_id == OTHER.member_id
    with pytest.raises(Conflict, match="Nadia is answering"):
        nobody_else_answers(stores.presence, CHATTER, conversation_id, NOON)
    nobody_else_answers(stores.presence, CHATTER, conversation_id, NOON + LEASE)
    with pytest.raises(Invalid):
        presence.be_there(CHATTER, conversation_id, take_over=True)


@pytest.mark.parametrize("who", [ANALYST, MACHINE])
def test_machines_and_analysts_are_at_no_conversation(
    database: FakeDatabase, presence: Presence, conversation_id: UUID, who: Principal
) -> None:
    composer = Composer(database.in_workspace)
    acts: list[Callable[[], object]] = [
        lambda: presence.be_there(who, conversation_id, answering=True),
        lambda: presence.leave(who, conversation_id),
        lambda: composer.of(who, conversation_id),
        lambda: composer.keep(who, conversation_id, Content()),
        lambda: composer.drop(who, conversation_id),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
