"""A launch: one person's act, done once, for exactly what they saw."""

from dataclasses import replace
from threading import Thread

import pytest

from huntaze.campaigns.model import Audience, Outcome, Schedule, Status, Variant
from huntaze.delivery.gate import Gate
from huntaze.errors import Conflict, HuntazeError, Invalid, Stale, Unavailable
from tests.support.campaigns import Ground, later, named


def test_a_launched_campaign_is_filled_let_out_and_published(ground: Ground) -> None:
    ground.more_fans(3)
    standing = ground.launch(ground.draft("Hi {name|you}, {full_name}"))
    assert standing.campaign.status is Status.ACTIVE
    assert standing.campaign.is_filled
    assert standing.progress.of(Outcome.QUEUED) == 3
    assert ground.texts(standing.campaign) == ["Hi Robin, Robin 0", "Hi Robin, Robin 1", "Hi Robin, Robin 2"]
    assert len(ground.queue.permits) == 3
    ground.must_add_up(standing.campaign)


def test_it_runs_to_its_end_and_says_so_by_its_rows(ground: Ground) -> None:
    ground.more_fans(400)
    campaign = ground.launched()
    for _ in range(10):
        ground.sends()
        ground.minute()
    assert ground.status(campaign) == "completed"
    assert ground.outcomes(campaign) == {"sent": 400}
    ground.must_add_up(campaign)
    assert ground.run("SELECT metrics ->> 'sent' FROM campaigns WHERE id = %s", campaign.id) == [("400",)]


def test_only_the_next_quarter_of_an_hour_is_let_out(ground: Ground) -> None:
    ground.more_fans(400)
    campaign = ground.launched()
    assert ground.outcomes(campaign) == {"pending": 254, "queued": 146}
    assert ground.minute() == 0
    ground.sends(10)
    assert ground.minute() == 10


def test_what_was_changed_since_the_person_looked_is_not_launched(ground: Ground) -> None:
    ground.more_fans(1)
    seen = ground.draft()
    ground.parts.campaigns.change(ground.owner, seen.id, {"variants": (Variant(content="Other"),)})
    with pytest.raises(Stale):
        ground.launch(seen)
    assert ground.status(seen) == "draft"


def test_a_second_launch_gives_the_same_answer(ground: Ground) -> None:
    ground.more_fans(2)
    draft = ground.draft()
    first, second = ground.launch(draft), ground.launch(draft)
    assert (first.campaign.launched_at, first.progress) == (second.campaign.launched_at, second.progress)
    acts = ground.run("SELECT count(*) FROM audit_log WHERE object_id = %s AND action = 'campaign.launched'", draft.id)
    assert acts == [(1,)]


