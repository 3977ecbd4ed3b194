"""What home and the log of what was said tell, and the sums of payments."""

from datetime import timedelta

from huntaze.earnings.model import Stretches
from huntaze.earnings.store import PostgresEarnings
from huntaze.home.model import Waiting
from huntaze.home.store import PostgresHome
from huntaze.ids import new_id
from huntaze.sent.model import Fate, Filters
from huntaze.sent.store import PostgresSent
from tests.isolation.cases import World, case
from tests.support.outgoing import message_in
from tests.support.workspaces import NOON as SEEDED


def _sent(world: World) -> PostgresSent:
    return PostgresSent(world.connection, world.ours.id)


@case("PostgresSent.matching")
def what_we_said_is_listed_only(world: World) -> None:
    ours = message_in(world.connection, world.ours, "failed", world.theirs.of("a failed message"))
    asked = (Filters(), Filters(fate=Fate.TROUBLE), Filters(world.ours.of("chatter")))
    for filters in asked:
        assert [(entry.id, entry.fan_name) for entry in _sent(world).matching(filters, None, 100)] == [(ours, "Robin")]
    assert _sent(world).matching(Filters(world.theirs.of("chatter")), None, 100) == []
    assert _sent(world).matching(Filters(elsewhere=True), None, 100) == []


@case("PostgresSent.approvers")
def our_people_are_named_only(world: World) -> None:
    assert _sent(world).approvers() == []
    message_in(world.connection, world.ours, "failed", new_id())
    assert [one.id for one in _sent(world).approvers()] == [world.ours.of("chatter")]


@case("PostgresHome.waiting")
def what_waits_for_them_is_not_counted(world: World) -> None:
    assert PostgresHome(world.connection, world.ours.id).waiting(100) == Waiting(1, 0, 0)


@case("PostgresHome.drafts")
def our_drafts_are_at_hand_only(world: World) -> None:
    drafts = PostgresHome(world.connection, world.ours.id).drafts(None, 100)
    assert [(draft.id, draft.fan_name) for draft in drafts] == [(world.ours.of("draft"), "Robin")]


@case("PostgresEarnings.so_far")
def what_they_earn_is_not_counted(world: World) -> None:
    stretches = Stretches.at(SEEDED + timedelta(hours=1), "UTC")
    [tips] = PostgresEarnings(world.connection, world.ours.id).so_far(stretches)
    assert (tips.kind, tips.today.cents, tips.month.cents, tips.last_month.cents) == ("tip", 500, 500, 0)
