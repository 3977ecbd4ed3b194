"""Rest, go on, stop, try again: what people do with campaigns that are under way."""

import threading

import pytest

from huntaze.campaigns.model import Outcome, PauseReason, Schedule, Status, Variant
from huntaze.delivery.model import Claimed, NothingDue
from huntaze.errors import Conflict, NotFound, Stale
from huntaze.ids import new_id
from huntaze.versions import etag
from tests.support.campaigns import Ground, later


def test_a_pause_takes_back_what_waits_and_going_on_lets_it_out_again_by_the_same_messages(ground: Ground) -> None:
    ground.more_fans(200)
    campaign = ground.launched()
    ids = set(ground.run("SELECT id FROM messages WHERE campaign_id = %s", campaign.id))
    paused = ground.parts.steering.pause(ground.owner, campaign.id)
    assert (paused.campaign.status, paused.campaign.pause_reason) == (Status.PAUSED, PauseReason.PERSON)
    assert paused.progress.of(Outcome.PENDING) == 200
    assert ground.minute() == 0
    resumed = ground.parts.steering.resume(ground.owner, campaign.id)
    assert resumed.progress.of(Outcome.QUEUED) == 146
    assert set(ground.run("SELECT id FROM messages WHERE campaign_id = %s", campaign.id)) == ids
    ground.must_add_up(campaign)


def test_what_is_asked_twice_is_done_once(ground: Ground) -> None:
    ground.more_fans(1)
    campaign = ground.launched()
    for act in ("pause", "pause", "resume", "resume", "cancel", "cancel"):
        getattr(ground.parts.steering, act)(ground.owner, campaign.id)
    acts = ground.run(
        "SELECT action FROM audit_log WHERE object_id = %s AND action <> 'campaign.created' ORDER BY position",
        campaign.id,
    )
    assert acts == [(f"campaign.{act}",) for act in ("launched", "paused", "resumed", "cancelled")]


def test_what_is_not_possible_now_is_a_conflict(ground: Ground) -> None:
    ground.more_fans(1)
    draft = ground.draft()
    for act in ("pause", "resume", "cancel", "retry_failed"):
        with pytest.raises(Conflict):
            getattr(ground.parts.steering, act)(ground.owner, draft.id)
    ground.parts.steering.cancel(ground.owner, ground.launch(draft).campaign.id)
    for act in ("pause", "resume", "retry_failed"):
        with pytest.raises(Conflict):
            getattr(ground.parts.steering, act)(ground.owner, draft.id)


def test_a_cancelled_campaign_tells_everybody_who_got_nothing(ground: Ground) -> None:
    ground.more_fans(300)
    campaign = ground.launched()
    ground.sends(20)
    ground.parts.steering.cancel(ground.owner, campaign.id)
    assert ground.outcomes(campaign) == {"sent": 20, "cancelled": 126, "pending": 154}
    ground.minute()
    assert ground.outcomes(campaign) == {"sent": 20, "cancelled": 280}
    assert ground.run("SELECT closed_at IS NOT NULL FROM campaigns WHERE id = %s", campaign.id) == [(True,)]
    ground.must_add_up(campaign)


def test_a_scheduled_campaign_may_rest_and_goes_back_to_waiting_for_its_time(ground: Ground) -> None:
    ground.more_fans(1)
    campaign = ground.launched(schedule=Schedule(starts_at=later(1)))
    ground.parts.steering.pause(ground.owner, campaign.id)
    assert ground.parts.steering.resume(ground.owner, campaign.id).campaign.status is Status.SCHEDULED


def test_only_what_failed_is_tried_again_and_a_completed_campaign_goes_on(ground: Ground) -> None:
    ground.more_fans(8)
    campaign = ground.launched()
    ground.sends(2, status="failed", reason="refused")
    ground.sends()
    ground.minute()
    assert ground.status(campaign) == "completed"
    told = ground.parts.campaigns.recipients(ground.owner, campaign.id, 9, outcome=Outcome.FAILED)
    assert [one.reason for one in told.items] == ["refused", "refused"]
    again = ground.parts.steering.retry_failed(ground.owner, campaign.id)
    assert (again.campaign.status, again.progress.of(Outcome.QUEUED)) == (Status.ACTIVE, 2)
    ground.sends()
    ground.minute()
    assert ground.outcomes(campaign) == {"sent": 8}
    assert ground.status(campaign) == "completed"
    ground.must_add_up(campaign)


def test_what_failed_and_is_not_tried_again_after_all_has_failed(ground: Ground) -> None:
    ground.more_fans(4)
    campaign = ground.launched()
    ground.sends(2, status="failed", reason="refused")
    ground.run("UPDATE platform_connections SET paused_at = now(), pause_reason = 'a test'")
    ground.parts.steering.retry_failed(ground.owner, campaign.id)
    assert ground.outcomes(campaign) == {"pending": 2, "queued": 2}
    ground.parts.steering.cancel(ground.owner, campaign.id)
    ground.minute()
    assert ground.outcomes(campaign) == {"failed": 2, "cancelled": 2}
    ground.run("UPDATE platform_connections SET paused_at = NULL, pause_reason = NULL")


def test_too_many_failures_let_it_rest_until_a_person_has_looked(ground: Ground) -> None:
    ground.more_fans(200)
    campaign = ground.launched()
    ground.sends(17)
    ground.sends(4, status="failed", reason="refused")
    ground.minute()
    assert ground.status(campaign) == "active"
    ground.sends(1, status="failed", reason="refused")
    ground.minute()
    standing = ground.parts.campaigns.get(ground.owner, campaign.id)
    assert (standing.campaign.status, standing.campaign.pause_reason) == (Status.PAUSED, PauseReason.ERRORS)
    assert standing.progress.of(Outcome.QUEUED) == 0
    ground.parts.steering.resume(ground.owner, campaign.id)
    ground.sends(4, status="failed", reason="refused")
    ground.minute()
    assert ground.status(campaign) == "active"
    ground.must_add_up(campaign)


