"""Whom a campaign is for, and each reason to leave somebody out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from huntaze.campaigns.audiences import REACH
from huntaze.campaigns.matching import matching
from huntaze.campaigns.model import Audience, Filter, Outcome, Reason, Rules, Variant
from huntaze.errors import Conflict
from huntaze.fans.model import Platform, SubscriptionStatus
from huntaze.ids import new_id
from tests.support.campaigns import NO_RULES, Ground, named
from tests.support.waiting import until_it_waits

WROTE = """
WITH talk AS (
    INSERT INTO conversations (workspace_id, id, fan_id, platform) VALUES (%s, %s, %s, 'onlyfans')
    ON CONFLICT ON CONSTRAINT conversations_one_per_fan DO UPDATE SET archived = false
    RETURNING workspace_id, id, fan_id
)
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)
SELECT workspace_id, %s, id, fan_id, 'in', 'received', 'Hi', now() - %s FROM talk
"""
WRITTEN_TO = (
    WROTE.replace("'in', 'received', 'Hi', now() - %s", "'out', 'sent', 'Hi', now() - %s")
    .replace("text, occurred_at)", "text, occurred_at, sent_elsewhere, platform_message_id, sent_at)")
    .replace("FROM talk\n", ", true, 'p' || id, now() FROM talk\n")
)


def _set(ground: Ground, fan: UUID, change: str) -> None:
    ground.run(f"UPDATE fans SET {change} WHERE id = %s", fan)  # noqa: S608 - our own words


def _wrote(ground: Ground, fan: UUID, ago: timedelta = timedelta(minutes=5)) -> None:
    ground.run(WROTE, ground.workspace_id, new_id(), fan, new_id(), ago)


def _written_to(ground: Ground, fan: UUID, ago: timedelta = timedelta(hours=2)) -> None:
    ground.run(WRITTEN_TO, ground.workspace_id, new_id(), fan, new_id(), ago)


def _merged_into_another(ground: Ground, fan: UUID) -> UUID:
    [kept] = ground.more_fans(1)
    ground.parts.merges.merge(ground.owner, kept, fan)
    return kept


CASES: dict[Reason, Callable[[Ground, UUID], object]] = {
    Reason.DO_NOT_CONTACT: lambda ground, fan: _set(ground, fan, "do_not_contact = true"),
    Reason.UNKNOWN: lambda ground, fan: _set(ground, fan, "deleted_at = now()"),
    Reason.TOMBSTONE: lambda ground, fan: ground.parts.erasures.erase(ground.owner, fan),
    Reason.NO_ACCOUNT: lambda ground, fan: _set(ground, fan, "platform = 'patreon'"),
    Reason.UNREACHABLE: lambda ground, fan: _set(ground, fan, "platform_id = NULL"),
    Reason.ACTIVE_CHAT: _wrote,
    Reason.RECENTLY_MESSAGED: _written_to,
    Reason.FREQUENCY_CAP: lambda ground, fan: ground.launched("Before", audience=named(fan)),
}
RULES = Rules(not_within_hours=24, active_chat_minutes=30, at_most=1, in_days=7)


@pytest.mark.parametrize("reason", CASES)
def test_each_reason_leaves_out_before_a_launch_and_at_it(ground: Ground, reason: Reason) -> None:
    left_out, other = ground.more_fans(2)
    rules = Rules(not_within_hours=0, active_chat_minutes=30, at_most=1) if reason is Reason.FREQUENCY_CAP else RULES
    CASES[reason](ground, left_out)
    draft = ground.draft(audience=Audience(recipient_ids=(str(left_out), str(other)), rules=rules))
    preview = ground.parts.previewing.preview(ground.owner, draft.id)
    assert (preview.reach.recipients, dict(preview.reach.excluded)) == (1, {reason.value: 1})
    standing = ground.launch(draft)
    assert standing.progress.of(Outcome.QUEUED) == 1
    assert standing.progress.excluded == {reason.value: 1}
    told = ground.parts.campaigns.recipients(ground.owner, draft.id, 9, outcome=Outcome.SKIPPED)
    assert [(one.fan_id, one.reason) for one in told.items] == [(left_out, reason.value)]
    ground.must_add_up(draft)


def test_the_same_person_asked_for_twice_is_a_duplicate(ground: Ground) -> None:
    [merged] = ground.more_fans(1)
    kept = _merged_into_another(ground, merged)
    draft = ground.draft(audience=named(merged, kept, kept))
    assert draft.audience.recipient_ids == (str(kept),)
    assert ground.parts.previewing.preview(ground.owner, draft.id).reach.excluded == {"duplicate": 2}
    assert ground.launch(draft).progress.excluded == {"duplicate": 2}


def test_somebody_erased_who_is_asked_for_by_the_platforms_id_is_known_for_that(ground: Ground) -> None:
    erased, other = ground.more_fans(2)
    ground.parts.erasures.erase(ground.owner, erased)
    standing = ground.bulk(f"of {erased}", "nobody", other)
    assert standing.progress.excluded == {"tombstone": 1, "unknown": 1}
    assert ground.run(
        "SELECT target_audience::text LIKE %s FROM campaigns WHERE id = %s", f"%of {erased}%", standing.campaign.id
    ) == [(False,)]


def test_too_late_is_who_had_not_had_their_turn_at_the_end(ground: Ground) -> None:
    ground.more_fans(300)
    campaign = ground.launched()
    ground.sends(20)
    ground.run("UPDATE campaigns SET ends_at = now() WHERE id = %s", campaign.id)
    ground.minute()
    ground.minute()
    assert ground.progress(campaign).excluded == {"too_late": 280}
    assert ground.outcomes(campaign) == {"sent": 20, "skipped": 280}
    assert ground.status(campaign) == "completed"
    waiting = ground.run("SELECT DISTINCT status FROM messages WHERE campaign_id = %s ORDER BY 1", campaign.id)
    assert waiting == [("cancelled",), ("sent",)]
    ground.must_add_up(campaign)


def test_rules_count_what_was_said_to_anybody_who_is_the_same_person(ground: Ground) -> None:
    merged, _ = ground.more_fans(2)
    _wrote(ground, merged)
    _written_to(ground, merged, timedelta(hours=30))
    kept = _merged_into_another(ground, merged)
    reach = ground.parts.previewing.reach(ground.owner, Audience(recipient_ids=(str(kept),)))
    assert reach.excluded == {"active_chat": 1}
    day = Audience(recipient_ids=(str(kept),), rules=Rules(not_within_hours=31, active_chat_minutes=0))
    assert ground.parts.previewing.reach(ground.owner, day).excluded == {"recently_messaged": 1}
    day = Audience(recipient_ids=(str(kept),), rules=Rules(not_within_hours=29, active_chat_minutes=0))
    assert ground.parts.previewing.reach(ground.owner, day).recipients == 1


MANY_TALKS = """
INSERT INTO conversations (workspace_id, id, fan_id, platform)
SELECT %(ws)s, gen_random_uuid(), fan_id, 'onlyfans' FROM unnest(%(fans)s::uuid[]) AS fans (fan_id);
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)
SELECT workspace_id, gen_random_uuid(), id, fan_id, 'in', 'received', 'Hi', now() - place * interval '1 day'
FROM conversations, generate_series(1, 30) AS place WHERE workspace_id = %(ws)s;
ANALYZE messages, fans
"""


@pytest.mark.parametrize("rules", [Rules(), Rules(not_within_hours=1, active_chat_minutes=0)])
def test_whoever_wrote_lately_is_found_by_fan_and_not_among_all_that_was_said_lately(
    ground: Ground, rules: Rules
) -> None:
    """Statistics are older than any recent moment, so the planner takes for few what may be many."""
    with psycopg.connect(ground.database.superuser) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(MANY_TALKS, {"ws": ground.workspace_id, "fans": ground.more_fans(100)})
    asked = matching(Audience(rules=rules), ground.clock.now())
    statement = REACH.format(conditions=asked.conditions, reason=asked.reason)
    with ground.inside() as connection:
        plan = connection.execute(f"EXPLAIN {statement}", {**asked.values, "workspace_id": ground.workspace_id})
        told = "\n".join(line for (line,) in plan)
    assert "using messages_of_fan" in told
    assert "messages_newest" not in told


FILTERS: dict[str, tuple[Filter, str]] = {
    "tags, any of them": (Filter(tags=("vip", "whale")), "tags = '[\"whale\"]'"),
    "at least so much": (Filter(min_value_cents=1000), "value_cents = 1000"),
    "at most so much": (Filter(max_value_cents=0), "value_cents = 0"),
    "subscription": (Filter(subscriptions=(SubscriptionStatus.EXPIRED,)), "subscription_status = 'expired'"),
}


@pytest.mark.parametrize("what", FILTERS)
def test_who_has_a_quality_is_included_and_who_has_one_is_excluded(ground: Ground, what: str) -> None:
    asked, change = FILTERS[what]
    meant, other = ground.more_fans(2)
    _set(ground, other, "value_cents = 5, tags = '[\"new\"]'")
    _set(ground, meant, change)
    included = ground.parts.previewing.reach(ground.owner, Audience(include=asked, rules=NO_RULES))
    assert included.sample == (meant,)
    excluded = ground.parts.previewing.reach(ground.owner, Audience(exclude=(asked,), rules=NO_RULES))
    assert excluded.sample == (other,)


def test_seen_bought_and_replied_are_asked_too(ground: Ground) -> None:
    seen, bought, replied = ground.more_fans(3)
    _set(ground, seen, "last_seen_at = now()")
    ground.run(
        "INSERT INTO transactions (workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents,"
        " occurred_at) VALUES (%s, %s, %s, 'onlyfans', 'x', 'tip', 500, now())",
        *(ground.workspace_id, new_id(), bought),
    )
    _wrote(ground, replied, timedelta(days=9))
    yesterday = ground.clock.now() - timedelta(days=1)
    asked = {
        Filter(seen_after=yesterday): {seen},
        Filter(seen_before=yesterday): {bought, replied},
        Filter(bought=True): {bought},
        Filter(bought=False): {seen, replied},
        Filter(replied=True): {replied},
        Filter(replied=False, bought=False): {seen},
    }
    for filters, meant in asked.items():
        found = ground.parts.previewing.reach(ground.owner, Audience(include=filters, rules=NO_RULES))
        assert set(found.sample) == meant, filters


def test_a_platform_is_chosen_and_each_has_its_account(ground: Ground) -> None:
    fansly = ground.connect("fansly")
    ground.more_fans(2)
    ground.more_fans(3, "fansly")
    reach = ground.parts.previewing.reach(ground.owner, Audience(rules=NO_RULES))
    assert reach.platforms == {Platform.ONLYFANS: 2, Platform.FANSLY: 3}
    campaign = ground.launched(audience=Audience(include=Filter(platforms=(Platform.FANSLY,)), rules=NO_RULES))
    assert ground.run("SELECT DISTINCT account_id FROM messages WHERE campaign_id = %s", campaign.id) == [(fansly,)]


def test_who_comes_after_the_launch_is_not_meant(ground: Ground) -> None:
    ground.more_fans(2)
    draft = ground.draft()
    ground.run("UPDATE fans SET created_at = now() + interval '1 day' WHERE id = %s", ground.fans[0])
    assert ground.launch(draft).progress.recipients == 1


def test_shares_of_variants_are_kept_and_a_fan_keeps_theirs(ground: Ground) -> None:
    ground.more_fans(600)
    variants = (Variant(content="A", share=30), Variant(content="B {name|}!", name="B", share=70))
    draft = ground.draft(variants=variants)
    shown = {fan: ground.parts.previewing.text_for(ground.owner, draft.id, fan) for fan in ground.fans[:20]}
    campaign = ground.launch(draft).campaign
    found = dict(ground.run("SELECT fan_id, variant FROM campaign_recipients WHERE campaign_id = %s", campaign.id))
    assert 120 < sum(variant == "A" for variant in found.values()) < 240
    assert {fan: one.variant.name for fan, one in shown.items()} == {fan: found[fan] for fan in shown}
    sent = dict(ground.run("SELECT fan_id, text FROM messages WHERE campaign_id = %s", campaign.id))
    assert all(sent[fan] == one.text for fan, one in shown.items() if fan in sent)
    by_variant = {tally.variant for tally in ground.progress(campaign).tallies}
    assert by_variant == {"A", "B"}


def test_two_launches_at_once_count_each_other(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    capped = Audience(recipient_ids=(str(fan),), rules=Rules(active_chat_minutes=0, at_most=1))
    first, second = (ground.draft(audience=capped) for _ in range(2))
    other = ground.another_process()
    with ThreadPoolExecutor(1) as elsewhere:
        with other.as_a_whole(ground.owner):
            other.launching.launch(ground.owner, first.id, first.content_hash)
            launching = elsewhere.submit(ground.launch, second)
            until_it_waits(ground.database, launching)
        with pytest.raises(Conflict, match="Nobody would get this: 1 frequency_cap"):
            launching.result()
    assert ground.outcomes(first) == {"queued": 1}
    other.postgres.close()
