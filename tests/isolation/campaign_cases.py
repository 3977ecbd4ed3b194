"""Campaigns: theirs have the ids of ours, so whoever asks by id alone meets both."""

from dataclasses import replace

from huntaze.campaigns.model import Audience, Outcome, PauseReason, Rules, Status
from huntaze.cursors import Position
from huntaze.ids import new_id
from tests.isolation.campaigns_at_hand import (
    LATE,
    NEW,
    NOW,
    audiences,
    by_the_manager,
    campaigns,
    our_campaign,
    recipients,
    status,
)
from tests.isolation.cases import World, case, is_absent
from tests.support.outgoing import campaign_message, launch


@case("PostgresCampaigns.newest")
def our_campaigns_are_listed_only(world: World) -> None:
    assert [one.id for one in campaigns(world).newest(None, None, 9)] == [our_campaign(world)]
    assert campaigns(world).newest(Status.ACTIVE, Position(LATE.isoformat(), new_id()), 9) == []


@case("PostgresCampaigns.get")
def theirs_is_not_there(world: World) -> None:
    assert is_absent(lambda: campaigns(world).get(world.theirs.of("campaign")))
    assert campaigns(world).get(our_campaign(world)).name == "Spring"


@case("PostgresCampaigns.get_to_change")
def ours_is_held_alone(world: World) -> None:
    assert is_absent(lambda: campaigns(world).get_to_change(world.theirs.of("campaign")))
    assert campaigns(world).get_to_change(our_campaign(world)).status is Status.DRAFT


@case("PostgresCampaigns.add")
def a_new_one_is_ours_whatever_its_id(world: World) -> None:
    assert campaigns(world).add(world.theirs.of("campaign"), "campaign", NEW, NOW).name == "New"


@case("PostgresCampaigns.change")
def the_words_of_ours_are_changed_alone(world: World) -> None:
    assert campaigns(world).change(our_campaign(world), NEW).name == "New"
    campaigns(world).add(world.theirs.of("draft campaign"), "campaign", NEW, NOW)
    campaigns(world).change(world.theirs.of("draft campaign"), replace(NEW, name="Newer"))


@case("PostgresCampaigns.discard")
def ours_is_discarded_alone(world: World) -> None:
    campaigns(world).add(world.theirs.of("draft campaign"), "campaign", NEW, NOW)
    campaigns(world).discard(world.theirs.of("draft campaign"))
    assert is_absent(lambda: campaigns(world).get(world.theirs.of("draft campaign")))


@case("PostgresCampaigns.launch")
def ours_is_launched_alone_and_in_our_zone(world: World) -> None:
    campaigns(world).add(world.theirs.of("draft campaign"), "campaign", NEW, NOW)
    with by_the_manager(world) as manager:
        launched = campaigns(world).launch(world.theirs.of("draft campaign"), manager, Status.ACTIVE, NOW)
    assert (launched.status, launched.schedule.zone) == (Status.ACTIVE, "UTC")


@case("PostgresCampaigns.pause")
def ours_rests_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    campaigns(world).pause(our_campaign(world), PauseReason.PERSON)
    assert status(world) is Status.PAUSED


@case("PostgresCampaigns.go_on")
def ours_goes_on_alone_by_its_own_numbers(world: World) -> None:
    launch(world.connection, world.ours)
    campaigns(world).pause(our_campaign(world), PauseReason.PERSON)
    campaigns(world).go_on(our_campaign(world), NOW)
    found = world.connection.execute(
        "SELECT watched_from FROM campaigns WHERE workspace_id = %s AND id = %s", [world.ours.id, our_campaign(world)]
    ).fetchone()
    assert found == {"watched_from": {}}
    _twin_rests(world)
    campaigns(world).go_on(world.theirs.of("paused campaign"), NOW)


def _twin_rests(world: World) -> None:
    """One of ours that rests, and has the id of one of theirs that rests too."""
    campaigns(world).add(world.theirs.of("paused campaign"), "campaign", NEW, NOW)
    with by_the_manager(world) as manager:
        campaigns(world).launch(world.theirs.of("paused campaign"), manager, Status.ACTIVE, NOW)
    campaigns(world).pause(world.theirs.of("paused campaign"), PauseReason.PERSON)


