"""A campaign on the deployed stack: to its end, whoever of those that carry it is killed, and it rests and goes on."""

import random
import time
from collections import Counter
from collections.abc import Callable

import psutil
import pytest

from huntaze.campaigns.model import Audience, Plan, Rules, Status, Variant
from tests.support.campaigns import RECOUNT, TALLIED
from tests.support.deployed import Deployed
from tests.support.deployed_creators import DeployedCreators
from tests.support.judge import accepted_twice, windows_over
from tests.support.simulator import wait_for

RECIPIENTS, KILLS, RESTS, SEED = 2_000, 20, 5, 7
MESSAGES, SECONDS = 50, 1
CARRIERS = ("flow", "relay", "rate-limiter")
LEFT = "SELECT 1 FROM campaign_recipients WHERE campaign_id = %(id)s AND status <> 'sent' LIMIT 1"


def kill_a_carrier(deployed: Deployed, dice: random.Random) -> bool:
    """End a process of a function that carries campaigns, in the middle of whatever it does; whether there was one."""
    homes = [f"ministack-lambda-local-huntaze-{name}-" for name in CARRIERS]
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if str(deployed.folder) in words and any(home in words for home in homes):
            found.append(process)
    if found:
        dice.choice(sorted(found, key=lambda process: process.pid)).kill()
    return bool(found)


def keep_killing(deployed: Deployed, pause: Callable[[], object], resume: Callable[[], object]) -> tuple[int, int]:
    """So many kills, and a rest now and then; how many of both there were."""
    dice = random.Random(SEED)  # noqa: S311  (to be repeated, not to be secret)
    kills = rests = 0
    while kills < KILLS:
        time.sleep(dice.uniform(2, 8))
        kills += kill_a_carrier(deployed, dice)
        if kills // (KILLS // RESTS) > rests:
            pause()
            rests += 1
            time.sleep(dice.uniform(1, 4))
            resume()
    return kills, rests


def test_a_campaign_of_two_thousand_ends_whoever_is_killed(
    deployed: Deployed, creators: DeployedCreators, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("--deep"):
        pytest.skip("It takes ten minutes: with --deep")
    creator, parts = creators.creator(messages=MESSAGES, seconds=SECONDS, fans=RECIPIENTS), creators.parts
    audience = Audience(rules=Rules(active_chat_minutes=0))
    plan = Plan(name="Spring", variants=(Variant(content="Hi {full_name|you}!"),), audience=audience)
    draft = parts.campaigns.create(creator.owner, plan)
    parts.launching.launch(creator.owner, draft.id, draft.content_hash)

    happened = keep_killing(
        deployed,
        lambda: parts.steering.pause(creator.owner, draft.id),
        lambda: parts.steering.resume(creator.owner, draft.id),
    )
    assert happened == (KILLS, RESTS)
    wait_for(lambda: not creators.run(LEFT, id=draft.id), seconds=900)
    wait_for(lambda: parts.campaigns.get(creator.owner, draft.id).campaign.status is Status.COMPLETED, seconds=180)

    arrived = creators.platform.log(creator.user_id)
    assert Counter(line["recipient"] for line in arrived) == Counter(f"on-{fan}" for fan in creator.fans)
    assert accepted_twice(arrived) == {}
    assert windows_over(creators.platform.attempts(creator.user_id), MESSAGES, SECONDS) == []
    counted = creators.run(RECOUNT, id=draft.id)
    assert [(status, count) for _, status, _, count, *_ in counted] == [("sent", RECIPIENTS)]
    assert creators.run(TALLIED, id=draft.id) == counted
