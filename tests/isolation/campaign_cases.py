"""Campaigns: theirs have the ids of ours, so whoever asks by id alone meets both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from huntaze.campaigns.audiences import PostgresAudiences
from huntaze.campaigns.kept import Kept
from huntaze.campaigns.model import Audience, Campaign, Outcome, PauseReason, Reason, Rules, Status
from huntaze.campaigns.recipients import PostgresRecipients
from huntaze.campaigns.steps import Chosen, Letter, Step
from huntaze.campaigns.store import PostgresCampaigns
from huntaze.campaigns.tending import EveryCampaign, PostgresTending
from huntaze.campaigns.waves import PostgresFlow
from huntaze.cursors import Position
from huntaze.ids import new_id
from tests.isolation.cases import World, case, is_absent
from tests.support.outgoing import campaign_message, launch
from tests.support.workspaces import acting

LATE = datetime(2031, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NEW = Kept(
    name="New",
    template={"content": "New"},
    target_audience={"include": {}},
    schedule={},
    starts_at=None,
    ends_at=None,
    left_out={},
)


def _campaigns(world: World) -> PostgresCampaigns:
    return PostgresCampaigns(world.connection, world.ours.id)


def _recipients(world: World) -> PostgresRecipients:
    return PostgresRecipients(world.connection, world.ours.id)


def _audiences(world: World) -> PostgresAudiences:
    return PostgresAudiences(world.connection, world.ours.id)


def _flow(world: World) -> PostgresFlow:
    return PostgresFlow(world.connection, world.ours.id)


def _tending(world: World) -> PostgresTending:
    return PostgresTending(world.connection, world.ours.id)


def _ours(world: World) -> UUID:
    return world.ours.of("campaign")


def _status(world: World) -> Status:
    return _campaigns(world).get(_ours(world)).status


def _set(world: World, change: str) -> None:
    world.connection.execute(
        f"UPDATE campaigns SET {change} WHERE workspace_id = %s AND id = %s",  # type: ignore[arg-type]  # noqa: S608
        [world.ours.id, _ours(world)],
    )


def _known(world: World) -> Campaign:
    return _campaigns(world).get(_ours(world))


@contextmanager
def _by_the_manager(world: World) -> Iterator[UUID]:
    with acting(world.connection, world.ours.of("manager")):
        yield world.ours.of("manager")


@case("PostgresCampaigns.newest")
def our_campaigns_are_listed_only(world: World) -> None:
    assert [one.id for one in _campaigns(world).newest(None, None, 9)] == [_ours(world)]
    assert _campaigns(world).newest(Status.ACTIVE, Position(LATE.isoformat(), new_id()), 9) == []


@case("PostgresCampaigns.get")
def theirs_is_not_there(world: World) -> None:
    assert is_absent(lambda: _campaigns(world).get(world.theirs.of("campaign")))
    assert _campaigns(world).get(_ours(world)).name == "Spring"


@case("PostgresCampaigns.get_to_change")
def ours_is_held_alone(world: World) -> None:
    assert is_absent(lambda: _campaigns(world).get_to_change(world.theirs.of("campaign")))
    assert _campaigns(world).get_to_change(_ours(world)).status is Status.DRAFT


@case("PostgresCampaigns.add")
def a_new_one_is_ours_whatever_its_id(world: World) -> None:
    assert _campaigns(world).add(world.theirs.of("campaign"), "campaign", NEW, NOW).name == "New"


@case("PostgresCampaigns.change")
def the_words_of_ours_are_changed_alone(world: World) -> None:
    assert _campaigns(world).change(_ours(world), NEW).name == "New"
    _campaigns(world).add(world.theirs.of("draft campaign"), "campaign", NEW, NOW)
    _campaigns(world).change(world.theirs.of("draft campaign"), replace(NEW, name="Newer"))


@case("PostgresCampaigns.discard")
def ours_is_discarded_alone(world: World) -> None:
    _campaigns(world).add(world.theirs.of("draft campaign"), "campaign", NEW, NOW)
    _campaigns(world).discard(world.theirs.of("draft campaign"))
    assert is_absent(lambda: _campaigns(world).get(world.theirs.of("draft campaign")))


@case("PostgresCampaigns.launch")
def ours_is_launched_alone_and_in_our_zone(world: World) -> None:
    _campaigns(world).add(world.theirs.of("draft campaign"), "campaign", NEW, NOW)
    with _by_the_manager(world) as manager:
        launched = _campaigns(world).launch(world.theirs.of("draft campaign"), manager, Status.ACTIVE, NOW)
    assert (launched.status, launched.schedule.zone) == (Status.ACTIVE, "UTC")


@case("PostgresCampaigns.pause")
def ours_rests_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    _campaigns(world).pause(_ours(world), PauseReason.PERSON)
    assert _status(world) is Status.PAUSED


@case("PostgresCampaigns.go_on")
def ours_goes_on_alone_by_its_own_numbers(world: World) -> None:
    launch(world.connection, world.ours)
    _campaigns(world).pause(_ours(world), PauseReason.PERSON)
    _campaigns(world).go_on(_ours(world), NOW)
    found = world.connection.execute(
        "SELECT watched_from FROM campaigns WHERE workspace_id = %s AND id = %s", [world.ours.id, _ours(world)]
    ).fetchone()
    assert found == {"watched_from": {}}
    _twin_rests(world)
    _campaigns(world).go_on(world.theirs.of("paused campaign"), NOW)


def _twin_rests(world: World) -> None:
    """One of ours that rests, and has the id of one of theirs that rests too."""
    _campaigns(world).add(world.theirs.of("paused campaign"), "campaign", NEW, NOW)
    with _by_the_manager(world) as manager:
        _campaigns(world).launch(world.theirs.of("paused campaign"), manager, Status.ACTIVE, NOW)
    _campaigns(world).pause(world.theirs.of("paused campaign"), PauseReason.PERSON)


@case("PostgresCampaigns.cancel")
def ours_is_cancelled_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    _campaigns(world).cancel(_ours(world), NOW)
    assert _status(world) is Status.CANCELLED


@case("PostgresCampaigns.retry_failed")
def what_failed_of_ours_is_tried_again_alone(world: World) -> None:
    message = campaign_message(world.connection, world.ours)
    world.connection.execute(
        "UPDATE messages SET status = 'failed' WHERE workspace_id = %s AND id = %s", [world.ours.id, message]
    )
    assert _campaigns(world).retry_failed(_ours(world)) == 1
    found = world.connection.execute(
        "SELECT watched_from FROM campaigns WHERE workspace_id = %s AND id = %s", [world.ours.id, _ours(world)]
    ).fetchone()
    assert found == {"watched_from": {"failed": 0}}


@case("PostgresCampaigns.overlapping")
def ours_meet_ours_only(world: World) -> None:
    launch(world.connection, world.ours)
    [met] = _campaigns(world).overlapping(new_id(), [world.ours.of("account")])
    assert (met.id, met.waiting) == (_ours(world), 1)


@case("PostgresRecipients.progress")
def their_numbers_are_not_ours(world: World) -> None:
    launch(world.connection, world.ours)
    campaign = _campaigns(world).get(_ours(world))
    progress = _recipients(world).progress([campaign])[campaign.id]
    assert (progress.of(Outcome.PENDING), progress.of(Outcome.FAILED)) == (1, 0)


@case("PostgresRecipients.page")
def their_recipients_are_not_told(world: World) -> None:
    launch(world.connection, world.ours)
    page = _recipients(world).page(_ours(world), None, None, 9)
    assert {one.fan_id for one in page} == {world.ours.of("fan"), world.ours.of("merged fan")}
    assert {one.name for one in page} == {"Robin", "Rob"}


@case("PostgresRecipients.lanes")
def our_accounts_and_what_waits_for_them_are_told_only(world: World) -> None:
    launch(world.connection, world.ours)
    [lane] = _recipients(world).lanes()
    assert (lane.account_id, dict(lane.campaigns)) == (world.ours.of("account"), {_ours(world): 1})


@case("PostgresAudiences.called")
def words_mean_our_fans_only(world: World) -> None:
    words = [str(world.ours.of("fan")), str(world.theirs.of("fan")), "robin", "a twin", "only theirs"]
    found = _audiences(world).called(words)
    assert found == {words[0]: world.ours.of("fan"), "robin": world.ours.of("fan")}
    twin = [str(world.theirs.of("merged fan")), "rob"]
    assert _audiences(world).called(twin) == {"rob": world.ours.of("fan")}


@case("PostgresAudiences.reaches_anybody")
def their_fans_are_nobody(world: World) -> None:
    nobody = Audience(recipient_ids=(str(world.theirs.of("fan")),), rules=Rules(active_chat_minutes=0))
    assert not _audiences(world).reaches_anybody(nobody, NOW)


@case("PostgresAudiences.reach")
def our_fans_are_reached_only(world: World) -> None:
    reach = _audiences(world).reach(Audience(rules=Rules(active_chat_minutes=0)), NOW)
    assert (reach.recipients, reach.sample) == (1, (world.ours.of("fan"),))


@case("PostgresAudiences.rendering")
def our_words_are_shown_for_our_fans(world: World) -> None:
    campaign = _campaigns(world).get(_ours(world))
    assert _audiences(world).rendering(campaign, world.ours.of("fan"), NOW).text == "Hello"
    assert is_absent(lambda: _audiences(world).rendering(campaign, world.theirs.of("fan of many words"), NOW))


@case("PostgresAudiences.fill")
def our_fans_are_filled_in_only(world: World) -> None:
    with _by_the_manager(world) as manager:
        campaign = _campaigns(world).launch(_ours(world), manager, Status.ACTIVE, LATE)
    everybody = replace(campaign, audience=Audience(rules=Rules(active_chat_minutes=0)))
    assert not _audiences(world).fill(everybody, 9)
    page = _recipients(world).page(_ours(world), Outcome.PENDING, None, 9)
    assert [one.fan_id for one in page] == [world.ours.of("fan")]


@case("PostgresFlow.accounts_waiting")
def nobody_of_ours_waits_where_only_theirs_do(world: World) -> None:
    assert _flow(world).accounts_waiting([_ours(world)]) == []


@case("PostgresFlow.take_back")
def what_is_late_of_theirs_stays(world: World) -> None:
    assert _flow(world).take_back(world.ours.of("account")) == 0


@case("PostgresFlow.ready")
def ours_is_ready_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    [ready] = _flow(world).ready(world.ours.of("account"))
    assert (ready.id, len(ready.queued)) == (_ours(world), 1)


@case("PostgresFlow.zones")
def their_zones_are_not_ours(world: World) -> None:
    launch(world.connection, world.ours)
    assert _flow(world).zones(_ours(world), world.ours.of("account")) == [None]
    _move_to_paris(world)
    assert _flow(world).zones(_ours(world), world.ours.of("account")) == [None, "Africa/Cairo"]


def _move_to_paris(world: World) -> None:
    """A second recipient of ours in a zone that comes before theirs: their zone would be the next."""
    world.connection.execute(
        "INSERT INTO campaign_recipients (workspace_id, campaign_id, fan_id, account_id, zone)"
        " SELECT %s, %s, id, %s, 'Africa/Cairo' FROM fans WHERE workspace_id = %s AND id = %s",
        [world.ours.id, _ours(world), world.ours.of("account"), world.ours.id, _another_fan(world)],
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
    chosen = _flow(world).choose(_ours(world), world.ours.of("account"), None, 9)
    assert [one.fan_id for one in chosen] == [world.ours.of("fan")]


@case("PostgresFlow.leave_out")
def nobody_of_theirs_is_left_out(world: World) -> None:
    launch(world.connection, world.ours)
    twin = world.ours.of("a campaign's message")
    _flow(world).leave_out(_ours(world), [Chosen(fan_id=world.ours.of("fan"), message_id=twin, reason="unknown")])
    [left_out] = _recipients(world).page(_ours(world), Outcome.SKIPPED, Position("", world.ours.of("merged fan")), 9)[
        :1
    ] or _recipients(world).page(_ours(world), Outcome.SKIPPED, None, 1)
    assert left_out.outcome is Outcome.SKIPPED


@case("PostgresFlow.put")
def what_is_put_is_ours(world: World) -> None:
    launch(world.connection, world.ours)
    letter = Letter(
        campaign_id=_ours(world),
        fan_id=world.ours.of("fan"),
        message_id=new_id(),
        conversation_id=new_id(),
        is_new=True,
        leave_before=None,
        queued_at=NOW,
    )
    _flow(world).put(world.ours.of("account"), [letter], NOW)
    [queued] = _recipients(world).page(_ours(world), Outcome.QUEUED, None, 9)
    assert queued.message_id == letter.message_id
    again = replace(letter, message_id=world.ours.of("a campaign's message"), is_new=False)
    _flow(world).put(world.ours.of("account"), [again], NOW)


@case("PostgresFlow.put")
def a_conversation_is_opened_with_our_fan_only(world: World) -> None:
    letter = Letter(
        campaign_id=_ours(world),
        fan_id=world.theirs.of("fan of many words"),
        message_id=new_id(),
        conversation_id=new_id(),
        is_new=True,
        leave_before=None,
        queued_at=NOW,
    )
    _flow(world).put(world.ours.of("account"), [letter], NOW)


@case("PostgresTending.held_to_fill")
def theirs_is_not_held_to_be_filled(world: World) -> None:
    assert not _tending(world).held_to_fill(_ours(world))


@case("PostgresTending.held")
def ours_is_held_and_seen_to_alone(world: World) -> None:
    assert _tending(world).held(world.theirs.of("campaign")) is Step.NOTHING
    assert _tending(world).held(_ours(world)) is Step.NOTHING


@case("PostgresTending.start")
def ours_begins_alone(world: World) -> None:
    _campaigns(world).add(world.theirs.of("scheduled campaign"), "campaign", replace(NEW, starts_at=NOW), NOW)
    with _by_the_manager(world) as manager:
        _campaigns(world).launch(world.theirs.of("scheduled campaign"), manager, Status.SCHEDULED, NOW)
    _tending(world).start(world.theirs.of("scheduled campaign"))
    assert _campaigns(world).get(world.theirs.of("scheduled campaign")).status is Status.ACTIVE


@case("PostgresTending.pause")
def ours_is_put_to_rest_alone(world: World) -> None:
    campaign_message(world.connection, world.ours)
    _tending(world).pause(_ours(world), PauseReason.ERRORS)
    assert _status(world) is Status.PAUSED


@case("PostgresTending.take_back")
def what_ours_has_let_out_is_taken_back_alone(world: World) -> None:
    _tending(world).take_back(_ours(world))


@case("PostgresTending.put_aside")
def ours_are_put_aside_alone(world: World) -> None:
    launch(world.connection, world.ours)
    assert _tending(world).put_aside(_ours(world), Reason.TOO_LATE, 1)
    progress = _recipients(world).progress([_known(world)])[_ours(world)]
    assert progress.excluded == {"duplicate": 1, "too_late": 1}


@case("PostgresTending.put_aside")
def the_drafts_of_ours_go_alone(world: World) -> None:
    message = campaign_message(world.connection, world.ours)
    _tending(world).take_back(_ours(world))
    _tending(world).put_aside(_ours(world), None, 9)
    found = world.connection.execute(
        "SELECT status FROM messages WHERE workspace_id = %s AND id = %s", [world.ours.id, message]
    ).fetchone()
    assert found == {"status": "cancelled"}


@case("PostgresTending.close")
def ours_is_closed_alone(world: World) -> None:
    ours = world.theirs.of("cancelled campaign")
    _campaigns(world).add(ours, "campaign", NEW, NOW)
    with _by_the_manager(world) as manager:
        _campaigns(world).launch(ours, manager, Status.ACTIVE, NOW)
    _campaigns(world).cancel(ours, NOW)
    _tending(world).close(ours)


@case("PostgresTending.fold")
def our_sums_are_ours(world: World) -> None:
    launch(world.connection, world.ours)
    _tending(world).fold(_ours(world))
    found = world.connection.execute(
        "SELECT metrics ->> 'failed' AS failed FROM campaigns WHERE workspace_id = %s AND id = %s",
        [world.ours.id, _ours(world)],
    ).fetchone()
    assert found == {"failed": "0"}


@case("PostgresTending.fold")
def few_of_ours_are_not_folded_for_many_of_theirs(world: World) -> None:
    campaign_message(world.connection, world.ours)
    before = _tallies(world)
    _tending(world).fold(_ours(world))
    assert _tallies(world) == before


def _tallies(world: World) -> object:
    return world.connection.execute(
        "SELECT id FROM campaign_tallies WHERE workspace_id = %s AND campaign_id = %s ORDER BY id",
        [world.ours.id, _ours(world)],
    ).fetchall()


@case("PostgresTending.ended")
def how_theirs_goes_is_not_told(world: World) -> None:
    launch(world.connection, world.ours)
    ended = _tending(world).ended(_ours(world))
    assert (ended.failed, ended.waiting) == (0, 1)


@case("PostgresTending.complete")
def theirs_is_not_completed(world: World) -> None:
    assert not _tending(world).complete(_ours(world))
    ours = world.theirs.of("campaign")
    _campaigns(world).add(ours, "campaign", NEW, NOW)
    with _by_the_manager(world) as manager:
        _campaigns(world).launch(ours, manager, Status.ACTIVE, NOW)
    world.connection.execute(
        "UPDATE campaigns SET filled_at = now() WHERE workspace_id = %s AND id = %s", [world.ours.id, ours]
    )
    assert _tending(world).complete(ours)


@case("EveryCampaign.to_run")
def ids_alone_are_told_to_a_schedule(world: World) -> None:
    every = EveryCampaign(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    assert (world.theirs.id, world.theirs.of("campaign")) in every.to_run(100)
