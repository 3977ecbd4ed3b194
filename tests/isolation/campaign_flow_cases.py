"""What a campaign lets out, and which are seen to: of one workspace only."""

from dataclasses import replace
from uuid import UUID

from huntaze.campaigns.model import Outcome, PauseReason, Reason, Status
from huntaze.campaigns.steps import Chosen, Letter, Step
from huntaze.campaigns.tending import EveryCampaign
from huntaze.cursors import Position
from huntaze.ids import new_id
from tests.isolation.campaigns_at_hand import (
    NEW,
    NOW,
    by_the_manager,
    campaigns,
    flow,
    known,
    our_campaign,
    recipients,
    status,
    tending,
)
from tests.isolation.cases import World, case
from tests.support.outgoing import campaign_message, launch


@case("PostgresFlow.accounts_waiting")
def nobody_of_ours_waits_where_only_theirs_do(world: World) -> None:
    assert flow(world).accounts_waiting([our_campaign(world)]) == []


@case("PostgresFlow.take_back")
def what_is_late_of_theirs_stays(world: World) -> None:
    assert flow(world).take_back(world.ours.of("account")) == 0


@case("PostgresFlow.ready")
def ours_is_ready_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    [ready] = flow(world).ready(world.ours.of("account"))
    assert (ready.id, len(ready.queued)) == (our_campaign(world), 1)


@case("PostgresFlow.zones")
def their_zones_are_not_ours(world: World) -> None:
    launch(world.connection, world.ours)
    assert flow(world).zones(our_campaign(world), world.ours.of("account")) == [None]
    _move_to_paris(world)
    assert flow(world).zones(our_campaign(world), world.ours.of("account")) == [None, "Africa/Cairo"]


def _move_to_paris(world: World) -> None:
    """A second recipient of ours in a zone that comes before theirs: their zone would be the next."""
    world.connection.execute(
        "INSERT INTO campaign_recipients (workspace_id, campaign_id, fan_id, account_id, zone)"
        " SELECT %s, %s, id, %s, 'Africa/Cairo' FROM fans WHERE workspace_id = %s AND id = %s",
        [world.ours.id, our_campaign(world), world.ours.of("account"), world.ours.id, _another_fan(world)],
    )


def _another_fan(world: World) -> UUID:
    fan_id = new_id()
    world.connection.execute(
        "INSERT INTO fans (workspace_id, id, name, platform) VALUES (%s, %s, 'Kim', 'onlyfans')",
        [world.ours.id, fan_id],
    )
    return fan_id


@case("PostgresFlow.choose")
def ours_are_chosen_only(world: World) -> None:
    launch(world.connection, world.ours)
    chosen = flow(world).choose(our_campaign(world), world.ours.of("account"), None, 9)
    assert [one.fan_id for one in chosen] == [world.ours.of("fan")]


@case("PostgresFlow.leave_out")
def nobody_of_theirs_is_left_out(world: World) -> None:
    launch(world.connection, world.ours)
    twin = world.ours.of("a campaign's message")
    flow(world).leave_out(our_campaign(world), [Chosen(fan_id=world.ours.of("fan"), message_id=twin, reason="unknown")])
    [left_out] = recipients(world).page(
        our_campaign(world), Outcome.SKIPPED, Position("", world.ours.of("merged fan")), 9
    )[:1] or recipients(world).page(our_campaign(world), Outcome.SKIPPED, None, 1)
    assert left_out.outcome is Outcome.SKIPPED


@case("PostgresFlow.put")
def what_is_put_is_ours(world: World) -> None:
    launch(world.connection, world.ours)
    letter = Letter(
        campaign_id=our_campaign(world),
        fan_id=world.ours.of("fan"),
        message_id=new_id(),
        conversation_id=new_id(),
        is_new=True,
        leave_before=None,
        queued_at=NOW,
    )
    flow(world).put(world.ours.of("account"), [letter], NOW)
    [queued] = recipients(world).page(our_campaign(world), Outcome.QUEUED, None, 9)
    assert queued.message_id == letter.message_id
    again = replace(letter, message_id=world.ours.of("a campaign's message"), is_new=False)
    flow(world).put(world.ours.of("account"), [again], NOW)


@case("PostgresFlow.put")
def a_conversation_is_opened_with_our_fan_only(world: World) -> None:
    letter = Letter(
        campaign_id=our_campaign(world),
        fan_id=world.theirs.of("fan of many words"),
        message_id=new_id(),
        conversation_id=new_id(),
        is_new=True,
        leave_before=None,
        queued_at=NOW,
    )
    flow(world).put(world.ours.of("account"), [letter], NOW)


