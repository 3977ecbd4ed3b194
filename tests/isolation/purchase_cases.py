"""The cases of what fans buy."""

from huntaze.purchases.store import PostgresPurchases
from tests.isolation.cases import World, add_twin, case


def _purchases(world: World) -> PostgresPurchases:
    return PostgresPurchases(world.connection, world.ours.id)


@case("PostgresPurchases.bought")
def what_their_fan_bought_is_not_told(world: World) -> None:
    assert _purchases(world).bought(world.theirs.of("fan"), 100) == []
    assert [one.kind for one in _purchases(world).bought(world.ours.of("fan"), 100)] == ["tip"]


@case("PostgresPurchases.bought")
def of_two_with_one_id_ours_has_bought_nothing(world: World) -> None:
    assert _purchases(world).bought(add_twin(world).id, 100) == []


@case("PostgresPurchases.offered")
def what_their_fan_was_offered_is_not_told(world: World) -> None:
    assert _purchases(world).offered(world.theirs.of("fan"), 100) == []
    assert _purchases(world).offered(add_twin(world).id, 100) == []
