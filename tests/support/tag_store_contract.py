"""What every keeper of tags promises, the real one and the fake alike."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from huntaze.errors import Conflict
from huntaze.fans.service import FanStore
from huntaze.ids import new_id
from huntaze.tags.model import TagCount
from huntaze.tags.service import TagStore
from tests.support.people import new_fan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = "a\"]' %s \\ \u202e🎉"

Add = Callable[..., UUID]


class TagStoreContract:
    """Subclasses give `fans` and `tags`, stores of one workspace without fans."""

    @pytest.fixture
    def add(self, fans: FanStore) -> Add:
        def add(*tags: str) -> UUID:
            return fans.add(new_fan(tags=tags), new_id(), NOON).id

        return add

    def test_the_most_used_come_first_and_words_decide_between_equals(
        self, fans: FanStore, tags: TagStore, add: Add
    ) -> None:
        for words in [("b", "a"), ("b", "c"), (HOSTILE, "Z"), ()]:
            add(*words)
        fans.delete(add("a", "gone"), NOON)
        ones = [TagCount(tag, 1) for tag in sorted(["Z", "a", HOSTILE, "c"])]
        assert list(tags.all()) == [TagCount("b", 2), *ones]

    def test_tags_longer_than_an_index_takes_count_like_others(self, fans: FanStore, tags: TagStore, add: Add) -> None:
        long = [f"{number:02}" + "🎉" * 198 for number in range(100)]
        fans.delete(add(*long), NOON)
        for words in [long, long[:2], [long[0]]]:
            add(*words)
        counts = {one.tag: one.count for one in tags.all()}
        assert counts == dict.fromkeys(long, 1) | {long[0]: 3, long[1]: 2}

    def test_a_fans_tags_are_told_in_their_order_with_everybodys_counts(self, tags: TagStore, add: Add) -> None:
        fan = add("b", "a")
        add("a")
        assert list(tags.of(fan)) == [TagCount("b", 1), TagCount("a", 2)]

    def test_tags_are_put_on_once_behind_those_there_and_taken_off(
        self, fans: FanStore, tags: TagStore, add: Add
    ) -> None:
        one, other = add("a", "b"), add("c")
        assert tags.change([one, other], ["b", HOSTILE], ["a"]) == 2
        assert fans.get(one).tags == ("b", HOSTILE)
        assert fans.get(other).tags == ("c", "b", HOSTILE)

    def test_who_has_them_already_is_not_changed(self, fans: FanStore, tags: TagStore, add: Add) -> None:
        one, other = add("a"), add()
        before = fans.get(one)
        assert tags.change([one, other], ["a"], ["never"]) == 1
        assert fans.get(one) == before
        assert tags.change([one, other], [], []) == 0

    def test_a_hundred_are_enough(self, tags: TagStore, add: Add) -> None:
        full = add(*(str(number) for number in range(100)))
        with pytest.raises(Conflict):
            tags.change([full, add()], ["one more"], [])

    def test_a_hundred_may_be_exchanged(self, fans: FanStore, tags: TagStore, add: Add) -> None:
        full = add(*(str(number) for number in range(100)))
        assert tags.change([full], ["one more"], ["7"]) == 1
        assert len(fans.get(full).tags) == 100

    def test_a_renamed_tag_stays_in_its_place(self, fans: FanStore, tags: TagStore, add: Add) -> None:
        one, other = add("a", "old", "b"), add("x")
        assert tags.rename([one, other], "old", HOSTILE) == 1
        assert fans.get(one).tags == ("a", HOSTILE, "b")
        assert fans.get(other).tags == ("x",)

    def test_renamed_into_another_it_is_there_once(self, fans: FanStore, tags: TagStore, add: Add) -> None:
        both, one = add("new", "old", "b"), add("old")
        assert tags.rename([both, one], "old", "new") == 2
        assert fans.get(both).tags == ("new", "b")
        assert fans.get(one).tags == ("new",)
