"""The schedule: quiet hours, ends, turns between campaigns, replies and revenue, a database restored to yesterday."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from huntaze.campaigns.model import Outcome, QuietHours, Schedule, Variant
from huntaze.delivery.model import Claimed, NothingDue
from huntaze.ids import new_id
from huntaze.messages.model import Content, Filters, Listing, Told
from huntaze.money import Money
from huntaze.payments.model import Kind, Payment
from tests.support.campaigns import Ground, later, named

NIGHT = QuietHours(begin=time(22), end=time(8))
IN_THEIR_NIGHT = QuietHours(begin=time(22), end=time(8), in_fans_zone=True)


def _at(ground: Ground, moment: datetime, zone: str = "Europe/Paris") -> None:
    """The clock of the schedule, and the creator's zone."""
    ground.clock.moment = moment
    ground.run("UPDATE workspaces SET timezone = %s WHERE id = %s", zone, ground.workspace_id)


def _leaves_before(ground: Ground) -> set[datetime | None]:
    return {
        moment
        for (moment,) in ground.run(
            "SELECT leave_before FROM messages WHERE workspace_id = %s AND status = 'queued'", ground.workspace_id
        )
    }


def test_nothing_is_let_out_in_quiet_hours_and_what_is_let_out_before_must_leave_before_them(ground: Ground) -> None:
    ground.more_fans(3)
    _at(ground, datetime(2027, 1, 15, 22, 30, tzinfo=UTC))  # 23:30
    campaign = ground.launched(schedule=Schedule(quiet=NIGHT))
    assert ground.outcomes(campaign) == {"pending": 3}
    ground.clock.moment = datetime(2027, 1, 16, 7, 0, tzinfo=UTC)
    ground.minute()
    assert ground.outcomes(campaign) == {"queued": 3}
    assert _leaves_before(ground) == {datetime(2027, 1, 16, 21, 0, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("still_quiet", "not_quiet", "quiet_again"),
    [
        # The clocks of Paris go forward on 28 March 2027 and back on 31 October.
        ("2027-03-28T05:59Z", "2027-03-28T06:00Z", "2027-03-28T20:00Z"),
        ("2027-10-31T06:59Z", "2027-10-31T07:00Z", "2027-10-31T21:00Z"),
    ],
)
def test_quiet_hours_end_by_the_clocks_also_on_the_day_these_change(
    ground: Ground, still_quiet: str, not_quiet: str, quiet_again: str
) -> None:
    ground.more_fans(1)
    _at(ground, datetime.fromisoformat(still_quiet))
    campaign = ground.launched(schedule=Schedule(quiet=NIGHT))
    ground.minute()
    assert ground.outcomes(campaign) == {"pending": 1}
    ground.clock.moment = datetime.fromisoformat(not_quiet)
    ground.minute()
    assert ground.outcomes(campaign) == {"queued": 1}
    assert _leaves_before(ground) == {datetime.fromisoformat(quiet_again)}


def test_quiet_hours_are_asked_in_each_fans_zone_where_that_is_known(ground: Ground) -> None:
    paris, kathmandu, nowhere, unsaid = ground.more_fans(4)
    for fan, zone in ((paris, "Europe/Paris"), (kathmandu, "Asia/Kathmandu"), (nowhere, "Mars/Base")):
        ground.run("UPDATE fans SET metadata = %s WHERE id = %s", Jsonb({"timezone": zone}), fan)
    _at(ground, datetime(2027, 1, 15, 16, 20, tzinfo=UTC), "America/New_York")  # 17:20, 22:05, 11:20
    campaign = ground.launched(schedule=Schedule(quiet=IN_THEIR_NIGHT))
    waiting = ground.run(
        "SELECT fan_id FROM campaign_recipients WHERE campaign_id = %s AND status = 'pending'", campaign.id
    )
    assert waiting == [(kathmandu,)]
    ends = dict(ground.run("SELECT fan_id, leave_before FROM messages WHERE campaign_id = %s", campaign.id))
    assert ends[paris] == datetime(2027, 1, 15, 21, tzinfo=UTC)
    assert ends[nowhere] == ends[unsaid] == datetime(2027, 1, 16, 3, tzinfo=UTC)
    ground.clock.moment = datetime(2027, 1, 16, 2, 15, tzinfo=UTC)
    ground.minute()
    assert ground.outcomes(campaign) == {"queued": 4}


def test_what_has_not_left_when_it_should_have_waits_again(ground: Ground) -> None:
    ground.more_fans(2)
    campaign = ground.launched()
    ground.run("UPDATE messages SET leave_before = now() WHERE campaign_id = %s", campaign.id)
    [(account,)] = ground.run("SELECT DISTINCT account_id FROM messages WHERE campaign_id = %s", campaign.id)
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        assert isinstance(stores.claims.claim(account, new_id()), NothingDue)
    assert ground.outcomes(campaign) == {"pending": 2}
    ground.minute()
    assert ground.outcomes(campaign) == {"queued": 2}
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        assert isinstance(stores.claims.claim(account, new_id()), Claimed)


def test_nobody_sees_what_waits_as_a_draft(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched()
    [(conversation, *place)] = ground.run(
        "SELECT id, archived, last_message_at FROM conversations WHERE fan_id = %s", fan
    )
    assert place == [True, None]
    listing = Listing(9, Filters(conversation_id=conversation))
    assert len(ground.parts.messages.page(ground.owner, listing).items) == 1
    ground.parts.steering.pause(ground.owner, campaign.id)
    assert ground.parts.messages.page(ground.owner, listing).items == ()
    assert ground.parts.conversations.get(ground.owner, conversation).last_message is None
    records = ground.parts.dossiers.of(ground.owner, fan)
    assert records["messages"] == ()
    assert [record["text"] for record in records["campaigns"]] == ["Hi Robin"]


def test_two_campaigns_of_an_account_take_turns_from_the_moment_that_both_are_there(ground: Ground) -> None:
    ground.more_fans(300)
    first = ground.launched("First")
    ground.sends(10)
    second = ground.launched("Second")
    for _ in range(10):
        ground.sends(20)
        ground.minute()
    one, other = (ground.progress(campaign).of(Outcome.SENT) for campaign in (first, second))
    assert (one + other, abs(one - 10 - other) <= 20) == (210, True)


def test_people_go_first_and_the_estimate_counts_them(ground: Ground) -> None:
    ground.more_fans(20)
    campaign = ground.launched()
    before = ground.parts.campaigns.get(ground.owner, campaign.id).finishes_at
    draft = ground.draft("Another", audience=named(ground.fans))
    preview = ground.parts.previewing.preview(ground.owner, draft.id)
    assert [(one.id, one.waiting) for one in preview.overlaps] == [(campaign.id, 20)]
    assert before is not None
    assert preview.finishes_at is not None
    spacing = timedelta(seconds=6.15)
    assert before - ground.clock.now() == 19 * spacing
    assert preview.finishes_at - ground.clock.now() == 39 * spacing


def _replies(ground: Ground, fan: UUID, at: datetime) -> None:
    [(conversation,)] = ground.run("SELECT id FROM conversations WHERE fan_id = %s", fan)
    content = Content("Yes!", Money(0, "USD"), ())
    told = Told(conversation_id=conversation, platform_message_id=str(new_id()), content=content, occurred_at=at)
    ground.parts.receiving.receive(ground.workspace_id, told)


def _pays(ground: Ground, fan: UUID, kind: Kind, cents: int, *, at: datetime, message: str | None = None) -> None:
    payment = Payment(
        kind=kind,
        platform="onlyfans",
        platform_id=str(new_id()),
        fan_id=fan,
        amount=Money(cents, "USD"),
        at=at,
        platform_message_id=message,
    )
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        stores.payments.add(payment, new_id())


def test_a_reply_counts_within_three_days_and_brings_the_thread_into_the_inbox(ground: Ground) -> None:
    soon, late = ground.more_fans(2)
    campaign = ground.launched()
    ground.sends()
    _replies(ground, soon, later(71))
    _replies(ground, late, later(73))
    assert ground.progress(campaign).replies == 1
    assert ground.run("SELECT archived FROM conversations WHERE fan_id = %s", soon) == [(False,)]
    ground.must_add_up(campaign)


def test_revenue_is_what_was_paid_for_its_messages_and_tips_of_a_day(ground: Ground) -> None:
    buys, tips, late = ground.more_fans(3)
    variant = Variant(content="Look", price_cents=900, media=("https://cdn.example/a.jpg",))
    campaign = ground.launched(variants=(variant,))
    ground.sends()
    ground.run("UPDATE messages SET platform_message_id = 'm-' || fan_id WHERE campaign_id = %s", campaign.id)
    _pays(ground, buys, Kind.PPV, 900, at=later(100), message=f"m-{buys}")
    _pays(ground, tips, Kind.TIP, 300, at=later(23))
    _pays(ground, tips, Kind.TIP, 200, at=later(23))
    _pays(ground, late, Kind.TIP, 700, at=later(25))
    _pays(ground, late, Kind.SUBSCRIPTION, 700, at=later(1))
    progress = ground.progress(campaign)
    assert (progress.buyers, progress.revenue) == (2, Money(1400, "USD"))
    ground.must_add_up(campaign)
