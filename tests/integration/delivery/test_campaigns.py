"""Campaigns on the real send path: to their end through kills and pauses, and from a database restored to yesterday."""

import random
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from huntaze.campaigns.figures import Standing
from huntaze.campaigns.model import Audience, Campaign, Outcome, Plan, Rules, Status, Variant
from local.servers import Valkey
from tests.conftest import Database
from tests.support.databases import Databases
from tests.support.judge import accepted_twice, windows_over
from tests.support.post_office import Creator, PostOffice
from tests.support.troubled_office import TEXT, TroubledOffice
from tests.support.worker_process import Times

SEED = 7
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


def standing(office: PostOffice, creator: Creator, campaign: Campaign) -> Standing:
    """The campaign as its page shows it."""
    return office.parts.campaigns.get(creator.owner, campaign.id)


def judge(trouble: TroubledOffice, creator: Creator, campaign: Campaign) -> None:
    """It is through, everybody got it once, and all numbers are those of the platform's log."""
    for recipient, reference in trouble.run(REFERENCES, id=campaign.id):
        trouble.told.approved[creator.user_id, recipient].append(reference)
    trouble.judge()
    arrived, everybody = trouble.platform.log(creator.user_id), len(creator.fans)
    assert Counter(line["recipient"] for line in arrived) == Counter(f"on-{fan}" for fan in creator.fans)
    pace = trouble.told.paces[creator.user_id]
    assert windows_over(trouble.platform.attempts(creator.user_id), *pace) == []
    assert trouble.run(RECOUNT, id=campaign.id) == [("sent", everybody)] == trouble.run(TALLIED, id=campaign.id)
    shown = standing(trouble, creator, campaign)
    assert (shown.campaign.status, shown.waits_for) == (Status.COMPLETED, ())
    assert (shown.progress.of(Outcome.SENT), shown.progress.recipients) == (everybody, everybody)


@dataclass(frozen=True)
class Dose:
    """How much of everything one run gets."""

    recipients: int
    kills: int
    rests: int
    messages: int  # in any second
    seconds: float  # between two kills, at most


A_LITTLE, A_LOT = Dose(200, 8, 2, 10, 1.5), Dose(2_000, 20, 10, 40, 4)


@pytest.fixture
def dose(pytestconfig: pytest.Config) -> Dose:
    """2,000 recipients and 20 kills with --deep."""
    return A_LOT if pytestconfig.getoption("--deep") else A_LITTLE


def test_a_campaign_ends_through_kills_pauses_and_resumes(trouble: TroubledOffice, dose: Dose) -> None:
    dice = random.Random(SEED)  # noqa: S311  (to be repeated, not to be secret)
    creator = trouble.creator(messages=dose.messages, seconds=1, fans=dose.recipients)
    workers = [trouble.start_worker() for _ in range(2)]
    campaign = launched(trouble, creator, f"{TEXT} {{full_name}}")
    parts, kills_at, until = trouble.parts, time.monotonic() + 1, time.monotonic() + 600
    rests = resumes = 0

    while standing(trouble, creator, campaign).campaign.status is not Status.COMPLETED:
        assert time.monotonic() < until, trouble.describe()
        trouble.mend()
        parts.flowing.round(time.monotonic() + 60)
        if resumes < rests:
            parts.steering.resume(creator.owner, campaign.id)
            resumes += 1
        if time.monotonic() > kills_at and trouble.told.kills < dose.kills:
            victim = dice.randrange(len(workers))
            workers[victim].kill()
            trouble.told.kills += 1
            workers[victim] = trouble.start_worker()
            kills_at = time.monotonic() + dice.uniform(0.3, dose.seconds)
            if trouble.told.kills % (dose.kills // dose.rests) == 0:  # until the next round, which must let nothing out
                parts.steering.pause(creator.owner, campaign.id)
                rests += 1
    trouble.go_on(lambda: trouble.ended, seconds=60, serve=False)
    parts.flowing.round(time.monotonic() + 60)
    judge(trouble, creator, campaign)
    assert (trouble.told.kills, rests, resumes, trouble.dead()) == (dose.kills, dose.rests, dose.rests, [])


def test_a_login_that_expires_in_mid_campaign_makes_it_wait_and_costs_nobody_anything(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=10, seconds=1, fans=60)
    campaign = launched(trouble, creator, f"{TEXT} {{full_name}}")
    trouble.go_on(lambda: trouble.statuses(creator).get("sent", 0) >= 15)
    trouble.platform.break_down("expire-login", creator.user_id)
    trouble.go_on(lambda: standing(trouble, creator, campaign).waits_for != ())
    trouble.go_on(lambda: trouble.statuses(creator).get("sending", 0) == 0)

    def so_far() -> tuple[object, ...]:
        shown = standing(trouble, creator, campaign)
        why = [(lane.account_id, lane.state.value) for lane in shown.waits_for]
        return shown.campaign.status, shown.finishes_at, why, shown.progress.of(Outcome.SENT), shown.progress.waiting

    held, seen = so_far(), len(trouble.platform.attempts(creator.user_id))
    sent = trouble.statuses(creator)["sent"]
    assert held == (Status.ACTIVE, None, [(creator.account_id, "expired")], sent, 60 - sent)
    for _ in range(3):  # schedules and permits come and go
        trouble.mend()
        trouble.parts.flowing.round(time.monotonic() + 60)
        trouble.work(seconds=1)
    assert (so_far(), len(trouble.platform.attempts(creator.user_id))) == (held, seen)

    trouble.platform.renew_login(creator.user_id)
    trouble.run("UPDATE platform_connections SET status = 'active' WHERE id = %(id)s", id=creator.account_id)
    trouble.parts.relay.wake(creator.workspace_id, creator.account_id)
    trouble.go_on(lambda: trouble.ended)
    trouble.parts.flowing.round(time.monotonic() + 60)
    judge(trouble, creator, campaign)


def test_a_database_restored_to_before_the_sends_sends_nobody_anything_twice(
    office: PostOffice, databases: Databases, database: Database, valkey: Valkey, aws: str
) -> None:
    creator = office.creator(messages=10, seconds=1, fans=12)
    audience = Audience(rules=Rules(active_chat_minutes=0))
    plan = Plan(name="Spring", variants=(Variant(content="Hi {full_name}"),), audience=audience)
    draft = office.parts.campaigns.create(creator.owner, plan)
    with office.parts.in_workspace(creator.owner) as stores:  # launched, and nobody's message made
        stores.campaigns.launch(draft.id, creator.owner.member_id, Status.ACTIVE, office.parts.clock.now())
    office.parts.postgres.close()

    def run_to_the_end(parts_office: PostOffice) -> None:
        parts_office.parts.flowing.round(time.monotonic() + 60)
        parts_office.work(done=lambda: parts_office.statuses(creator) == {"sent": 12}, seconds=60)

    with databases.copied(database) as yesterday:
        run_to_the_end(office)
        first = {line["clientReference"] for line in office.platform.log(creator.user_id)}
        office.parts.postgres.close()
        again = PostOffice(yesterday, valkey, office.simulator, aws)
        run_to_the_end(again)
        again.close()
    sends = office.platform.log(creator.user_id)
    assert {line["clientReference"] for line in sends} == first
    assert (len(sends), accepted_twice(sends)) == (12, {})
    assert len({line["recipient"] for line in sends}) == 12