@case("PostgresCampaigns.cancel")
def ours_is_cancelled_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    campaigns(world).cancel(our_campaign(world), NOW)
    assert status(world) is Status.CANCELLED


@case("PostgresCampaigns.retry_failed")
def what_failed_of_ours_is_tried_again_alone(world: World) -> None:
    message = campaign_message(world.connection, world.ours)
    world.connection.execute(
        "UPDATE messages SET status = 'failed' WHERE workspace_id = %s AND id = %s", [world.ours.id, message]
    )
    assert campaigns(world).retry_failed(our_campaign(world)) == 1
    found = world.connection.execute(
        "SELECT watched_from FROM campaigns WHERE workspace_id = %s AND id = %s", [world.ours.id, our_campaign(world)]
    ).fetchone()
    assert found == {"watched_from": {"failed": 0}}


@case("PostgresCampaigns.overlapping")
def ours_meet_ours_only(world: World) -> None:
    launch(world.connection, world.ours)
    [met] = campaigns(world).overlapping(new_id(), [world.ours.of("account")])
    assert (met.id, met.waiting) == (our_campaign(world), 1)


@case("PostgresRecipients.progress")
def their_numbers_are_not_ours(world: World) -> None:
    launch(world.connection, world.ours)
    campaign = campaigns(world).get(our_campaign(world))
    progress = recipients(world).progress([campaign])[campaign.id]
    assert (progress.of(Outcome.PENDING), progress.of(Outcome.FAILED)) == (1, 0)


@case("PostgresRecipients.page")
def their_recipients_are_not_told(world: World) -> None:
    launch(world.connection, world.ours)
    page = recipients(world).page(our_campaign(world), None, None, 9)
    assert {one.fan_id for one in page} == {world.ours.of("fan"), world.ours.of("merged fan")}
    assert {one.name for one in page} == {"Robin", "Rob"}


@case("PostgresRecipients.lanes")
def our_accounts_and_what_waits_for_them_are_told_only(world: World) -> None:
    launch(world.connection, world.ours)
    [lane] = recipients(world).lanes()
    assert (lane.account_id, dict(lane.campaigns)) == (world.ours.of("account"), {our_campaign(world): 1})


@case("PostgresAudiences.called")
def words_mean_our_fans_only(world: World) -> None:
    words = [str(world.ours.of("fan")), str(world.theirs.of("fan")), "robin", "a twin", "only theirs"]
    found = audiences(world).called(words)
    assert found == {words[0]: world.ours.of("fan"), "robin": world.ours.of("fan")}
    twin = [str(world.theirs.of("merged fan")), "rob"]
    assert audiences(world).called(twin) == {"rob": world.ours.of("fan")}


@case("PostgresAudiences.reaches_anybody")
def their_fans_are_nobody(world: World) -> None:
    nobody = Audience(recipient_ids=(str(world.theirs.of("fan")),), rules=Rules(active_chat_minutes=0))
    assert not audiences(world).reaches_anybody(nobody, NOW)


@case("PostgresAudiences.reach")
def our_fans_are_reached_only(world: World) -> None:
    reach = audiences(world).reach(Audience(rules=Rules(active_chat_minutes=0)), NOW)
    assert (reach.recipients, reach.sample) == (1, (world.ours.of("fan"),))


@case("PostgresAudiences.rendering")
def our_words_are_shown_for_our_fans(world: World) -> None:
    campaign = campaigns(world).get(our_campaign(world))
    assert audiences(world).rendering(campaign, world.ours.of("fan"), NOW).text == "Hello"
    assert is_absent(lambda: audiences(world).rendering(campaign, world.theirs.of("fan of many words"), NOW))


@case("PostgresAudiences.take_turns")
def taking_turns_reads_nothing(world: World) -> None:
    audiences(world).take_turns(Audience(rules=Rules(at_most=1)))


@case("PostgresAudiences.fill")
def our_fans_are_filled_in_only(world: World) -> None:
    with by_the_manager(world) as manager:
        campaign = campaigns(world).launch(our_campaign(world), manager, Status.ACTIVE, LATE)
    everybody = replace(campaign, audience=Audience(rules=Rules(active_chat_minutes=0)))
    assert not audiences(world).fill(everybody, 9)
    page = recipients(world).page(our_campaign(world), Outcome.PENDING, None, 9)
    assert [one.fan_id for one in page] == [world.ours.of("fan")]
