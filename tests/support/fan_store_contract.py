"""What every keeper of fans promises, the real one and the fake alike."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import (
    About,
    Fan,
    Filters,
    Platform,
    Selection,
    Sort,
    SubscriptionStatus,
    Totals,
)
from huntaze.fans.service import FanStore
from huntaze.ids import new_id
from huntaze.money import MOST_CENTS, Money
from huntaze.versions import etag
from tests.support.people import new_fan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = "Robert'); DROP TABLE fans;-- <script>alert(1)</script> %s %(name)s {0} \\ \" 🎉 \u202e"
ALL = Filters()

Add = Callable[..., Fan]


def found(
    fans: FanStore, filters: Filters = ALL, sort: Sort = Sort.CREATED, after: Position | None = None, limit: int = 10
) -> list[Fan]:
    return [placed.fan for placed in fans.matching(filters, sort, after, limit)]


class FanStoreContract:
    """Subclasses give `fans`, a store of a workspace without fans whose currency is USD."""

    @pytest.fixture
    def fans(self) -> FanStore:
        raise NotImplementedError

    @pytest.fixture
    def add(self, fans: FanStore) -> Add:
        def add(at: datetime = NOON, **about: object) -> Fan:
            return fans.add(new_fan(**about), new_id(), at)

        return add

    def test_a_fan_comes_back_as_it_went_in(self, fans: FanStore) -> None:
        new = new_fan(
            name=HOSTILE,
            platform=Platform.FANSLY,
            platform_id=HOSTILE,
            handle=HOSTILE,
            email="a@b.c",
            phone="+1 555",
            avatar="https://example.com/a.png?x=1&y=%20",
            tags=("vip", HOSTILE),
            value_cents=MOST_CENTS,
            currency="EUR",
            subscription_status=SubscriptionStatus.ACTIVE,
            last_seen_at=datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            do_not_contact=True,
            notes=f"{HOSTILE}\n{HOSTILE}",
            metadata={"tier": {"name": HOSTILE, "months": [1, 2.5, None, True]}},
        )
        fan_id = new_id()
        added = fans.add(new, fan_id, NOON)
        assert added == Fan(
            **{rule.name: getattr(new, rule.name) for rule in fields(About)},
            id=fan_id,
            value=Money(MOST_CENTS, "EUR"),
            last_message_at=None,
            created_at=NOON,
            updated_at=NOON,
        )
        assert found(fans) == [fans.get(fan_id)] == [added]

    def test_without_a_currency_the_workspaces_own_counts(self, add: Add) -> None:
        assert add(value_cents=5, currency=None).value == Money(5, "USD")

    def test_the_same_person_is_kept_once(self, fans: FanStore, add: Add) -> None:
        first = add(platform=Platform.ONLYFANS, platform_id="u1")
        with pytest.raises(Conflict):
            add(platform=Platform.ONLYFANS, platform_id="u1", name="Another name")
        assert found(fans) == [first]

    def test_the_same_id_on_another_platform_is_another_person(self, add: Add) -> None:
        assert add(platform=Platform.ONLYFANS, platform_id="u1") != add(platform=Platform.FANSLY, platform_id="u1")

    def test_fans_without_a_platforms_id_do_not_collide(self, fans: FanStore, add: Add) -> None:
        add(platform=Platform.OTHER, platform_id=None)
        add(platform=Platform.OTHER, platform_id=None)
        assert len(found(fans)) == 2

    @pytest.mark.parametrize("sort", Sort)
    def test_pages_one_behind_the_other_show_everybody_once_in_order(
        self, fans: FanStore, add: Add, sort: Sort
    ) -> None:
        for number in range(10):
            add(
                NOON + timedelta(seconds=number // 3),
                name=f"{'Fan' if number % 2 else 'fan'} {number // 4}",
                value_cents=number // 2 * 10**17,
                last_seen_at=None if number < 3 else NOON + timedelta(microseconds=number // 3),
            )
        seen: list[Fan] = []
        after: Position | None = None
        while page := fans.matching(ALL, sort, after, 3):
            seen += [placed.fan for placed in page]
            after = page[-1].position
        assert seen == found(fans, sort=sort, limit=100)
        keys = [_key(fan, sort) for fan in seen]
        assert keys == sorted(keys, reverse=sort is not Sort.NAME)
        assert len({fan.id for fan in seen}) == 10

    def test_who_was_never_seen_comes_last(self, fans: FanStore, add: Add) -> None:
        never, once = add(last_seen_at=None), add(last_seen_at=datetime(1, 1, 1, tzinfo=UTC))
        assert found(fans, sort=Sort.LAST_SEEN) == [once, never]

    @pytest.mark.parametrize(
        ("filters", "names"),
        [
            (Filters(q="obi"), ["Robin"]),
            (Filters(q="ROB_"), ["Robin"]),
            (Filters(q="example.org"), ["Ann"]),
            (Filters(q="%"), []),
            (Filters(q="n\nrob"), ["Robin"]),
            (Filters(tag="vip"), ["Ann", "Robin"]),
            (Filters(tag="VIP"), []),
            (Filters(platform=Platform.PATREON), ["Ann"]),
            (Filters(min_value_cents=500), ["Robin"]),
            (Filters(min_value_cents=MOST_CENTS), []),
            (Filters(seen_after=NOON), ["Robin"]),
            (Filters(seen_after=NOON + timedelta(days=1)), []),
            (Filters(q="a", tag="vip", platform=Platform.PATREON), ["Ann"]),
        ],
    )
    def test_filters_choose_and_totals_count_the_same(
        self, fans: FanStore, add: Add, filters: Filters, names: Sequence[str]
    ) -> None:
        later = NOON + timedelta(hours=1)
        add(name="Robin", handle="rob_x", tags=("tips", "vip"), value_cents=500, last_seen_at=later)
        add(
            name="Ann",
            email="a@example.org",
            tags=("vip",),
            platform=Platform.PATREON,
            value_cents=7,
            last_seen_at=NOON,
        )
        chosen = found(fans, filters, Sort.NAME)
        assert [fan.name for fan in chosen] == list(names)
        assert fans.totals(filters) == Totals(len(chosen), sum(fan.value.cents for fan in chosen))
        assert set(fans.selected(Selection(filters=filters))) == {fan.id for fan in chosen}

    def test_sums_go_beyond_what_one_amount_can_be(self, fans: FanStore, add: Add) -> None:
        for _ in range(3):
            add(value_cents=MOST_CENTS)
        assert fans.totals(ALL) == Totals(3, 3 * MOST_CENTS)

    def test_of_nobody_there_is_nothing(self, fans: FanStore) -> None:
        assert (found(fans), fans.totals(ALL)) == ([], Totals(0, 0))
        for fail in (fans.get, fans.get_to_change, lambda fan_id: fans.change(fan_id, {"name": "x"})):
            with pytest.raises(NotFound):
                fail(new_id())

    def test_only_what_is_to_be_different_changes(self, fans: FanStore, add: Add) -> None:
        before = add(email="a@b.c", tags=("vip",), value_cents=5, metadata={"a": 1})
        after = fans.change(before.id, {"name": HOSTILE, "email": None, "value_cents": 6, "tags": ("x", "y")})
        assert (after.name, after.email, after.value, after.tags) == (HOSTILE, None, Money(6, "USD"), ("x", "y"))
        assert (after.metadata, after.platform_id) == (before.metadata, before.platform_id)
        assert etag(after) != etag(before)
        assert fans.get(before.id) == after

    def test_whoever_is_deleted_is_gone_from_everywhere_and_can_come_back(self, fans: FanStore, add: Add) -> None:
        fan = add(name="Robin", platform_id="u1", tags=("vip",))
        fans.delete(fan.id, NOON)
        assert (found(fans), found(fans, Filters(q="rob")), fans.totals(ALL).count) == ([], [], 0)
        assert not fans.selected(Selection(filters=ALL))
        for act in (fans.get, lambda fan_id: fans.delete(fan_id, NOON)):
            with pytest.raises(NotFound):
                act(fan.id)
        with pytest.raises(Conflict):
            add(platform_id="u1")
        restored = fans.restore(fan.id, NOON - timedelta(days=30))
        assert (restored.id, restored.tags) == (fan.id, ("vip",))
        assert found(fans) == [restored]

    def test_who_was_deleted_too_long_ago_stays_deleted(self, fans: FanStore, add: Add) -> None:
        fan = add()
        fans.delete(fan.id, NOON)
        with pytest.raises(NotFound):
            fans.restore(fan.id, NOON)

    def test_who_was_not_deleted_is_just_there(self, fans: FanStore, add: Add) -> None:
        fan = add()
        assert fans.restore(fan.id, NOON) == fan

    def test_a_selection_by_id_is_all_or_nobody(self, fans: FanStore, add: Add) -> None:
        one, other, deleted = add(), add(), add()
        fans.delete(deleted.id, NOON)
        assert set(fans.selected(Selection(ids=(other.id, one.id, one.id)))) == {one.id, other.id}
        for ids in ((one.id, new_id()), (deleted.id,)):
            with pytest.raises(NotFound):
                fans.selected(Selection(ids=ids))


def _key(fan: Fan, sort: Sort) -> tuple[object, UUID]:
    keys: dict[Sort, object] = {
        Sort.NAME: fan.name.lower(),
        Sort.VALUE: fan.value.cents,
        Sort.CREATED: fan.created_at,
        Sort.LAST_SEEN: fan.last_seen_at or datetime.min.replace(tzinfo=UTC),
    }
    return keys[sort], fan.id
