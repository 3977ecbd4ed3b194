"""Fans who are merged, erased, deleted or not to be contacted in mid-campaign; and many things at once."""

import threading
from collections.abc import Callable
from random import Random

import pytest

from huntaze.campaigns.model import Outcome
from huntaze.errors import HuntazeError
from tests.support.campaigns import Ground, named


def test_somebody_who_is_erased_in_mid_campaign_leaves_no_trace_and_the_numbers_true(ground: Ground) -> None:
    waits, pending, got = (ground.more_fans(1, name="Nobody Else")[0] for _ in range(3))
    campaign = ground.launched("Dear {name|you}", audience=named(got, waits))
    ground.sends(1)
    ground.parts.steering.pause(ground.owner, campaign.id)
    for fan in (got, waits):
        ground.parts.erasures.erase(ground.owner, fan)
        ground.must_add_up(campaign)
    assert ground.outcomes(campaign) == {}
    assert ground.run("SELECT count(*) FROM messages WHERE workspace_id = %s", ground.workspace_id) == [(0,)]
    assert ground.run("SELECT count(*) FROM campaign_tallies WHERE campaign_id = %s", campaign.id) == [(0,)]
    ground.parts.steering.resume(ground.owner, campaign.id)
    ground.minute()
    assert ground.status(campaign) == "completed"
    assert pending


def test_what_is_erased_while_rows_are_made_is_not_written_down_again(ground: Ground) -> None:
    first, *_, last = ground.more_fans(30, name="Robin {0}")
    draft = ground.draft("Dear {name|you}")
    begun, go_on = threading.Event(), threading.Event()
    erasing = ground.another_process()

    def erase() -> None:
        with erasing.as_a_whole(ground.owner):
            erasing.erasures.erase(ground.owner, last)
            begun.set()
            go_on.wait(10)
        erasing.postgres.close()

    eraser = threading.Thread(target=erase)
    eraser.start()
    begun.wait(10)
    threading.Timer(0.3, go_on.set).start()
    campaign = ground.launch(draft).campaign
    eraser.join()
    assert ground.run("SELECT count(*) FROM campaign_recipients WHERE fan_id = %s", last) == [(0,)]
    assert ground.run("SELECT count(*) FROM campaign_recipients WHERE fan_id = %s", first) == [(1,)]
    ground.must_add_up(campaign)


def test_two_who_turn_out_to_be_one_get_it_once(ground: Ground) -> None:
    kept, merged, other = ground.more_fans(3)
    campaign = ground.launched()
    ground.parts.merges.merge(ground.owner, kept, merged)
    assert ground.outcomes(campaign) == {"queued": 2, "cancelled": 1}
    told = ground.parts.campaigns.recipients(ground.owner, campaign.id, 9, outcome=Outcome.CANCELLED)
    assert [(one.fan_id, one.reason) for one in told.items] == [(merged, "duplicate")]
    ground.parts.steering.pause(ground.owner, campaign.id)
    ground.parts.merges.merge(ground.owner, kept, other)
    ground.parts.steering.resume(ground.owner, campaign.id)
    ground.sends()
    ground.minute()
    assert ground.outcomes(campaign) == {"sent": 1, "cancelled": 2}
    assert ground.status(campaign) == "completed"
    ground.must_add_up(campaign)


def test_who_gives_way_is_a_duplicate_also_before_their_message_is_made(ground: Ground) -> None:
    ground.more_fans(200)
    campaign = ground.launched()
    [(kept,), (merged,)] = ground.run(
        "SELECT fan_id FROM campaign_recipients WHERE campaign_id = %s AND status = 'pending' ORDER BY 1 LIMIT 2",
        campaign.id,
    )
    ground.parts.merges.merge(ground.owner, kept, merged)
    assert ground.progress(campaign).excluded == {"duplicate": 1}
    ground.must_add_up(campaign)


@pytest.mark.parametrize("before", [None, "sent", "failed"])
def test_two_who_came_to_be_one_while_rows_were_made_get_it_once(ground: Ground, before: str | None) -> None:
    """A merge that does not see a row, because it is made at the same moment, leaves it as it is."""
    first, second, kept = ground.more_fans(3)
    campaign = ground.launched()
    if before:
        ground.sends(1, status=before, reason=None if before == "sent" else "refused")
    ground.parts.steering.pause(ground.owner, campaign.id)
    ground.run("ALTER TABLE fans DISABLE TRIGGER fans_4_merged")
    ground.run("UPDATE fans SET merged_into = %s, deleted_at = now() WHERE id = ANY(%s)", kept, [first, second])
    ground.run("ALTER TABLE fans ENABLE TRIGGER fans_4_merged")
    ground.parts.steering.resume(ground.owner, campaign.id)
    ground.sends()
    ground.minute()
    failed = {"failed": 1} if before == "failed" else {}
    assert ground.outcomes(campaign) == {"sent": 1, "skipped": 2 - len(failed)} | failed
    assert ground.progress(campaign).excluded == {"duplicate": 2 - len(failed)}
    assert ground.status(campaign) == "completed"
    ground.must_add_up(campaign)


