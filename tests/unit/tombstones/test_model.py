import pytest

from huntaze.errors import Misconfigured
from huntaze.ids import new_id
from huntaze.tombstones.model import Erased, Identity, Mark, marks
from huntaze.tombstones.service import Tombstones, without_a_key
from tests.support.fake_tombstones import FakeTombstones

HERE, KEY = new_id(), b"a key"


def who(platform: str = "onlyfans", **names: str) -> Identity:
    return Identity(platform, names.get("platform_id"), names.get("handle"), names.get("email"))


def _marks(identity: Identity) -> frozenset[Mark]:
    return marks(identity, HERE, KEY)


def test_each_name_has_a_mark_of_its_own() -> None:
    found = _marks(who(platform_id="1", handle="ada", email="ada@example.com"))
    assert sorted(mark.kind for mark in found) == ["account", "account", "email"]
    assert all(len(mark.hash) == 32 for mark in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (who(handle="Ada"), who(handle="@ada")),
        (who(handle="ada"), who(platform_id="ADA")),
        (who(email="Ada@Example.com"), who("fansly", email=" ada@example.com")),
    ],
)
def test_the_same_name_has_the_same_mark_however_it_is_written(one: Identity, other: Identity) -> None:
    assert _marks(one) == _marks(other)


def test_another_platform_workspace_or_key_makes_another_mark() -> None:
    ada = who(handle="ada")
    assert _marks(ada).isdisjoint(_marks(who("fansly", handle="ada")))
    assert _marks(ada).isdisjoint(marks(ada, new_id(), KEY))
    assert _marks(ada).isdisjoint(marks(ada, HERE, b"another key"))


def test_nobody_without_a_name_has_a_mark() -> None:
    assert _marks(who(platform_id=" ", handle="@")) == frozenset()


def test_who_was_erased_is_known_among_many() -> None:
    tombstones, store = Tombstones(lambda: KEY), FakeTombstones()
    store.keep(new_id(), tombstones.of(HERE, [who(handle="ada")]))
    assert tombstones.named(store, HERE, [who(handle="bob"), who(platform_id="ada"), who()]) == (False, True, False)
    with pytest.raises(Erased):
        tombstones.must_not_name(store, HERE, who(handle="ada"))
    tombstones.must_not_name(store, HERE, who(handle="bob"))


def test_the_key_is_asked_for_only_where_somebody_was_erased() -> None:
    tombstones, store = Tombstones(without_a_key), FakeTombstones()
    tombstones.must_not_name(store, HERE, who(handle="ada"))
    store.keep(new_id(), marks(who(handle="ada"), HERE, KEY))
    with pytest.raises(Misconfigured, match="ERASURE_KEY"):
        tombstones.must_not_name(store, HERE, who(handle="bob"))