def test_two_launches_at_once_launch_one(ground: Ground) -> None:
    ground.more_fans(30)
    draft = ground.draft()
    answers: list[object] = []

    def launch() -> None:
        parts = ground.another_process()
        try:
            answers.append(parts.launching.launch(ground.owner, draft.id, draft.content_hash).campaign.launched_at)
        except HuntazeError as error:
            answers.append(error)
        parts.postgres.close()

    together = [Thread(target=launch) for _ in range(4)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert len(set(answers)) == 1
    assert ground.run("SELECT count(*) FROM messages WHERE campaign_id = %s", draft.id) == [(30,)]
    acts = ground.run("SELECT count(*) FROM audit_log WHERE object_id = %s AND action = 'campaign.launched'", draft.id)
    assert acts == [(1,)]
    ground.must_add_up(draft)


def test_nothing_is_launched_while_sending_is_held(ground: Ground) -> None:
    ground.more_fans(1)
    draft = ground.draft()
    ground.parts.gate = Gate("an operator")
    with pytest.raises(Unavailable):
        ground.launch(draft)
    with pytest.raises(Unavailable):
        ground.bulk(ground.fans[0])
    assert ground.run("SELECT status FROM campaigns WHERE workspace_id = %s", ground.workspace_id) == [("draft",)]


def test_nothing_is_launched_that_nobody_would_get(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    draft = ground.draft(audience=named(fan))
    ground.run("UPDATE fans SET do_not_contact = true WHERE id = %s", fan)
    with pytest.raises(Conflict, match="1 do_not_contact"):
        ground.launch(draft)
    assert ground.status(draft) == "draft"


def test_nothing_is_launched_without_an_account_or_after_its_end(ground: Ground) -> None:
    ground.more_fans(1)
    over = ground.draft(schedule=Schedule(ends_at=later(-1)))
    with pytest.raises(Conflict, match="over"):
        ground.launch(over)
    ground.run("UPDATE platform_connections SET status = 'expired' WHERE workspace_id = %s", ground.workspace_id)
    with pytest.raises(Conflict, match="Connect it again"):
        ground.launch(ground.draft())
    ground.run("DELETE FROM platform_connections WHERE workspace_id = %s", ground.workspace_id)
    with pytest.raises(Conflict, match="Connect one"):
        ground.launch(ground.draft())


def test_a_draft_without_words_is_kept_and_not_launched(ground: Ground) -> None:
    ground.more_fans(1)
    draft = ground.draft("")
    with pytest.raises(Invalid) as refusal:
        ground.launch(draft)
    assert [one.field for one in refusal.value.fields] == ["content"]
    assert ground.status(draft) == "draft"


def test_a_launch_that_dies_leaves_a_draft(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.more_fans(2)
    draft = ground.draft()
    dying = replace(ground.parts.launching._at_once, wake_afterwards=lambda *_: 1 / 0)  # noqa: SLF001
    monkeypatch.setattr(ground.parts.launching, "_at_once", dying)
    with pytest.raises(ZeroDivisionError):
        ground.launch(draft)
    assert ground.status(draft) == "draft"
    assert ground.outcomes(draft) == {}
    monkeypatch.undo()
    assert ground.launch(draft).progress.recipients == 2


def test_what_begins_later_is_scheduled_and_begins_then(ground: Ground) -> None:
    ground.more_fans(2)
    campaign = ground.launched(schedule=Schedule(starts_at=later(1)))
    assert campaign.status is Status.SCHEDULED
    ground.minute()
    assert ground.outcomes(campaign) == {"pending": 2}
    ground.run("UPDATE campaigns SET starts_at = now() - interval '1 second' WHERE id = %s", campaign.id)
    ground.minute()
    assert ground.status(campaign) == "active"
    assert ground.outcomes(campaign) == {"queued": 2}


def test_what_begins_more_than_an_hour_late_is_left_to_a_person(ground: Ground) -> None:
    ground.more_fans(2)
    campaign = ground.launched(schedule=Schedule(starts_at=later(1)))
    ground.run("UPDATE campaigns SET starts_at = now() - interval '61 minutes' WHERE id = %s", campaign.id)
    ground.minute()
    standing = ground.parts.campaigns.get(ground.owner, campaign.id)
    assert (standing.campaign.status, standing.campaign.pause_reason) == (Status.PAUSED, "late")
    assert ground.outcomes(campaign) == {"pending": 2}
    assert ground.parts.steering.resume(ground.owner, campaign.id).progress.of(Outcome.QUEUED) == 2


def test_a_bulk_message_is_literal_and_made_and_launched_in_one_act(ground: Ground) -> None:
    robin, kim = ground.more_fans(2)
    standing = ground.bulk(robin, f"of {kim}", "nobody", robin, content="Hi {name}", name="To two")
    found = ground.run(
        "SELECT name, type, template, target_audience, metrics -> 'sent' FROM campaigns WHERE id = %s",
        standing.campaign.id,
    )
    template = {"content": "Hi {name}", "mediaUrls": []}
    assert found == [("To two", "bulk_message", template, {"recipientIds": [str(robin), str(kim)]}, 0)]
    assert standing.progress.recipients == 2
    assert standing.progress.excluded == {"unknown": 1, "duplicate": 1}
    assert standing.finishes_at is not None
    assert ground.texts(standing.campaign) == ["Hi {name}", "Hi {name}"]
    assert len(ground.queue.permits) == 2


def test_a_priced_bulk_message_says_so_in_its_template_and_its_messages(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    standing = ground.bulk(fan, price_cents=500, media=("https://cdn.example/a.jpg",))
    assert standing.campaign.variants[0].price_cents == 500
    found = ground.run("SELECT price_cents, attachments FROM messages WHERE campaign_id = %s", standing.campaign.id)
    assert found == [(500, [{"url": "https://cdn.example/a.jpg"}])]


@pytest.mark.parametrize("count", [0, 101])
def test_a_bulk_message_is_to_1_to_100(ground: Ground, count: int) -> None:
    with pytest.raises(Invalid) as refusal:
        ground.bulk(*[f"fan-{number}" for number in range(count)])
    assert [one.field for one in refusal.value.fields] == ["recipientIds"]


@pytest.mark.parametrize("content", ["", "x" * 5001])
def test_a_bulk_message_has_1_to_5000_characters(ground: Ground, content: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ground.bulk("1", content=content)
    assert [one.field for one in refusal.value.fields] == ["content"]


def test_a_bulk_message_to_nobody_who_is_there_leaves_nothing(ground: Ground) -> None:
    ground.more_fans(1)  # who is not named
    with pytest.raises(Conflict, match="1 unknown"):
        ground.bulk("nobody")
    assert ground.run("SELECT count(*) FROM campaigns WHERE workspace_id = %s", ground.workspace_id) == [(0,)]


def test_a_draft_to_fans_of_whom_none_is_left_reaches_nobody(ground: Ground) -> None:
    named_fan, _ = ground.more_fans(2)
    draft = ground.draft(audience=named(named_fan))
    none_left = (
        "UPDATE campaigns SET target_audience = jsonb_set(target_audience, '{recipientIds}', '[]') WHERE id = %s"
    )
    ground.run(none_left, draft.id)
    seen = ground.parts.campaigns.get(ground.owner, draft.id).campaign
    assert ground.parts.previewing.preview(ground.owner, draft.id).reach.recipients == 0
    with pytest.raises(Conflict, match="there is nobody"):
        ground.launch(seen)


def test_everybody_is_the_default_audience(ground: Ground) -> None:
    ground.more_fans(2)
    assert ground.draft(audience=Audience()).audience.recipient_ids is None