@case("PostgresTending.held_to_fill")
def theirs_is_not_held_to_be_filled(world: World) -> None:
    assert not tending(world).held_to_fill(our_campaign(world))


@case("PostgresTending.held")
def ours_is_held_and_seen_to_alone(world: World) -> None:
    assert tending(world).held(world.theirs.of("campaign")) is Step.NOTHING
    assert tending(world).held(our_campaign(world)) is Step.NOTHING


@case("PostgresTending.start")
def ours_begins_alone(world: World) -> None:
    campaigns(world).add(world.theirs.of("scheduled campaign"), "campaign", replace(NEW, starts_at=NOW), NOW)
    with by_the_manager(world) as manager:
        campaigns(world).launch(world.theirs.of("scheduled campaign"), manager, Status.SCHEDULED, NOW)
    tending(world).start(world.theirs.of("scheduled campaign"))
    assert campaigns(world).get(world.theirs.of("scheduled campaign")).status is Status.ACTIVE


@case("PostgresTending.pause")
def ours_is_put_to_rest_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    tending(world).pause(our_campaign(world), PauseReason.ERRORS)
    assert status(world) is Status.PAUSED


@case("PostgresTending.take_back")
def what_ours_has_let_out_is_taken_back_alone(world: World) -> None:
    tending(world).take_back(our_campaign(world))


@case("PostgresTending.put_aside")
def ours_are_put_aside_alone(world: World) -> None:
    launch(world.connection, world.ours)
    assert tending(world).put_aside(our_campaign(world), Reason.TOO_LATE, 1)
    progress = recipients(world).progress([known(world)])[our_campaign(world)]
    assert progress.excluded == {"duplicate": 1, "too_late": 1}


@case("PostgresTending.put_aside")
def the_drafts_of_ours_go_alone(world: World) -> None:
    message = campaign_message(world.connection, world.ours)
    tending(world).take_back(our_campaign(world))
    tending(world).put_aside(our_campaign(world), None, 9)
    found = world.connection.execute(
        "SELECT status FROM messages WHERE workspace_id = %s AND id = %s", [world.ours.id, message]
    ).fetchone()
    assert found == {"status": "cancelled"}


@case("PostgresTending.close")
def ours_is_closed_alone(world: World) -> None:
    ours = world.theirs.of("cancelled campaign")
    campaigns(world).add(ours, "campaign", NEW, NOW)
    with by_the_manager(world) as manager:
        campaigns(world).launch(ours, manager, Status.ACTIVE, NOW)
    campaigns(world).cancel(ours, NOW)
    tending(world).close(ours)


@case("PostgresTending.fold")
def our_sums_are_ours(world: World) -> None:
    launch(world.connection, world.ours)
    tending(world).fold(our_campaign(world))
    found = world.connection.execute(
        "SELECT metrics ->> 'failed' AS failed FROM campaigns WHERE workspace_id = %s AND id = %s",
        [world.ours.id, our_campaign(world)],
    ).fetchone()
    assert found == {"failed": "0"}


@case("PostgresTending.fold")
def few_of_ours_are_not_folded_for_many_of_theirs(world: World) -> None:
    campaign_message(world.connection, world.ours)
    before = _tallies(world)
    tending(world).fold(our_campaign(world))
    assert _tallies(world) == before


def _tallies(world: World) -> object:
    return world.connection.execute(
        "SELECT id FROM campaign_tallies WHERE workspace_id = %s AND campaign_id = %s ORDER BY id",
        [world.ours.id, our_campaign(world)],
    ).fetchall()


@case("PostgresTending.ended")
def how_theirs_goes_is_not_told(world: World) -> None:
    launch(world.connection, world.ours)
    ended = tending(world).ended(our_campaign(world))
    assert (ended.failed, ended.waiting) == (0, 1)


@case("PostgresTending.complete")
def theirs_is_not_completed(world: World) -> None:
    assert not tending(world).complete(our_campaign(world))
    ours = world.theirs.of("campaign")
    campaigns(world).add(ours, "campaign", NEW, NOW)
    with by_the_manager(world) as manager:
        campaigns(world).launch(ours, manager, Status.ACTIVE, NOW)
    world.connection.execute(
        "UPDATE campaigns SET filled_at = now() WHERE workspace_id = %s AND id = %s", [world.ours.id, ours]
    )
    assert tending(world).complete(ours)


@case("EveryCampaign.to_run")
def ids_alone_are_told_to_a_schedule(world: World) -> None:
    every = EveryCampaign(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    assert (world.theirs.id, world.theirs.of("campaign")) in every.to_run(100)
