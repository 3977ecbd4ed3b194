"""Bugs planted in campaigns, imports, numbers and approvals: each is caught, and nothing is where none is planted."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from chaos.planted import planted
from huntaze import wiring
from huntaze.campaigns.filling import Filling
from huntaze.errors import Stale
from huntaze.imports import committing, planning
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Words
from tests.conftest import Database
from tests.support.campaigns import ground_in
from tests.support.creators import Creator
from tests.support.imports import OVERWRITE, Importing, csv, everybody, rows_of
from tests.support.workspaces import MAX, ZOE

Connection = psycopg.Connection[Any]

FANS, CHUNK = 40, 7
TALLY = "campaign_recipients_2_tally_update"
SOUND_AND = pytest.mark.parametrize("is_planted", [False, True], ids=["sound", "planted"])


def bug(name: str, *, is_planted: bool) -> AbstractContextManager[None]:
    """It, or nothing."""
    return planted(name) if is_planted else nullcontext()


class Killed(Exception):
    """The process is gone."""


@SOUND_AND
def test_a_chunk_of_a_campaign_without_its_place_leaves_fans_out(database: Database, is_planted: bool) -> None:  # noqa: FBT001
    with ground_in(database) as ground, bug("campaign_chunk_without_its_place", is_planted=is_planted):
        ground.connect()
        ground.more_fans(FANS)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("huntaze.campaigns.launching.CHUNK", CHUNK)
            campaign = ground.launched()
        filling = Filling(ground.parts.in_workspace_as_machine, CHUNK)
        filling.fill(ground.workspace_id, campaign.id, time.monotonic() + 1)
        assert (sum(ground.outcomes(campaign).values()) == FANS) is not is_planted


@SOUND_AND
def test_tallies_that_are_not_kept_are_no_recount(database: Database, is_planted: bool) -> None:  # noqa: FBT001
    with ground_in(database) as ground:
        if is_planted:
            ground.run(f"ALTER TABLE campaign_recipients DISABLE TRIGGER {TALLY}")
        ground.connect()
        ground.more_fans(FANS)
        campaign = ground.launched()
        ground.sends(5)
        with pytest.raises(AssertionError) if is_planted else nullcontext():
            ground.must_add_up(campaign)


@SOUND_AND
def test_a_chunk_of_an_import_without_its_place_is_done_twice(
    parts: wiring.Wiring,
    owner: Principal,
    superuser: Connection,
    monkeypatch: pytest.MonkeyPatch,
    is_planted: bool,  # noqa: FBT001
) -> None:
    for module in (planning, committing):
        monkeypatch.setattr(module, "CHUNK_ROWS", CHUNK)
    machine, life = parts.in_workspace_as_machine, [1_000]

    @contextmanager
    def mortal(workspace_id: UUID) -> Iterator[Any]:
        if not life[0]:
            raise Killed
        life[0] -= 1
        with machine(workspace_id) as stores:
            yield stores

    monkeypatch.setattr(parts, "in_workspace_as_machine", mortal)
    text = csv("Username,Email", *(f"fan{number},fan{number}@e.example" for number in range(FANS)))
    calm = Importing(parts, Principal(f"owner of {MAX.id}", MAX.id, MAX.of("owner"), Role.OWNER))
    undisturbed = calm.committed(text, **OVERWRITE)
    troubled = Importing(parts, owner)
    with bug("import_chunk_without_its_place", is_planted=is_planted):
        begun = troubled.planned(text, **OVERWRITE)
        assert begun.plan_hash is not None
        parts.imports.commit(owner, begun.id, begun.plan_hash)
        [ticket], troubled.tickets.waiting[:] = troubled.tickets.waiting, []
        for life[0] in (3, 4, 5, 1_000):
            try:
                parts.import_worker.receive(ticket.body(), lambda: 10_000)
            except Killed:
                continue
    done = troubled.now(begun)
    here, there = (ZOE.id, begun), (MAX.id, undisturbed)
    same = (
        done.done == undisturbed.done
        and rows_of(superuser, *here) == rows_of(superuser, *there)
        and everybody(superuser, ZOE.id) == everybody(superuser, MAX.id)
    )
    assert same is not is_planted


@SOUND_AND
def test_sums_that_are_added_up_are_no_recount(database: Database, superuser: Connection, is_planted: bool) -> None:  # noqa: FBT001
    parts = wiring.Wiring({"DATABASE_URL": database.app, "ERASURE_KEY": "a key for tests"})
    creator, at = Creator(superuser, parts), datetime(2025, 10, 24, 12, tzinfo=UTC)
    [fan] = creator.fans(1)
    with bug("sums_added_up", is_planted=is_planted):
        for cents in (500, 700):  # of one day, which is counted after each
            creator.pays(fan, cents, at)
            creator.counts()
    with pytest.raises(AssertionError) if is_planted else nullcontext():
        creator.must_be_true()
    parts.postgres.close()


@SOUND_AND
def test_an_approval_names_what_was_seen(database: Database, is_planted: bool) -> None:  # noqa: FBT001
    with ground_in(database) as ground, bug("approval_not_compared", is_planted=is_planted):
        ground.connect()
        [fan] = ground.more_fans(1)
        parts = ground.parts
        conversation_id = parts.conversations.open(ground.owner, fan).conversation.id
        seen = parts.drafts.write(ground.owner, conversation_id, Words(text="What was seen"))
        parts.drafts.change(ground.owner, seen.id, {"text": "What was put there since"})
        with nullcontext() if is_planted else pytest.raises(Stale):
            parts.drafts.approve(ground.owner, seen.id, content_hash=seen.content_hash)
        left = ground.run("SELECT count(*) FROM messages WHERE workspace_id = %s", ground.workspace_id)
        assert left == [(int(is_planted),)], "what nobody approved has left, and only where the bug is planted"
