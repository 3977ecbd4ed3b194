"""The verdict: the seven judgements, and what campaigns, imports, numbers and logs must say when all is over."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import psycopg

from chaos.acts import Hands
from chaos.people import Campaigners, Importers, workspaces
from chaos.plan import Kind
from chaos.proxy import Strike
from chaos.world import World
from huntaze.campaigns.model import Campaign
from tests.support.campaigns import RECOUNT, TALLIED
from tests.support.imports import everybody, rows_of
from tests.support.judgements import Run, complaints
from tests.support.post_office import Creator
from tests.support.recount import kept, recounted

BATCH = 10  # messages that one worker may have claimed when it dies
REFERENCES = """
SELECT f.platform_id, m.id::text FROM messages AS m JOIN fans AS f ON f.id = m.fan_id WHERE m.campaign_id = %(id)s
"""
RECIPIENTS = """
SELECT f.platform_id, r.status FROM campaign_recipients AS r
JOIN fans AS f ON f.workspace_id = r.workspace_id AND f.id = r.fan_id WHERE r.campaign_id = %(id)s
"""
ENDED = frozenset({"sent", "failed", "skipped", "cancelled", "unknown"})
STALE = "SELECT topic FROM analytics_stale WHERE workspace_id = %s LIMIT 1"


def verdict(world: World, hands: Hands, campaigners: Campaigners, importers: Importers) -> list[str]:
    """Everything that is not as it must be."""
    for creator, campaign in campaigners.launched:
        for recipient, reference in world.town.run(REFERENCES, id=campaign.id):
            world.town.told.approved[creator.user_id, recipient].append(reference)
    return [
        *complaints(_seen(world, hands)),
        *(f"campaigns: {what}" for each in campaigners.launched for what in _of_campaign(world, *each)),
        *(f"imports: {what}" for what in _of_imports(world, importers)),
        *(f"numbers: {what}" for what in _of_numbers(world, hands.creators)),
        *(f"leaks: {what}" for what in world.town.leaks()),
    ]


def _seen(world: World, hands: Hands) -> Run:
    """Each kill, and each cut between a worker and what it writes to, may leave what was under way without an end."""
    town, done = world.town, hands.done
    ends = town.told.kills + hands.died_at_moments + hands.frozen + len(hands.slots) * done[Kind.KILL_POSTGRES]
    cuts = sum(world.proxies.struck(strike)["postgres"] for strike in Strike)
    blind = {
        reference
        for (account, _), references in town.told.approved.items()
        for reference in references
        if account in town.blind
    }
    return replace(
        town.seen(),
        most_lapses=ends * BATCH + cuts,
        most_late=hands.frozen * BATCH,
        cut=world.proxies.references,
        blind=blind,
    )


def _of_campaign(world: World, creator: Creator, campaign: Campaign) -> Iterator[str]:
    """Everybody got it once, or it says why not; and its numbers are those of its rows."""
    rows = world.town.run(RECIPIENTS, id=campaign.id)
    missing = len(creator.fans) - len(rows)
    if missing:
        yield f"{campaign.name} has forgotten {missing} fans"
    references = {reference for _, reference in world.town.run(REFERENCES, id=campaign.id)}
    log = world.town.platform.log(creator.user_id)
    arrived = Counter(line["recipient"] for line in log if line["clientReference"] in references)
    for recipient, status in rows:
        if arrived[recipient] != (status == "sent") and status != "unknown":
            yield f"{campaign.name} reached {recipient} {arrived[recipient]} times and calls that {status}"
        if status not in ENDED:
            yield f"{campaign.name} still has somebody who is {status}"
    counted, tallied = (world.town.run(statement, id=campaign.id) for statement in (RECOUNT, TALLIED))
    if counted != tallied:
        yield f"{campaign.name} counts {tallied}, and its rows say {counted}"


def _of_imports(world: World, importers: Importers) -> Iterator[str]:
    """Row for row as where nobody was disturbed."""
    with psycopg.connect(world.town.database.superuser) as superuser:
        for number, (troubled, begun, calm, undisturbed) in enumerate(importers.pairs):
            done = troubled.now(begun)
            if (done.planned, done.done) != (undisturbed.planned, undisturbed.done):
                yield f"{number} counts {done.done}, and undisturbed {undisturbed.done}"
            here, there = troubled.who.workspace_id, calm.who.workspace_id
            if everybody(superuser, here) != everybody(superuser, there):
                yield f"{number} leaves other fans than undisturbed"
            if rows_of(superuser, here, begun) != rows_of(superuser, there, undisturbed):
                yield f"{number} has other rows than undisturbed"


def _of_numbers(world: World, creators: list[Creator]) -> Iterator[str]:
    """The roll-ups say what a recount says, to the last row."""
    with psycopg.connect(world.town.database.superuser) as superuser:
        for workspace_id in workspaces(creators):
            until = time.monotonic() + 60
            while superuser.execute(STALE, [workspace_id]).fetchone() and time.monotonic() < until:
                world.town.parts.counting.count(workspace_id, until, rest=False)
                superuser.commit()
            found, expected = kept(superuser, workspace_id), recounted(superuser, workspace_id)
            yield from (f"{table} of {workspace_id}" for table, rows in expected.items() if found[table] != rows)
