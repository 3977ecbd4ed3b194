"""Campaigns on the real send path: to their end through kills and pauses, and from a database restored to yesterday."""

import random
import time
from collections import Counter

import pytest

from huntaze.campaigns.model import Audience, Campaign, Plan, Rules, Status, Variant
from local.servers import Postgres, Valkey
from tests.conftest import Database
from tests.support.judge import accepted_twice, windows_over
from tests.support.post_office import Creator, PostOffice
from tests.support.troubled_office import TEXT, TroubledOffice
from tests.support.worker_process import Times

RECIPIENTS, KILLS, SEED = 200, 8, 7
RECOUNT = """
SELECT status, count(*) FROM campaign_recipients WHERE campaign_id = %(id)s GROUP BY status ORDER BY status
"""
TALLIED = """
SELECT status, sum(recipients) FROM campaign_tallies WHERE campaign_id = %(id)s
GROUP BY status HAVING sum(recipients) <> 0 ORDER BY status
"""
REFERENCES = """
SELECT f.platform_id, m.id::text FROM messages AS m JOIN fans AS f ON f.id = m.fan_id WHERE m.campaign_id = %(id)s
"""


@pytest.fixture
def times() -> Times:
    return Times(lease=2.5, deadline=2, doubt=2.8, flow_margin=0.05)


def launched(office: PostOffice, creator: Creator, content: str) -> Campaign:
    """Everybody gets it."""
    audience = Audience(rules=Rules(active_chat_minutes=0))
    plan = Plan(name="Spring", variants=(Variant(content=content),), audience=audience)
    draft = office.parts.campaigns.create(creator.owner, plan)
    return office.parts.launching.launch(creator.owner, draft.id, draft.content_hash).campaign


def test_a_campaign_of_two_hundred_ends_through_kills_pauses_and_resumes(trouble: TroubledOffice) -> None:
    dice = random.Random(SEED)  # noqa: S311  (to be repeated, not to be secret)
    creator = trouble.creator(messages=10, seconds=1, fans=RECIPIENTS)
    workers = [trouble.start_worker() for _ in range(2)]
    campaign = launched(trouble, creator, f"{TEXT} {{full_name}}")
    steering, kills_at, rests = trouble.parts.steering, time.monotonic() + 1, 0
    until = time.monotonic() + 180

    def is_completed() -> bool:
        return bool(trouble.run("SELECT 1 FROM campaigns WHERE status = 'completed' AND id = %(id)s", id=campaign.id))

    while not is_completed():
        assert time.monotonic() < until, trouble.describe()
        trouble.mend()
        trouble.parts.flowing.round(time.monotonic() + 60)
        if time.monotonic() > kills_at and trouble.told.kills < KILLS:
            victim = dice.randrange(len(workers))
            workers[victim].kill()
            trouble.told.kills += 1
            workers[victim] = trouble.start_worker()
            kills_at = time.monotonic() + dice.uniform(0.3, 1.5)
            if trouble.told.kills % 3 == 0:
                steering.pause(creator.owner, campaign.id)
                rests += 1
                steering.resume(creator.owner, campaign.id)
    trouble.go_on(lambda: trouble.ended, seconds=60, serve=False)
    trouble.parts.flowing.round(time.monotonic() + 60)

    for recipient, reference in trouble.run(REFERENCES, id=campaign.id):
        trouble.told.approved[creator.user_id, recipient].append(reference)
    trouble.judge()
    arrived = trouble.platform.log(creator.user_id)
    assert Counter(line["recipient"] for line in arrived) == Counter(f"on-{fan}" for fan in creator.fans)
    assert windows_over(trouble.platform.attempts(creator.user_id), 10, 1) == []
    assert trouble.run(RECOUNT, id=campaign.id) == [("sent", RECIPIENTS)] == trouble.run(TALLIED, id=campaign.id)
    assert (trouble.told.kills, rests, trouble.dead()) == (KILLS, KILLS // 3, [])


def test_a_database_restored_to_before_the_sends_sends_nobody_anything_twice(
    office: PostOffice, postgres: Postgres, database: Database, valkey: Valkey, aws: str
) -> None:
    creator = office.creator(messages=10, seconds=1, fans=12)
    audience = Audience(rules=Rules(active_chat_minutes=0))
    plan = Plan(name="Spring", variants=(Variant(content="Hi {full_name}"),), audience=audience)
    draft = office.parts.campaigns.create(creator.owner, plan)
    with office.parts.in_workspace(creator.owner) as stores:  # launched, and nobody's message made
        stores.campaigns.launch(draft.id, creator.owner.member_id, Status.ACTIVE, office.parts.clock.now())
    office.parts.postgres.close()
    yesterday = f"{database.name}_yesterday"
    postgres.create_database(yesterday, template=database.name)

    def run_to_the_end(parts_office: PostOffice) -> None:
        parts_office.parts.flowing.round(time.monotonic() + 60)
        parts_office.work(done=lambda: parts_office.statuses(creator) == {"sent": 12}, seconds=60)

    run_to_the_end(office)
    first = {line["clientReference"] for line in office.platform.log(creator.user_id)}
    names = (postgres.app_conninfo, postgres.admin_conninfo, postgres.superuser_conninfo)
    restored = Database(yesterday, *(way(yesterday) for way in names))
    office.parts.postgres.close()
    again = PostOffice(restored, valkey, office.simulator, aws)
    run_to_the_end(again)
    sends = office.platform.log(creator.user_id)
    assert {line["clientReference"] for line in sends} == first
    assert (len(sends), accepted_twice(sends)) == (12, {})
    assert len({line["recipient"] for line in sends}) == 12
    again.close()
    postgres.drop_database(yesterday)