def test_a_draft_is_changed_by_who_has_seen_it_discarded_and_copied(ground: Ground) -> None:
    ground.more_fans(1)
    draft = ground.draft("Hi {name}")
    seen = etag(draft)
    changed = ground.parts.campaigns.change(ground.owner, draft.id, {"name": "Summer"}, seen)
    assert (changed.name, changed.variants) == ("Summer", draft.variants)
    with pytest.raises(Stale):
        ground.parts.campaigns.change(ground.owner, draft.id, {"name": "Autumn"}, seen)
    copied = ground.parts.campaigns.duplicate(ground.owner, draft.id)
    assert (copied.name, copied.status, copied.variants) == ("Summer (copy)", Status.DRAFT, draft.variants)
    ground.parts.campaigns.discard(ground.owner, draft.id)
    with pytest.raises(NotFound):
        ground.parts.campaigns.get(ground.owner, draft.id)
    assert [one.campaign.id for one in ground.parts.campaigns.page(ground.owner, 9).items] == [copied.id]
    launched = ground.launch(copied).campaign
    for act in (
        lambda: ground.parts.campaigns.change(ground.owner, launched.id, {"name": "Other"}),
        lambda: ground.parts.campaigns.discard(ground.owner, launched.id),
    ):
        with pytest.raises(Conflict, match="Duplicate"):
            act()


def test_a_copied_bulk_message_stays_literal(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    copied = ground.parts.campaigns.duplicate(ground.owner, ground.bulk(fan, content="Hi {name}").campaign.id)
    assert copied.variants == (Variant(content="Hi {{name}}"),)
    assert ground.texts(ground.launch(copied).campaign) == ["Hi {name}"]


def test_the_list_is_read_page_by_page_and_by_status(ground: Ground) -> None:
    ground.more_fans(2)
    made = [ground.draft(name=f"{number}").id for number in range(4)]
    launched = ground.launch(ground.parts.campaigns.get(ground.owner, made[0]).campaign)
    first = ground.parts.campaigns.page(ground.owner, 3)
    rest = ground.parts.campaigns.page(ground.owner, 3, first.next)
    assert [one.campaign.id for one in (*first.items, *rest.items)] == made[::-1]
    active = ground.parts.campaigns.page(ground.owner, 3, status=Status.ACTIVE)
    assert [(one.campaign.id, one.progress.recipients) for one in active.items] == [(launched.campaign.id, 2)]
    everybody = ground.parts.campaigns.recipients(ground.owner, made[0], 1)
    last = ground.parts.campaigns.recipients(ground.owner, made[0], 1, everybody.next)
    assert [one.fan_id for one in (*everybody.items, *last.items)] == sorted(ground.fans)
    assert last.next is None


def test_a_claim_takes_nothing_that_a_pause_has_overlooked(ground: Ground) -> None:
    ground.more_fans(2)
    campaign = ground.launched()
    [(account,)] = ground.run("SELECT DISTINCT account_id FROM messages WHERE campaign_id = %s", campaign.id)
    ground.run("UPDATE campaigns SET status = 'paused' WHERE id = %s", campaign.id)
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        assert isinstance(stores.claims.claim(account, new_id()), NothingDue)
    assert ground.outcomes(campaign) == {"pending": 2}
    ground.must_add_up(campaign)


def test_what_comes_back_after_its_campaign_was_cancelled_goes_with_it(ground: Ground) -> None:
    """Its worker had it when the campaign was cancelled, and it was refused; meanwhile its time to leave has passed."""
    ground.more_fans(1)
    campaign = ground.launched()
    [(account,)] = ground.run("SELECT DISTINCT account_id FROM messages WHERE campaign_id = %s", campaign.id)
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        claim = stores.claims.claim(account, new_id())
        assert isinstance(claim, Claimed)
    ground.parts.steering.cancel(ground.owner, campaign.id)
    ground.minute()
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        assert stores.attempts.not_accepted(claim.attempt_id, claim.message_id, "too_fast", reached=True)
    ground.run("UPDATE messages SET leave_before = now() WHERE id = %s", claim.message_id)
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as stores:
        stores.flow.take_back(account)
    assert ground.outcomes(campaign) == {"cancelled": 1}
    ground.must_add_up(campaign)


def test_a_pause_and_claims_at_once_leave_each_message_taken_or_taken_back(ground: Ground) -> None:
    ground.connect("fansly", messages=1000, seconds=1)
    ground.more_fans(120, "fansly")
    campaign = ground.launched()
    [(account,)] = ground.run("SELECT DISTINCT account_id FROM messages WHERE campaign_id = %s", campaign.id)
    taken: list[object] = []
    begin = threading.Barrier(3)

    def claim() -> None:
        parts = ground.another_process()
        begin.wait()
        for _ in range(40):
            with parts.in_workspace_as_machine(ground.workspace_id) as stores:
                taken.append(stores.claims.claim(account, new_id()))
        parts.postgres.close()

    def pause() -> None:
        parts = ground.another_process()
        begin.wait()
        parts.steering.pause(ground.owner, campaign.id)
        parts.postgres.close()

    together = [threading.Thread(target=act) for act in (claim, claim, pause)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    claimed = sum(isinstance(one, Claimed) for one in taken)
    found = dict(ground.run("SELECT status, count(*) FROM messages WHERE campaign_id = %s GROUP BY 1", campaign.id))
    assert found == {key: count for key, count in {"sending": claimed, "draft": 120 - claimed}.items() if count}
    ground.must_add_up(campaign)