def test_who_is_not_to_be_contacted_any_more_gets_nothing(ground: Ground) -> None:
    ground.more_fans(160)
    campaign = ground.launched()
    for status in ("queued", "pending"):
        [(fan,)] = ground.run(
            "SELECT fan_id FROM campaign_recipients WHERE campaign_id = %s AND status = %s LIMIT 1", campaign.id, status
        )
        ground.parts.fans.update(ground.owner, fan, {"do_not_contact": True})
    progress = ground.progress(campaign)
    assert (progress.excluded, progress.of(Outcome.CANCELLED)) == ({"do_not_contact": 1}, 1)
    ground.must_add_up(campaign)


def test_the_flow_leaves_out_whom_the_rows_could_not_know_of(ground: Ground) -> None:
    ground.more_fans(4)
    campaign = ground.launched()
    ground.parts.steering.pause(ground.owner, campaign.id)
    unwanted, deleted, unreachable, _ = ground.fans
    ground.run("ALTER TABLE fans DISABLE TRIGGER fans_2_unwanted")
    ground.run("UPDATE fans SET do_not_contact = true WHERE id = %s", unwanted)
    ground.run("ALTER TABLE fans ENABLE TRIGGER fans_2_unwanted")
    ground.parts.fans.delete(ground.owner, deleted)
    ground.run("UPDATE fans SET platform_id = NULL WHERE id = %s", unreachable)
    ground.parts.steering.resume(ground.owner, campaign.id)
    assert ground.outcomes(campaign) == {"skipped": 3, "queued": 1}
    assert ground.progress(campaign).excluded == {"do_not_contact": 1, "unknown": 1, "unreachable": 1}
    drafts = ground.run(
        "SELECT status, count(*) FROM messages WHERE campaign_id = %s GROUP BY 1 ORDER BY 1", campaign.id
    )
    assert drafts == [("cancelled", 3), ("queued", 1)]
    ground.must_add_up(campaign)


def test_a_login_that_ends_in_mid_campaign_makes_it_wait_and_not_fail(ground: Ground) -> None:
    ground.more_fans(200)
    campaign = ground.launched()
    ground.sends(30)
    ground.run("UPDATE platform_connections SET status = 'expired' WHERE workspace_id = %s", ground.workspace_id)
    ground.minute()
    assert ground.outcomes(campaign) == {"sent": 30, "queued": 116, "pending": 54}
    assert ground.parts.campaigns.get(ground.owner, campaign.id).finishes_at is None
    ground.run("UPDATE platform_connections SET status = 'active' WHERE workspace_id = %s", ground.workspace_id)
    assert ground.minute() == 30


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_at_once_the_tallies_are_what_a_recount_finds(ground: Ground, seed: int) -> None:
    ground.more_fans(250)
    campaign = ground.launched()
    begin = threading.Barrier(5)
    troubles: list[BaseException] = []

    def keep_on(act: Callable[[Ground, Random], object], times: int, luck: int) -> None:
        dice = Random(luck)  # noqa: S311 - seeded, guards nothing
        parts = ground.another_process()
        own = Ground(ground.database, parts, ground.queue, ground.owner, ground.fans)
        begin.wait()
        for _ in range(times):
            try:
                act(own, dice)
            except HuntazeError:
                pass
            except BaseException as trouble:  # noqa: BLE001 - told to the test
                troubles.append(trouble)
        parts.postgres.close()

    acts: tuple[tuple[Callable[[Ground, Random], object], int], ...] = (
        (lambda own, dice: own.sends(dice.randint(1, 20), status=dice.choice(["sent", "sent", "failed"])), 12),
        (lambda own, dice: getattr(own.parts.steering, dice.choice(["pause", "resume"]))(own.owner, campaign.id), 14),
        (lambda own, dice: own.parts.erasures.erase(own.owner, dice.choice(own.fans)), 5),
        (lambda own, dice: own.parts.fans.update(own.owner, dice.choice(own.fans), {"do_not_contact": True}), 12),
        (lambda own, _: own.minute(), 8),
    )
    together = [
        threading.Thread(target=keep_on, args=(act, times, seed * 10 + place))
        for place, (act, times) in enumerate(acts)
    ]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert troubles == []
    ground.must_add_up(campaign)
    ground.parts.steering.resume(ground.owner, campaign.id)
    for _ in range(12):
        ground.sends()
        ground.minute()
    assert ground.status(campaign) == "completed"
    assert not {"pending", "queued"} & ground.outcomes(campaign).keys()
    ground.must_add_up(campaign)
    twice = ground.run(
        "SELECT fan_id FROM messages WHERE campaign_id = %s GROUP BY fan_id HAVING count(*) > 1", campaign.id
    )
    assert twice == []
