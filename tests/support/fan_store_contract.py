"""What every keeper of fans promises, the real one and the fake alike."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.errors import Conflict
from huntaze.fans.model import About, Fan, Platform, Position, SubscriptionStatus
from huntaze.fans.service import FanStore
from huntaze.ids import new_id
from huntaze.money import MOST_CENTS, Money
from tests.support.people import new_fan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = "Robert'); DROP TABLE fans;-- <script>alert(1)</script> %s %(name)s {0} \\ \" 🎉 \u202e"


class FanStoreContract:
    """Subclasses give `fans`, a store of a workspace without fans whose currency is USD."""

    @pytest.fixture
    def fans(self) -> FanStore:
        raise NotImplementedError

    @pytest.fixture
    def add(self, fans: FanStore) -> Callable[..., Fan]:
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
        assert list(fans.newest(10, None, None)) == [added]

    def test_without_a_currency_the_workspaces_own_counts(self, add: Callable[..., Fan]) -> None:
        assert add(value_cents=5, currency=None).value == Money(5, "USD")

    def test_the_same_person_is_kept_once(self, fans: FanStore, add: Callable[..., Fan]) -> None:
        first = add(platform=Platform.ONLYFANS, platform_id="u1")
        with pytest.raises(Conflict):
            add(platform=Platform.ONLYFANS, platform_id="u1", name="Another name")
        assert list(fans.newest(10, None, None)) == [first]

    def test_the_same_id_on_another_platform_is_another_person(self, add: Callable[..., Fan]) -> None:
        assert add(platform=Platform.ONLYFANS, platform_id="u1") != add(platform=Platform.FANSLY, platform_id="u1")

    def test_fans_without_a_platforms_id_do_not_collide(self, fans: FanStore, add: Callable[..., Fan]) -> None:
        add(platform=Platform.OTHER, platform_id=None)
        add(platform=Platform.OTHER, platform_id=None)
        assert len(fans.newest(10, None, None)) == 2

    def test_the_newest_come_first_and_ids_decide_between_equals(self, fans: FanStore, add: Callable[..., Fan]) -> None:
        added = [add(at) for at in (NOON, NOON + timedelta(microseconds=1), NOON, NOON - timedelta(days=1))]
        expected = sorted(added, key=lambda fan: (fan.created_at, fan.id), reverse=True)
        assert list(fans.newest(10, None, None)) == expected

    def test_pages_one_behind_the_other_show_everybody_once(self, fans: FanStore, add: Callable[..., Fan]) -> None:
        added = [add(NOON + timedelta(seconds=number // 3)) for number in range(10)]
        seen: list[Fan] = []
        after: Position | None = None
        while page := fans.newest(4, None, after):
            seen += page
            after = Position.of(page[-1])
        assert seen == sorted(added, key=lambda fan: (fan.created_at, fan.id), reverse=True)

    def test_the_list_can_be_narrowed_to_a_platform(self, fans: FanStore, add: Callable[..., Fan]) -> None:
        add(platform=Platform.ONLYFANS)
        wanted = [add(NOON - timedelta(seconds=number), platform=Platform.PATREON) for number in range(3)]
        assert list(fans.newest(10, Platform.PATREON, None)) == wanted
        assert list(fans.newest(10, Platform.PATREON, Position.of(wanted[0]))) == wanted[1:]
        assert list(fans.newest(1, Platform.PATREON, None)) == wanted[:1]
        assert not fans.newest(10, Platform.FANSLY, None)

    def test_nothing_follows_the_last(self, fans: FanStore, add: Callable[..., Fan]) -> None:
        assert not fans.newest(10, None, Position.of(add()))
