from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.errors import Conflict, Forbidden
from huntaze.fans.model import Listing, Platform
from huntaze.fans.service import Fans
from huntaze.ids import new_id
from huntaze.members.model import Role
from tests.support.fakes import FakeDatabase
from tests.support.people import new_fan, principal

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def fans(database: FakeDatabase, clock: FixedClock) -> Fans:
    return Fans(database.in_workspace, clock, new_id)


def test_a_new_fan_is_dated_by_the_clock(fans: Fans, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=1))
    assert fans.create(principal(), new_fan()).created_at == NOON + timedelta(hours=1)


def test_a_full_page_says_where_the_next_begins_and_the_last_says_nothing(fans: Fans) -> None:
    owner = principal()
    added = [fans.create(owner, new_fan()) for _ in range(5)]
    first = fans.page(owner, Listing(3))
    second = fans.page(owner, Listing(3, after=first.next))
    assert [*first.fans, *second.fans] == added[::-1]
    assert first.next is not None
    assert second.next is None


def test_a_page_that_is_exactly_full_is_the_last(fans: Fans) -> None:
    owner = principal()
    for _ in range(3):
        fans.create(owner, new_fan())
    assert fans.page(owner, Listing(3)).next is None


def test_an_empty_workspace_has_an_empty_page(fans: Fans) -> None:
    page = fans.page(principal(), Listing(50))
    assert (page.fans, page.next) == ((), None)


def test_the_list_can_be_narrowed(fans: Fans) -> None:
    owner = principal()
    fans.create(owner, new_fan(platform=Platform.FANSLY))
    assert fans.page(owner, Listing(50, Platform.ONLYFANS)).fans == ()


def test_a_platforms_id_is_taken_in_one_workspace_only(fans: Fans) -> None:
    ours, theirs = principal(), principal()
    fans.create(ours, new_fan(platform_id="u1"))
    fans.create(theirs, new_fan(platform_id="u1"))
    with pytest.raises(Conflict):
        fans.create(ours, new_fan(platform_id="u1"))


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST])
def test_who_may_not_change_fans_adds_none(role: Role, fans: Fans, database: FakeDatabase) -> None:
    with pytest.raises(Forbidden):
        fans.create(principal(role), new_fan())
    assert not database.workspaces, "not even a transaction was opened"


def test_an_analyst_does_not_see_fans(fans: Fans) -> None:
    with pytest.raises(Forbidden):
        fans.page(principal(Role.ANALYST), Listing(50))


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.CHATTER])
def test_everybody_else_sees_them(role: Role, fans: Fans) -> None:
    assert fans.page(principal(role), Listing(50)).fans == ()
