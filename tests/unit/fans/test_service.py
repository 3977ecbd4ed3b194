from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from huntaze.fans.model import Filters, Listing, Platform, Selection, Sort, Totals
from huntaze.fans.service import Fans
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.tags import service as tagging
from huntaze.versions import etag
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


def test_the_list_can_be_narrowed_and_counted(fans: Fans) -> None:
    owner = principal()
    fans.create(owner, new_fan(platform=Platform.FANSLY, value_cents=5))
    assert fans.page(owner, Listing(50, Filters(platform=Platform.ONLYFANS))).fans == ()
    assert fans.totals(owner, Filters(platform=Platform.FANSLY)) == Totals(1, 5)


def test_the_most_valuable_come_first(fans: Fans) -> None:
    owner = principal()
    added = [fans.create(owner, new_fan(value_cents=cents)) for cents in (5, 900, 70)]
    assert fans.top(owner, 2) == (added[1], added[2])


def test_a_change_that_names_the_version_it_means_never_overwrites_another(fans: Fans) -> None:
    owner = principal()
    first = fans.create(owner, new_fan())
    second = fans.update(owner, first.id, {"name": "Sam"}, etag(first))
    with pytest.raises(Stale):
        fans.update(owner, first.id, {"name": "Max"}, etag(first))
    assert fans.get(owner, first.id) == second
    for means in ('"x", {}', "*", None):
        second = fans.update(owner, first.id, {"notes": second.notes + "!"}, means and means.format(etag(second)))
    assert second.notes == "!!!"


@pytest.mark.parametrize("unlike", ["", "W/{etag}", "x{etag}", "{etag}x", '"*"'])
def test_what_does_not_name_the_version_is_stale(fans: Fans, unlike: str) -> None:
    owner = principal()
    fan = fans.create(owner, new_fan())
    with pytest.raises(Stale):
        fans.update(owner, fan.id, {"name": "Sam"}, unlike.format(etag=etag(fan)))


def test_a_change_of_nothing_changes_nothing(fans: Fans) -> None:
    owner = principal()
    fan = fans.create(owner, new_fan())
    assert fans.update(owner, fan.id, {}) == fan


def test_a_deletion_can_be_undone_for_thirty_days(fans: Fans, clock: FixedClock) -> None:
    owner = principal()
    fan = fans.create(owner, new_fan())
    fans.delete(owner, fan.id)
    clock.advance(timedelta(days=30) - timedelta(microseconds=1))
    assert fans.restore(owner, fan.id).id == fan.id
    fans.delete(owner, fan.id)
    clock.advance(timedelta(days=30))
    with pytest.raises(NotFound):
        fans.restore(owner, fan.id)


def test_many_are_tagged_at_once_or_nobody(fans: Fans) -> None:
    owner = principal()
    one, other = (fans.create(owner, new_fan(tags=tags)) for tags in (("a",), ("b",)))
    assert fans.tag(owner, Selection(ids=(one.id, other.id)), ["b"], ["a"]) == 1
    with pytest.raises(NotFound):
        fans.tag(owner, Selection(ids=(one.id, new_id())), ["c"], [])
    assert fans.tag(owner, Selection(filters=Filters(tag="b")), [], ["b"]) == 2
    assert fans.page(owner, Listing(50, Filters(tag="b"))).fans == ()


def test_a_tag_cannot_be_put_on_and_taken_off_at_once(fans: Fans) -> None:
    with pytest.raises(Invalid):
        fans.tag(principal(), Selection(filters=Filters()), ["a"], ["a"])


def test_more_than_one_request_can_change_is_refused_before_anything_is_done(
    fans: Fans, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = principal()
    monkeypatch.setattr(tagging, "MOST_CHANGED_AT_ONCE", 2)
    for _ in range(3):
        fans.create(owner, new_fan())
    with pytest.raises(Invalid) as raised:
        fans.tag(owner, Selection(filters=Filters()), ["a"], [])
    assert [field.field for field in raised.value.fields] == ["filters"]


def test_a_selection_is_one_thing() -> None:
    for both in ({}, {"ids": (), "filters": Filters()}):
        with pytest.raises(ValueError, match="either ids or filters"):
            Selection(**both)


def test_an_export_goes_through_everybody_page_by_page(fans: Fans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huntaze.fans.service.EXPORT_PAGE", 2)
    owner = principal()
    added = [fans.create(owner, new_fan()) for _ in range(5)]
    pages = list(fans.each_matching(owner, Filters(), Sort.CREATED))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [fan for page in pages for fan in page] == added[::-1]
    assert list(fans.each_matching(owner, Filters(tag="nobody's"), Sort.NAME)) == []


def test_a_platforms_id_is_taken_in_one_workspace_only(fans: Fans) -> None:
    ours, theirs = principal(), principal()
    fans.create(ours, new_fan(platform_id="u1"))
    fans.create(theirs, new_fan(platform_id="u1"))
    with pytest.raises(Conflict):
        fans.create(ours, new_fan(platform_id="u1"))


READING = ["page", "totals", "top", "get"]
WRITING = ["create", "update", "delete", "restore", "tag"]
MAY = {
    Role.OWNER: {*READING, *WRITING, "each_matching"},
    Role.MANAGER: {*READING, *WRITING, "each_matching"},
    Role.CHATTER: {*READING},
    Role.ANALYST: {"each_matching"},
    Role.MACHINE: set(),
}


def _attempts(fans: Fans, who: Principal) -> dict[str, Callable[[], object]]:
    nobody = new_id()
    return {
        "page": lambda: fans.page(who, Listing(50)),
        "totals": lambda: fans.totals(who, Filters()),
        "top": lambda: fans.top(who, 10),
        "get": lambda: fans.get(who, nobody),
        "create": lambda: fans.create(who, new_fan()),
        "update": lambda: fans.update(who, nobody, {"name": "x"}),
        "delete": lambda: fans.delete(who, nobody),
        "restore": lambda: fans.restore(who, nobody),
        "tag": lambda: fans.tag(who, Selection(ids=(nobody,)), ["x"], []),
        "each_matching": lambda: fans.each_matching(who, Filters(), Sort.NAME),
    }


@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_contract_says(fans: Fans, role: Role) -> None:
    allowed = set()
    for name, attempt in _attempts(fans, principal(role)).items():
        with suppress(NotFound):
            try:
                attempt()
            except Forbidden:
                continue
        allowed.add(name)
    assert allowed == MAY[role]


def test_who_may_not_is_refused_before_a_transaction_is_opened(fans: Fans, database: FakeDatabase) -> None:
    for name, attempt in _attempts(fans, principal(Role.ANALYST)).items():
        if name not in MAY[Role.ANALYST]:
            with pytest.raises(Forbidden):
                attempt()
    assert not database.workspaces
