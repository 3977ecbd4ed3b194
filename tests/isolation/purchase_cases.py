"""The cases of what fans buy."""

from huntaze.ids import new_id
from huntaze.purchases.store import PostgresPurchases
from tests.isolation.cases import NOON, World, add_twin, case

PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, message_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (%s, %s, %s, %s, 'onlyfans', 'sold', 'ppv', 900, %s)
"""


def _purchases(world: World) -> PostgresPurchases:
    return PostgresPurchases(world.connection, world.ours.id)


@case("PostgresPurchases.bought")
def what_their_fan_bought_is_not_told(world: World) -> None:
    assert _purchases(world).bought(world.theirs.of("fan"), 100) == []
    assert [one.kind for one in _purchases(world).bought(world.ours.of("fan"), 100)] == ["tip"]


@case("PostgresPurchases.bought")
def of_two_with_one_id_ours_has_bought_nothing(world: World) -> None:
    assert _purchases(world).bought(add_twin(world).id, 100) == []


@case("PostgresPurchases.bought")
def what_their_message_of_the_same_id_says_is_not_told(world: World) -> None:
    ours = world.ours
    world.connection.execute(PAY, (ours.id, new_id(), ours.of("fan"), ours.of("question"), NOON))
    assert sorted(one.text for one in _purchases(world).bought(ours.of("fan"), 100)) == ["", "Hi?"]


@case("PostgresPurchases.offered")
def what_their_fan_was_offered_is_not_told(world: World) -> None:
    assert _purchases(world).offered(world.theirs.of("fan"), 100) == []
    assert _purchases(world).offered(add_twin(world).id, 100) == []
