import pytest

from huntaze.clock import SystemClock
from huntaze.errors import Forbidden, NotFound
from huntaze.fans.service import Fans
from huntaze.ids import new_id
from huntaze.members.model import Role
from huntaze.tags.model import TagCount
from huntaze.tags.service import Tags
from tests.support.fakes import FakeDatabase
from tests.support.people import new_fan, principal


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def fans(database: FakeDatabase) -> Fans:
    return Fans(database.in_workspace, SystemClock(), new_id)


@pytest.fixture
def tags(database: FakeDatabase) -> Tags:
    return Tags(database.in_workspace)


def test_a_tag_is_renamed_merged_and_deleted_everywhere(fans: Fans, tags: Tags) -> None:
    owner = principal()
    for words in [("old", "a"), ("old", "new"), ("new",)]:
        fans.create(owner, new_fan(tags=words))
    assert tags.rename(owner, "a", "b") == 1
    assert tags.rename(owner, "old", "new") == 2
    assert tags.all(owner) == (TagCount("new", 3), TagCount("b", 1))
    assert tags.delete(owner, "new") == 3
    assert tags.all(owner) == (TagCount("b", 1),)


def test_what_nobody_has_can_be_renamed_and_deleted_without_any_effect(tags: Tags) -> None:
    assert tags.rename(principal(), "never", "ever") == tags.delete(principal(), "never") == 0


def test_renamed_to_itself_a_tag_stays(fans: Fans, tags: Tags) -> None:
    owner = principal()
    fan = fans.create(owner, new_fan(tags=("a",)))
    assert tags.rename(owner, "a", "a") == 0
    assert fans.get(owner, fan.id) == fan


def test_one_fan_gets_a_tag_and_loses_it(fans: Fans, tags: Tags) -> None:
    owner = principal()
    fan = fans.create(owner, new_fan())
    for _ in range(2):
        tags.put_on(owner, fan.id, "vip")
    assert tags.of(owner, fan.id) == (TagCount("vip", 1),)
    for _ in range(2):
        tags.take_from(owner, fan.id, "vip")
    assert tags.of(owner, fan.id) == ()


def test_who_is_not_there_has_no_tags(tags: Tags) -> None:
    for act in (tags.put_on, tags.take_from):
        with pytest.raises(NotFound):
            act(principal(), new_id(), "vip")
    with pytest.raises(NotFound):
        tags.of(principal(), new_id())


@pytest.mark.parametrize(("role", "reads"), [(Role.CHATTER, True), (Role.ANALYST, False)])
def test_chatters_read_tags_and_only_managers_change_them(tags: Tags, role: Role, *, reads: bool) -> None:
    who = principal(role)
    for change in (
        lambda: tags.rename(who, "a", "b"),
        lambda: tags.delete(who, "a"),
        lambda: tags.put_on(who, new_id(), "a"),
        lambda: tags.take_from(who, new_id(), "a"),
    ):
        with pytest.raises(Forbidden):
            change()
    if reads:
        assert tags.all(who) == ()
    else:
        with pytest.raises(Forbidden):
            tags.all(who)
